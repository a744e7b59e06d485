import * as React from 'react';
import { ILineageNode } from '../api/lineage';
import { Cell, HeadCell } from './cells';
import { tracksOf } from './columns';
import { openMenu } from './menu';
import { nodeEntries } from './nodemenu';
import { IShellProps } from './props';
import { useSignal } from './signals';
import { TableBar } from './tablebar';
import { TableModel } from './tablemodel';
import { rowsInView, scrolledTo } from './windowing';

/** The height of a row in pixels; the style has the same. */
const ROW = 28;

/** The width of the column with the ticks. */
const TICK = 32;

/** From how near to the end on the next page is loaded, in rows. */
const NEAR = 40;

export interface ITableProps extends IShellProps {
  table: TableModel;
}

/** The table: the same nodes as in the graph, and the same can be done to them. */
export function LineageTable(props: ITableProps): JSX.Element {
  const { table } = props;
  useSignal(table.changed);
  return (
    <>
      <TableBar {...props} />
      {table.rows.length > 0 && <Grid {...props} />}
    </>
  );
}

function Grid(props: ITableProps): JSX.Element {
  const { table, trans } = props;
  const { rows } = table;
  const { body, view, look } = useView(props);
  useScrolling(body, table);
  const { first, end } = rowsInView(view.top, view.height, ROW, rows.length);
  const style = styleOf(table);
  return (
    <div
      ref={body}
      className="claimed-Lineage-grid"
      role="grid"
      tabIndex={0}
      aria-label={trans.__('Nodes of the lineage')}
      aria-rowcount={rows.length + 1}
      aria-colcount={table.columns.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={rowId(table.active)}
      onScroll={look}
      onKeyDown={event => onKey(event, props, body.current!)}
    >
      <Head {...props} style={style} />
      <div style={{ height: rows.length * ROW }} role="presentation">
        {rows.slice(first, end).map((node, index) => (
          <Row
            key={node.id}
            {...props}
            node={node}
            index={first + index}
            style={{ ...style, top: (first + index + 1) * ROW }}
          />
        ))}
      </div>
    </div>
  );
}

/** The tracks of a row. */
function styleOf({ columns }: TableModel): React.CSSProperties {
  const { tracks, least } = tracksOf(columns);
  const gridTemplateColumns = `${TICK}px ${tracks}`;
  return { gridTemplateColumns, minWidth: least + TICK };
}

/** The part of the grid that is in view; the next page is loaded near the end. */
function useView(props: ITableProps) {
  const body = React.useRef<HTMLDivElement>(null);
  const [view, setView] = React.useState({ top: 0, height: 600 });
  const look = () => {
    const { scrollTop: top, clientHeight: height } = body.current!;
    setView({ top, height });
    loadMore(props, top + height);
  };
  const latest = React.useRef(look);
  latest.current = look;
  React.useEffect(() => {
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(body.current!);
    return () => observer.disconnect();
  }, []);
  return { body, view, look };
}

function Head(
  props: ITableProps & { style: React.CSSProperties }
): JSX.Element {
  const { table, style, trans } = props;
  const { rows, ticked } = table;
  const all = trans.__('Select all rows');
  return (
    <div
      className="claimed-Lineage-head"
      role="row"
      aria-rowindex={1}
      style={style}
    >
      <span role="columnheader">
        <input
          type="checkbox"
          tabIndex={-1}
          title={all}
          aria-label={all}
          checked={ticked.size > 0 && rows.every(({ id }) => ticked.has(id))}
          onChange={event => table.tickAll(event.target.checked)}
        />
      </span>
      {table.columns.map((column, index) => (
        <HeadCell
          key={column.key}
          {...props}
          column={column}
          isStop={index === 0}
        />
      ))}
    </div>
  );
}

interface IRowProps extends ITableProps {
  node: ILineageNode;
  index: number;
  style: React.CSSProperties;
}

function Row(props: IRowProps): JSX.Element {
  const { model, table, node, index, style, trans } = props;
  const isTicked = table.ticked.has(node.id);
  const isShown = model.place.selected === node.id;
  return (
    <div
      id={rowId(index)}
      className="claimed-Lineage-row"
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isTicked || isShown}
      data-node={node.id}
      data-shown={isShown || undefined}
      data-active={index === table.active || undefined}
      style={style}
      onClick={event => onClick(event, props)}
      onDoubleClick={() => void model.focus(node.id)}
      onContextMenu={event => onMenu(event, props)}
    >
      <span role="gridcell">
        <input
          type="checkbox"
          tabIndex={-1}
          checked={isTicked}
          aria-label={trans.__('Select “%1”', node.name)}
          onClick={event => event.stopPropagation()}
          onChange={() => table.tick(node.id)}
        />
      </span>
      {table.columns.map(column => (
        <Cell key={column.key} column={column} node={node} trans={trans} />
      ))}
    </div>
  );
}

