import { caretDownIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { ILineageNode } from '../api/lineage';
import { sheetOf } from './columns';
import { BEGINNINGS } from './drawn';
import { foundSubject, graphSubject, selectedFirst } from './export/subject';
import { openMenuBelow } from './menu';
import { MOST } from './results';
import type { ITableProps } from './table';
import { Scope } from './tablemodel';

/** How many nodes are compared at once; the server takes no more. */
const COLUMNS = 8;

/** What stands above the table: how much it holds, and what can be done with all of it. */
export function TableBar(props: ITableProps): JSX.Element {
  const { model, table, actions, trans } = props;
  const save = () =>
    actions.saveTable(sheetOf(savedRows(props), table.columns));
  return (
    <div className="claimed-Lineage-bar">
      {model.place.focus !== null && <ScopeChoice {...props} />}
      <span className="claimed-quiet" role="status">
        {countText(props)}
      </span>
      <Several {...props} />
      <span className="claimed-Lineage-space" />
      <ColumnsButton {...props} />
      <button
        className="jp-Button jp-mod-styled"
        disabled={table.rows.length === 0}
        title={trans.__('Save the rows as a file for a spreadsheet')}
        onClick={save}
      >
        {trans.__('CSV')}
      </button>
      <ExportButton {...props} />
    </div>
  );
}

function ExportButton(props: ITableProps): JSX.Element {
  const { model, table, actions, trans } = props;
  const subject =
    table.scope === 'found'
      ? foundSubject(model, trans)
      : graphSubject(model, trans);
  return (
    <button
      className="jp-Button jp-mod-styled"
      disabled={subject === null}
      title={trans.__('As OpenLineage, W3C PROV or a Workflow Run RO-Crate')}
      onClick={() =>
        subject &&
        void actions.exportLineage(
          selectedFirst(subject, table.tickedNodes, trans)
        )
      }
    >
      {trans.__('Export lineage…')}
    </button>
  );
}

/** The ticked rows, or all when none is. */
function savedRows({ table }: ITableProps) {
  const ticked = table.tickedNodes;
  return ticked.length ? ticked : table.rows;
}

function ScopeChoice({ table, trans }: ITableProps): JSX.Element {
  const label = trans.__('Which rows');
  return (
    <select
      className="jp-mod-styled"
      aria-label={label}
      title={label}
      value={table.scope}
      onChange={event => (table.scope = event.target.value as Scope)}
    >
      <option value="drawn">{trans.__('Drawn in the graph')}</option>
      <option value="found">{trans.__('Found by the search')}</option>
    </select>
  );
}

/** How many rows there are, and honestly, whether there are more. */
function countText({ model, table, trans }: ITableProps): string {
  const { results } = model;
  const count = table.rows.length.toLocaleString();
  const ticked = table.tickedNodes.length;
  if (ticked > 0) {
    return trans.__('%1 of %2 selected', ticked.toLocaleString(), count);
  }
  if (table.scope === 'drawn' || !results.hasMore) {
    return trans._n('%1 row', '%1 rows', table.rows.length);
  }
  if (results.nodes.length >= MOST) {
    return trans.__(
      'The first %1 rows; there are more. Narrow the search down to see all.',
      count
    );
  }
  return table.order
    ? trans.__('%1 rows, loading the rest…', count)
    : trans.__('The first %1 rows; scroll for more', count);
}

function ColumnsButton({ table, trans }: ITableProps): JSX.Element {
  const shown = new Set(table.columns.map(({ key }) => key));
  const entries = () =>
    table.allColumns.map(({ key, label }) => ({
      label,
      toggled: shown.has(key),
      execute: () => table.toggleColumn(key)
    }));
  return (
    <button
      className="jp-Button jp-mod-styled claimed-Lineage-menuButton"
      aria-haspopup="menu"
      onClick={event => openMenuBelow(entries(), event.currentTarget)}
    >
      {trans.__('Columns')}
      <caretDownIcon.react tag="span" width="14px" />
    </button>
  );
}

/** What can be done to the ticked rows. */
function Several(props: ITableProps): JSX.Element | null {
  const { model, table, actions, trans } = props;
  const nodes = table.tickedNodes;
  const ids = nodes.map(({ id }) => id);
  if (ids.length === 0) {
    return null;
  }
  const query = ids.join(' or ');
  return (
    <span className="claimed-Lineage-several">
      <SomeButton
        label={trans.__('Compare')}
        title={trans.__('Side by side: two to %1 rows', COLUMNS)}
        enabled={ids.length > 1 && ids.length <= COLUMNS}
        act={() => actions.compare(olderFirst(nodes))}
      />
      <SomeButton
        label={trans.__('Path')}
        title={trans.__('All ways between two rows')}
        enabled={ids.length === 2}
        act={() => model.showWays(ids[0], ids[1])}
      />
      <SomeButton
        label={trans.__('Graph')}
        title={trans.__('The graph around up to %1 rows', BEGINNINGS)}
        enabled={ids.length <= BEGINNINGS}
        act={() => model.go({ query, path: null, focus: null, view: 'graph' })}
      />
      <SomeButton
        label={trans.__('Tag…')}
        title={trans.__('Add a tag to these rows')}
        enabled
        act={() => actions.tagSeveral(nodes)}
      />
      <button className="claimed-Link" onClick={() => table.tickAll(false)}>
        {trans.__('Clear')}
      </button>
    </span>
  );
}

/** Something to be done to the ticked rows; its tooltip says to how many. */
function SomeButton(props: {
  label: string;
  title: string;
  enabled: boolean;
  act: () => unknown;
}): JSX.Element {
  const { label, title, enabled, act } = props;
  return (
    <button
      className="jp-Button jp-mod-styled"
      title={title}
      disabled={!enabled}
      onClick={() => void act()}
    >
      {label}
    </button>
  );
}

/** The ids of nodes as they are compared: the older ones on the left. */
function olderFirst(nodes: readonly ILineageNode[]): string[] {
  return [...nodes].sort((a, b) => a.created - b.created).map(({ id }) => id);
}
