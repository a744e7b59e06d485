import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** What a list says where it has nothing to show: what is missing, or that it is coming. */
export function Hint(props: {
  text: string;
  busy?: boolean;
  alert?: boolean;
  children?: React.ReactNode;
}): JSX.Element {
  return (
    <div
      className="claimed-Hint"
      role={props.alert ? 'alert' : 'status'}
      aria-busy={props.busy}
    >
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}

/** Why a list could not be read, and the button that tries again. */
export function RetryHint(props: {
  text: string;
  retry: () => unknown;
  trans: TranslationBundle;
}): JSX.Element {
  return (
    <Hint text={props.text} alert>
      <button
        className="jp-Button jp-mod-styled jp-mod-accept"
        onClick={() => void props.retry()}
      >
        {props.trans.__('Try again')}
      </button>
    </Hint>
  );
}
