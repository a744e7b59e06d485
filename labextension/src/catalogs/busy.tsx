import * as React from 'react';

/** Says that something is being done, with the sign of a running task. */
export function Busy({ label }: { label: string }): JSX.Element {
  return (
    <span className="claimed-State" data-state="RUNNING">
      <span className="claimed-State-sign" aria-hidden="true" />
      <span>{label}</span>
    </span>
  );
}
