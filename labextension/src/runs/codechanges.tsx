import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { CodeChange } from '../api/schema';

/** What changed in the code of one thing, cell by cell. */
export function CodeChanges(props: {
  title?: string;
  problem?: string | null;
  changes: readonly CodeChange[];
  trans: TranslationBundle;
}): JSX.Element {
  const { title, problem, changes, trans } = props;
  const kinds = {
    added: trans.__('added'),
    removed: trans.__('removed'),
    changed: trans.__('changed')
  };
  return (
    <section className="claimed-CodeChanges" aria-label={title}>
      {title && <h4>{title}</h4>}
      {problem && <p className="claimed-quiet">{problem}</p>}
      {changes.map((change, at) => (
        <figure key={at}>
          <figcaption>
            {change.where} <em>{kinds[change.kind]}</em>
          </figcaption>
          <pre>
            {change.text.split('\n').map((line, row) => (
              <Line key={row} text={line} kind={change.kind} />
            ))}
          </pre>
        </figure>
      ))}
    </section>
  );
}

/** A line; of a cell that is new or gone, every line is. */
function Line(props: { text: string; kind: CodeChange['kind'] }): JSX.Element {
  const { text, kind } = props;
  const whole = { added: '+', removed: '-', changed: '' }[kind];
  const sign = whole || text[0];
  const how = { '+': 'added', '-': 'removed', '@': 'place' }[sign];
  return <span data-line={how}>{`${whole}${text}\n`}</span>;
}
