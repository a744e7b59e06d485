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

/** The least width of a column in pixels, and its share of what is left. */
const WIDTHS: { [key in ColumnKey]: [least: number, share: number] } = {
  name: [120, 2.4],
  type: [88, 0.6],
  state: [92, 0.4],
  created: [72, 0.6],
  pipeline: [76, 1.8],
  task: [56, 1.8],
  run: [80, 0.8],
  user: [44, 0.6],
  tags: [52, 1.4],
  component: [120, 2],
  uri: [140, 2],
  digest: [120, 1],
  id: [90, 0.8]
};

/** The tracks of a grid with some columns, and the least that it needs, in pixels. */
export function tracksOf(columns: IColumn[]): {
  tracks: string;
  least: number;
} {
  const widths = columns.map(({ key }) => WIDTHS[key]);
  return {
    tracks: widths
      .map(([least, share]) => `minmax(${least}px, ${share}fr)`)
      .join(' '),
    least: widths.reduce((sum, [least]) => sum + least, 0)
  };
}

/** All columns of the table, in their order. */
export function allColumns(trans: TranslationBundle): IColumn[] {
  const column = (
    key: ColumnKey,
    label: string,
    value: IColumn['value']
  ): IColumn => ({ key, label, value });
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
