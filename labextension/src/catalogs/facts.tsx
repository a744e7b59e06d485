import * as React from 'react';

/** Names and what they stand for, in two columns; what is empty is left out. */
export function Facts(props: { facts: [string, string][] }): JSX.Element {
  return (
    <dl className="claimed-Facts">
      {props.facts
        .filter(([, fact]) => fact)
        .map(([name, fact]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{fact}</dd>
          </div>
        ))}
    </dl>
  );
}
