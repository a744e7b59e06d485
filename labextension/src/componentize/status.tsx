import { TranslationBundle } from '@jupyterlab/translation';
import { undoIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { ComponentizeModel } from './model';

/** What was done to the notebook by the last fix, and the way back. */
export function FixStatus(props: {
  model: ComponentizeModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, trans } = props;
  const { applied, refusal } = model;
  const undo = React.useRef<HTMLButtonElement>(null);
  React.useEffect(() => takeFocus(undo.current), [applied]);
  return (
    <div className="claimed-FixStatus" role="status" aria-live="polite">
      {refusal && <span>{refusal}</span>}
      {applied && (
        <>
          <span>{trans.__('Done: %1', applied.label)}</span>
          <button
            ref={undo}
            className="jp-Button jp-mod-styled"
            onClick={event => {
              panelOf(event.currentTarget)?.focus(); // this button goes away
              void model.undoFix();
            }}
          >
            <undoIcon.react tag="span" />
            {trans.__('Undo')}
          </button>
        </>
      )}
    </div>
  );
}

/** The button that was pressed went away with what it fixed. */
function takeFocus(undo: HTMLElement | null): void {
  const { activeElement } = document;
  if (
    activeElement === document.body ||
    panelOf(undo)?.contains(activeElement)
  ) {
    undo?.focus();
  }
}

function panelOf(element: Element | null): HTMLElement | null {
  return element?.closest<HTMLElement>('.claimed-Componentize') ?? null;
}
