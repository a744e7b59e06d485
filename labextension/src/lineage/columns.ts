import { TranslationBundle } from '@jupyterlab/translation';
import { ILineageNode } from '../api/lineage';
import { stateWord, typeWord } from './words';

export type ColumnKey =
  | 'name'
  | 'type'
  | 'state'
  | 'created'
  | 'pipeline'
  | 'task'
  | 'run'
  | 'user'
  | 'tags'
  | 'component'
  | 'uri'
  | 'digest'
  | 'id';

export interface IColumn {
  key: ColumnKey;
  label: string;
  /** A track of a CSS grid. */
  width: string;
  /** What is sorted by. */
  value: (node: ILineageNode) => string | number | null;
}

/** What the columns are before anybody chose. */
export const FIRST_COLUMNS: ColumnKey[] = [
  'name',
  'type',
  'state',
  'created',
  'pipeline',
  'task',
  'run',
  'user',
  'tags'
];

/** The tracks of the columns in the grid. */
const WIDTHS: { [key in ColumnKey]: string } = {
  name: 'minmax(150px, 3fr)',
  type: 'minmax(90px, 1.2fr)',
  state: 'minmax(90px, 1fr)',
  created: 'minmax(104px, 1.2fr)',
  pipeline: 'minmax(90px, 1.5fr)',
  task: 'minmax(80px, 1.2fr)',
  run: 'minmax(80px, 1.3fr)',
  user: 'minmax(60px, 0.8fr)',
  tags: 'minmax(70px, 1fr)',
  component: 'minmax(120px, 2fr)',
  uri: 'minmax(140px, 2fr)',
  digest: 'minmax(110px, 1fr)',
  id: 'minmax(90px, 0.8fr)'
};

/** All columns of the table, in their order. */
export function allColumns(trans: TranslationBundle): IColumn[] {
  const column = (
    key: ColumnKey,
    label: string,
    value: IColumn['value']
  ): IColumn => ({ key, label, width: WIDTHS[key], value });
  return [
    column('name', trans.__('Name'), node => node.name),
    column('type', trans.__('Type'), node => typeWord(node, trans)),
    column('state', trans.__('State'), node => stateWord(node.state, trans)),
    column('created', trans.__('Created'), node => node.created),
    column('pipeline', trans.__('Pipeline'), node => node.pipeline),
    column('task', trans.__('Task'), node => node.task),
    column('run', trans.__('Run'), node => node.run),
    column('user', trans.__('User'), node => node.user),
    column('tags', trans.__('Tags'), node => node.tags.join(', ')),
    column('component', trans.__('Component'), node => node.component),
    column('uri', trans.__('URI'), node => node.uri),
    column('digest', trans.__('Digest'), node => node.digest),
    column('id', trans.__('Id'), node => node.id)
  ];
}

export interface IOrder {
  key: ColumnKey;
  descending: boolean;
}

/** Nodes in an order; those that have nothing to sort by come last. */
export function sorted(
  nodes: readonly ILineageNode[],
  column: IColumn,
  descending: boolean
): ILineageNode[] {
  const collator = new Intl.Collator(undefined, { numeric: true });
  const sign = descending ? -1 : 1;
  const keyed = nodes.map(node => ({ node, value: column.value(node) }));
  const isEmpty = (value: unknown) => value === null || value === '';
  keyed.sort((a, b) => {
    if (isEmpty(a.value) || isEmpty(b.value)) {
      return Number(isEmpty(a.value)) - Number(isEmpty(b.value));
    }
    return (
      sign *
      (typeof a.value === 'number' && typeof b.value === 'number'
        ? a.value - b.value
        : collator.compare(String(a.value), String(b.value)))
    );
  });
  return keyed.map(({ node }) => node);
}

/** The order after a click on a column: up, down, and as it was found. */
export function nextOrder(order: IOrder | null, key: ColumnKey): IOrder | null {
  if (order?.key !== key) {
    return { key, descending: key === 'created' };
  }
  const wasTurned = order.descending === (key !== 'created');
  return wasTurned ? null : { key, descending: !order.descending };
}

/** The rows of a table for a spreadsheet, with their heads; times as ISO 8601. */
export function sheetOf(
  nodes: readonly ILineageNode[],
  columns: IColumn[]
): (string | number | null)[][] {
  const cell = (node: ILineageNode, { key, value }: IColumn) =>
    key === 'created' ? new Date(node.created).toISOString() : value(node);
  return [
    columns.map(({ label }) => label),
    ...nodes.map(node => columns.map(column => cell(node, column)))
  ];
}
