import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** What the shapes and colours of the ports stand for. */
export function Legend(props: {
  types: string[];
  trans: TranslationBundle;
}): JSX.Element | null {
  if (props.types.length === 0) {
    return null;
  }
  return (
    <ul
      className="claimed-Legend"
      aria-label={props.trans.__('Types of artifacts')}
    >
      {props.types.map(type => (
        <li key={type}>
          <span className="claimed-Shape" data-type={type} />
          {type}
        </li>
      ))}
    </ul>
  );
}