function onClick(event: React.MouseEvent, props: IRowProps): void {
  const { model, table, node, index } = props;
  table.moveTo(index, event.shiftKey);
  if (event.ctrlKey || event.metaKey) {
    table.tick(node.id);
  } else if (!event.shiftKey) {
    void model.select(node.id);
  }
}

function onMenu(event: React.MouseEvent, props: IRowProps): void {
  const { table, node, index } = props;
  event.preventDefault();
  event.stopPropagation();
  table.moveTo(index);
  openMenu(nodeEntries(props, node), event.clientX, event.clientY);
}

function rowId(index: number): string {
  return `claimed-lineage-row-${index}`;
}

/** Keys of the grid; what they do stands in the user's page. */
function onKey(
  event: React.KeyboardEvent,
  props: ITableProps,
  body: HTMLElement
): void {
  const { model, table } = props;
  const node = table.rows[table.active];
  const page = Math.max(1, Math.floor(body.clientHeight / ROW) - 2);
  const steps: { [key: string]: number } = {
    ArrowDown: table.active + 1,
    ArrowUp: table.active - 1,
    PageDown: table.active + page,
    PageUp: table.active - page,
    Home: 0,
    End: table.rows.length - 1
  };
  if (event.target !== body || event.altKey || !node) {
    return;
  }
  const { key, shiftKey } = event;
  const isAll = key === 'a' && (event.ctrlKey || event.metaKey);
  if (key in steps) {
    table.moveTo(steps[key], shiftKey);
    void model.select(table.rows[table.active].id);
  } else if (key === 'Enter') {
    void model.focus(node.id);
  } else if (key === ' ') {
    table.tick(node.id);
  } else if (isAll) {
    table.tickAll(true);
  } else if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) {
    const row = document.getElementById(rowId(table.active));
    const { left, bottom } = (row ?? body).getBoundingClientRect();
    openMenu(nodeEntries(props, node), left + 40, bottom);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Loads the next page when one comes near the end. */
function loadMore({ model, table }: ITableProps, bottom: number): void {
  const { results } = model;
  const isNear = bottom > (table.rows.length - NEAR) * ROW;
  if (table.scope === 'found' && results.hasMore && isNear) {
    void results.more();
  }
}

/** Keeps in view what belongs there. */
function useScrolling(
  body: React.RefObject<HTMLElement>,
  table: TableModel
): void {
  useActiveInView(body, table.active);
  useTop(body, table.order);
}

/** Keeps the row that the keyboard is at in view. */
function useActiveInView(
  body: React.RefObject<HTMLElement>,
  active: number
): void {
  React.useEffect(() => {
    const grid = body.current;
    if (grid && document.activeElement === grid) {
      // The head stays where it is, above the rows.
      const height = grid.clientHeight - ROW;
      grid.scrollTop = scrolledTo(active, grid.scrollTop, height, ROW);
    }
  }, [body, active]);
}

/** Goes to the first row when the rows have another order. */
function useTop(body: React.RefObject<HTMLElement>, order: unknown): void {
  React.useEffect(() => {
    body.current!.scrollTop = 0;
  }, [body, order]);
}
