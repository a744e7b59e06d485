import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { messageOf } from '../api/errors';
import { IComponent, IDiagnostic } from '../api/types';
import { groupComponents, searchComponents } from './catalog';

/** A line of the tree: a category, a group in it, or a component. */
export interface IRow {
  id: string;
  parent: string | null;
  level: 1 | 2 | 3;
  label: string;
  /** Components below; null on a component. */
  count: number | null;
  expanded: boolean;
  component: IComponent | null;
}

export type PaletteStatus = 'loading' | 'error' | 'ready';

export type Move = 'up' | 'down' | 'first' | 'last' | 'in' | 'out';

/**
 * The components of every catalog, searched, grouped, and what of the tree is
 * open. Knows nothing of the DOM.
 *
 * A branch is open unless the user closed it; a component shows its details
 * only when the user opened it.
 */
export class PaletteModel implements IDisposable {
  constructor(private readonly _client: ClaimedClient) {}

  /** Emitted when anything that a view shows has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get status(): PaletteStatus {
    return this._status;
  }
  /** Why loading failed, in one line. */
  get error(): string {
    return this._error;
  }
  get diagnostics(): IDiagnostic[] {
    return this._diagnostics;
  }
  get components(): IComponent[] {
    return this._components;
  }
  /** The lines to show, from the top; closed branches hide theirs. */
  get rows(): IRow[] {
    return this._rows;
  }
  /** How many components fit the query. */
  get matches(): number {
    return this._matches;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get query(): string {
    return this._query;
  }
  set query(value: string) {
    if (value !== this._query) {
      this._query = value;
      this._update();
    }
  }

  /** Searches for the user, whose search box is to show it. */
  search(query: string): void {
    this._searches++;
    this._query = query;
    this._update();
  }
  /** How often that was done. */
  get searches(): number {
    return this._searches;
  }

  /** The row that the keyboard is on; the first one when it is gone. */
  get active(): string | null {
    const known = this._rows.some(row => row.id === this._active);
    return known ? this._active : (this._rows[0]?.id ?? null);
  }
  set active(id: string | null) {
    if (id !== this._active) {
      this._active = id;
      this._changed.emit();
    }
  }

  /** Loads the components; what was shown stays until the answer is there. */
  async refresh(): Promise<void> {
    if (this._status === 'error') {
      this._status = 'loading';
      this._changed.emit();
    }
    try {
      const { components, diagnostics } = await this._client.components();
      this._components = components;
      this._diagnostics = diagnostics;
      this._status = 'ready';
    } catch (error) {
      this._error = messageOf(error);
      this._status = 'error';
    }
    if (!this.isDisposed) {
      this._update();
    }
  }

  /** Opens or closes a branch, or the details of a component. */
  toggle(id: string): void {
    if (!this._toggled.delete(id)) {
      this._toggled.add(id);
    }
    this._update();
  }

  /** Moves the keyboard's row, as the arrow keys do in a tree. */
  move(move: Move): void {
    const rows = this._rows;
    const at = rows.findIndex(row => row.id === this.active);
    const row = rows[at];
    if (!row) {
      return;
    }
    if (move === 'in' && !row.expanded) {
      this.toggle(row.id);
    } else if (move === 'out' && row.expanded) {
      this.toggle(row.id);
    } else {
      this.active = rows[target(move, at, rows)]?.id ?? row.id;
    }
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _update(): void {
    const found = searchComponents(this._components, this._query);
    this._matches = found.length;
    this._rows = this._flatten(found);
    this._changed.emit();
  }

  private _flatten(components: IComponent[]): IRow[] {
    const rows: IRow[] = [];
    for (const category of groupComponents(components)) {
      const id = category.name;
      const open = this._isOpen(id);
      rows.push(branch(id, null, category.name, category.count, open));
      for (const group of open ? category.groups : []) {
        const groupId = `${id}/${group.name}`;
        const count = group.components.length;
        const groupOpen = this._isOpen(groupId);
        rows.push(branch(groupId, id, group.name, count, groupOpen));
        for (const item of groupOpen ? group.components : []) {
          rows.push(this._leaf(item, groupId));
        }
      }
    }
    return rows;
  }

  private _leaf(component: IComponent, parent: string): IRow {
    const id = component.reference;
    const expanded = this._toggled.has(id);
    const label = component.title;
    return { id, parent, level: 3, label, count: null, expanded, component };
  }

  /** A search shows what it found, whatever was closed before. */
  private _isOpen(id: string): boolean {
    return this._query.trim() !== '' || !this._toggled.has(id);
  }

  private _status: PaletteStatus = 'loading';
  private _error = '';
  private _components: IComponent[] = [];
  private _diagnostics: IDiagnostic[] = [];
  private _rows: IRow[] = [];
  private _matches = 0;
  private _query = '';
  private _searches = 0;
  private _active: string | null = null;
  private _toggled = new Set<string>();
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}

function branch(
  id: string,
  parent: string | null,
  label: string,
  count: number,
  expanded: boolean
): IRow {
  const level = parent === null ? 1 : 2;
  return { id, parent, level, label, count, expanded, component: null };
}

/** The index that a move leads to. */
function target(move: Move, at: number, rows: IRow[]): number {
  switch (move) {
    case 'up':
      return Math.max(0, at - 1);
    case 'down':
      return Math.min(rows.length - 1, at + 1);
    case 'first':
      return 0;
    case 'last':
      return rows.length - 1;
    case 'in':
      return rows[at].component ? at : at + 1;
    case 'out':
      return rows.findIndex(row => row.id === rows[at].parent);
  }
}
