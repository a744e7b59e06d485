import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { ILineageNode } from '../api/lineage';
import { StateBadge } from '../runs/badge';
import { IColumn } from './columns';
import { TableModel } from './tablemodel';
import {
  agoText,
  runState,
  shortDigest,
  shortRun,
  shortType,
  stateWord,
  timeText
} from './words';

/** The head of a column: a click sorts by it. */
export function HeadCell(props: {
  table: TableModel;
  column: IColumn;
  /** Whether Tab stops here; the arrows lead to the others. */
  isStop: boolean;
  trans: TranslationBundle;
}): JSX.Element {
  const { table, column, isStop, trans } = props;
  const { order } = table;
  const sort =
    order?.key !== column.key
      ? undefined
      : order.descending
        ? 'descending'
        : 'ascending';
  return (
    <span role="columnheader" aria-sort={sort ?? 'none'}>
      <button
        tabIndex={isStop ? 0 : -1}
        title={trans.__('Sort by %1', column.label)}
        onClick={() => table.sortBy(column.key)}
        onKeyDown={onHeadKey}
      >
        {column.label}
        <span aria-hidden="true">
          {sort === undefined ? '' : sort === 'descending' ? ' ↓' : ' ↑'}
        </span>
      </button>
    </span>
  );
}

/** Arrows go from head to head. */
function onHeadKey(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const head = event.currentTarget;
  const heads = [...head.closest('[role=row]')!.querySelectorAll('button')];
  if (step && !event.altKey) {
    event.preventDefault();
    heads[heads.findIndex(one => one === head) + step]?.focus();
  }
}

/** What a row says in a column; what is cut off is told by its tooltip. */
export function Cell(props: {
  column: IColumn;
  node: ILineageNode;
  trans: TranslationBundle;
}): JSX.Element {
  const { column, node } = props;
  const value = column.value(node);
  const title = column.key === 'created' ? timeText(node.created) : `${value}`;
  return (
    <span
      role="gridcell"
      className="claimed-Lineage-cell"
      data-column={column.key}
      title={value === null || value === '' ? undefined : title}
    >
      <Content {...props} />
    </span>
  );
}

function Content(props: {
  column: IColumn;
  node: ILineageNode;
  trans: TranslationBundle;
}): JSX.Element {
  const { column, node, trans } = props;
  switch (column.key) {
    case 'name':
      return (
        <>
          <NodeShape node={node} />
          {node.name}
        </>
      );
    case 'state':
      return <NodeState state={node.state} trans={trans} />;
    case 'created':
      return <>{agoText(node.created)}</>;
    case 'run':
      return <>{node.run && shortRun(node.run)}</>;
    case 'digest':
      return <>{node.digest && shortDigest(node.digest)}</>;
    case 'tags':
      return (
        <>
          {node.tags.map(tag => (
            <span key={tag} className="claimed-Chip">
              {tag}
            </span>
          ))}
        </>
      );
    default:
      return <>{column.value(node)}</>;
  }
}

/** The shape and the colour of what a node is. */
export function NodeShape({ node }: { node: ILineageNode }): JSX.Element {
  return (
    <span
      className="claimed-Shape"
      data-type={node.kind === 'artifact' ? shortType(node.type) : node.kind}
      aria-hidden="true"
    />
  );
}

/** A state: of an execution as everywhere, of an artifact in a word. */
export function NodeState(props: {
  state: string | null;
  trans: TranslationBundle;
}): JSX.Element {
  const { state, trans } = props;
  const known = runState(state);
  return known ? (
    <StateBadge state={known} seconds={null} trans={trans} />
  ) : (
    <>{stateWord(state, trans)}</>
  );
}
