import * as React from 'react';
import { IDetailProps } from './detailprops';

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
              <li key={`${kind}/${name}`}>{text}</li>
            ))}
          </ul>
        </>
      )}
      {newer !== null && (
        <p>
          {trans.__('There is a newer version:')}{' '}
          <button
            className="claimed-Link"
            onClick={() => void model.select(newer)}
          >
            {newer}
          </button>
        </p>
      )}
    </div>
  );
}
