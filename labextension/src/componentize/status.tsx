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
            onClick={() => void model.undoFix()}
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
  const panel = undo?.closest('.claimed-Componentize');
  if (activeElement === document.body || panel?.contains(activeElement)) {
    undo?.focus();
  }
}
