import { TranslationBundle } from '@jupyterlab/translation';
import { ISignal, Signal } from '@lumino/signaling';
import { ILineageNode } from '../api/lineage';
import {
  ColumnKey,
  FIRST_COLUMNS,
  IColumn,
  IOrder,
  allColumns,
  nextOrder,
  sorted
} from './columns';
import { ExplorerModel } from './explorer';

/** What the rows are: what was found, or what is drawn in the graph. */
export type Scope = 'found' | 'drawn';

/** The rows of the table, their order, and those that are ticked. */
export class TableModel {
  constructor(
    private readonly _explorer: ExplorerModel,
    trans: TranslationBundle
  ) {
    this.allColumns = allColumns(trans);
    const redraw = () => this._forget();
    _explorer.results.changed.connect(redraw);
    _explorer.graph.changed.connect(redraw);
    _explorer.changed.connect(redraw);
  }

  readonly allColumns: IColumn[];

  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get columns(): IColumn[] {
    return this.allColumns.filter(({ key }) => this._keys.has(key));
  }
  get order(): IOrder | null {
    return this._order;
  }
  get scope(): Scope {
    const { focus, query, path } = this._explorer.place;
    const isAsked = query !== '' || path !== null;
    return this._scope ?? (focus !== null && !isAsked ? 'drawn' : 'found');
  }
  set scope(scope: Scope) {
    this._scope = scope;
    this._active = 0;
    this._forget();
  }
  /** The number of the row that the keyboard is at, from 0. */
  get active(): number {
    return Math.min(this._active, this.rows.length - 1);
  }
  get ticked(): ReadonlySet<string> {
    return this._ticked;
  }
  /** The ticked nodes that are in the table. */
  get tickedNodes(): ILineageNode[] {
    return this.rows.filter(({ id }) => this._ticked.has(id));
  }

  get rows(): readonly ILineageNode[] {
    this._rows ??= this._sorted();
    return this._rows;
  }

  /** Shows a column, or hides it; one stays. */
  toggleColumn(key: ColumnKey): void {
    const keys = new Set(this._keys);
    if (!keys.delete(key)) {
      keys.add(key);
    }
    this._keys = keys.size ? keys : this._keys;
    this._changed.emit();
  }

  /** Sorts by a column; all that was found is loaded for it. */
  sortBy(key: ColumnKey): void {
    this._order = nextOrder(this._order, key);
    this._active = 0;
    this._forget();
    if (this._order && this.scope === 'found') {
      void this._explorer.results.all();
    }
  }

  /** Goes to a row; `range` ticks all on the way. */
  moveTo(row: number, range = false): void {
    const last = this.rows.length - 1;
    const to = Math.max(0, Math.min(last, row));
    if (range) {
      const [from, end] = [this.active, to].sort((a, b) => a - b);
      const way = this.rows.slice(from, end + 1).map(({ id }) => id);
      this._ticked = new Set([...this._ticked, ...way]);
    }
    this._active = to;
    this._changed.emit();
  }

  tick(id: string): void {
    const ticked = new Set(this._ticked);
    if (!ticked.delete(id)) {
      ticked.add(id);
    }
    this._ticked = ticked;
    this._changed.emit();
  }

  /** Ticks all rows, or none. */
  tickAll(on: boolean): void {
    this._ticked = new Set(on ? this.rows.map(({ id }) => id) : []);
    this._changed.emit();
  }

  private _sorted(): readonly ILineageNode[] {
    const { results, graph } = this._explorer;
    const nodes = this.scope === 'drawn' ? graph.nodes : results.nodes;
    const order = this._order;
    const column = this.allColumns.find(({ key }) => key === order?.key);
    return order && column ? sorted(nodes, column, order.descending) : nodes;
  }

  private _forget(): void {
    const { search } = this._explorer.results;
    if (search !== this._search) {
      this._search = search;
      this._scope = null;
      this._ticked = new Set();
      this._active = 0;
    }
    this._rows = null;
    this._changed.emit();
  }

  private _search: unknown = null;
  private _keys: ReadonlySet<ColumnKey> = new Set(FIRST_COLUMNS);
  private _order: IOrder | null = null;
  private _scope: Scope | null = null;
  private _rows: readonly ILineageNode[] | null = null;
  private _ticked: ReadonlySet<string> = new Set();
  private _active = 0;
  private _changed = new Signal<this, void>(this);
}
