import { closeIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { SettledText } from './settled';

/** The first line of a thing with a name: its name, something more, and the way to be rid of it. */
export function RowHead(props: {
  name: string;
  /** For screen readers: what the name is of. */
  label: string;
  removeLabel: string;
  readOnly: boolean;
  onRename: (to: string) => void;
  onRemove: () => void;
  children: React.ReactNode;
}): JSX.Element {
  const { name, label, removeLabel, readOnly, onRename, onRemove } = props;
  return (
    <div className="claimed-Parameter-head">
      <SettledText
        value={name}
        label={label}
        lazy
        readOnly={readOnly}
        onTaken={to => onRename(to.trim())}
      />
      {props.children}
      <button
        type="button"
        className="jp-Button jp-mod-minimal"
        title={removeLabel}
        aria-label={removeLabel}
        disabled={readOnly}
        onClick={onRemove}
      >
        <closeIcon.react tag="span" width="14px" />
      </button>
    </div>
  );
}
