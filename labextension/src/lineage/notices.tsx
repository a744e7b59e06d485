import * as React from 'react';
import { IShellProps } from './props';
import { useSignal } from './signals';

/** Lines above what is shown: what is waited for, what stands out, what is missing. */
export function Notices(props: IShellProps): JSX.Element {
  const { model } = props;
  useSignal(model.changed);
  useSignal(model.part.changed);
  const isGraph = model.place.view === 'graph';
  return (
    <>
      {model.pending && <Pending {...props} />}
      {model.place.path !== null && <UsedFile {...props} />}
      {isGraph && model.place.from !== null && <Ways {...props} />}
      {isGraph && model.part.missing > 0 && <Missing {...props} />}
      {model.problem && (
        <p className="claimed-Lineage-notice" data-level="error" role="alert">
          {model.problem}
        </p>
      )}
    </>
  );
}

function Notice(props: {
  text: string;
  children?: React.ReactNode;
}): JSX.Element {
  return (
    <div className="claimed-Lineage-notice" role="status">
      <span>{props.text}</span>
      {props.children}
    </div>
  );
}

function NoticeButton(props: {
  label: string;
  onClick: () => void;
}): JSX.Element {
  return (
    <button className="claimed-Link" onClick={props.onClick}>
      {props.label}
    </button>
  );
}

function Pending({ model, trans }: IShellProps): JSX.Element {
  const { what, node } = model.pending!;
  const text =
    what === 'path'
      ? trans.__('Path from “%1”: select where it ends.', node.name)
      : trans.__('Compare “%1”: select what with.', node.name);
  return (
    <Notice text={text}>
      <NoticeButton
        label={trans.__('Cancel')}
        onClick={() => model.await(null)}
      />
    </Notice>
  );
}

function UsedFile({ model, trans }: IShellProps): JSX.Element {
  const none = { path: null, query: '', focus: null };
  return (
    <Notice text={trans.__('Where “%1” was used', model.place.path!)}>
      <NoticeButton
        label={trans.__('Show everything')}
        onClick={() => void model.go(none)}
      />
    </Notice>
  );
}

function Ways({ model, trans }: IShellProps): JSX.Element {
  const { from, to } = model.place;
  const [first, second] = [from!, to!].map(id => model.nameOf(id));
  const count = model.graph.path.length;
  const text = model.part.hasNoWay
    ? trans.__('No path leads from “%1” to “%2”.', first, second)
    : trans.__(
        'All paths between “%1” and “%2”: %3 nodes.',
        first,
        second,
        count
      );
  return (
    <Notice text={text}>
      <NoticeButton
        label={trans.__('Clear the path')}
        onClick={() => void model.go({ from: null, to: null })}
      />
    </Notice>
  );
}

function Missing({ model, trans }: IShellProps): JSX.Element {
  const shown = model.graph.counts().nodes.toLocaleString();
  const missing = model.part.missing.toLocaleString();
  return (
    <Notice text={trans.__('Nodes shown: %1; not shown: %2.', shown, missing)}>
      <NoticeButton
        label={trans.__('Show more')}
        onClick={() => void model.showMore()}
      />
    </Notice>
  );
}
