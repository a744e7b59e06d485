import { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { LogModel } from '../runs/log';
import { TerminalText } from './ansi';

/** How far from the end a reader still counts as following it, in pixels. */
const NEAR = 24;

/** A log that stays at its end while the reader is there. */
export function Log(props: {
  model: LogModel;
  trans: TranslationBundle;
}): JSX.Element {
  return (
    <UseSignal signal={props.model.changed}>
      {() => <Text {...props} />}
    </UseSignal>
  );
}

function Text(props: {
  model: LogModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, trans } = props;
  if (model.error) {
    return <p className="claimed-quiet">{model.error}</p>;
  }
  if (!model.text) {
    return <p className="claimed-quiet">{trans.__('Nothing was written.')}</p>;
  }
  return (
    <>
      {model.truncated && (
        <p className="claimed-quiet">
          {trans.__('Only the end of a long log is shown.')}
        </p>
      )}
      <LogBox text={model.text} label={trans.__('Log')} />
    </>
  );
}

function LogBox(props: { text: string; label: string }): JSX.Element {
  const box = React.useRef<HTMLDivElement>(null);
  const follows = React.useRef(true);
  const toEnd = React.useCallback(() => {
    if (follows.current && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, []);
  return (
    <div
      ref={box}
      className="claimed-Log"
      tabIndex={0}
      role="log"
      aria-label={props.label}
      onScroll={event => {
        const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
        follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
      }}
    >
      <TerminalText text={props.text} onDrawn={toEnd} />
    </div>
  );
}
