import * as React from 'react';
import { IDetailProps } from './detailprops';

/** A node within a text. */
const NODE = /\b((?:artifact|execution)\/\d+)\b/;

/** What has changed since it was made, and the newer one. */
export function Staleness(props: IDetailProps): JSX.Element | null {
  const { model, detail, trans } = props;
  const { stale, newer } = detail;
  if (stale.length === 0 && newer === null) {
    return null;
  }
  return (
    <div className="claimed-Lineage-stale" role="note">
      {stale.length > 0 && (
        <>
          <strong>{trans.__('Stale')}</strong>
          <ul>
            {stale.map(({ kind, name, text }) => (
              <li key={`${kind}/${name}`}>
                <Linked text={text} model={model} />
              </li>
            ))}
          </ul>
        </>
      )}
      {newer !== null && (
        <p>
          {trans.__('There is a newer version:')}{' '}
          <Linked text={newer} model={model} />
        </p>
      )}
    </div>
  );
}

/** A text in which one can go to the nodes that it names. */
function Linked(props: {
  text: string;
  model: IDetailProps['model'];
}): JSX.Element {
  const { text, model } = props;
  const parts = text.split(NODE);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 0 ? (
          part
        ) : (
          <button
            key={index}
            className="claimed-Link"
            onClick={() => void model.select(part)}
          >
            {part}
          </button>
        )
      )}
    </>
  );
}
