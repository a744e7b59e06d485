import { ISignal, Signal } from '@lumino/signaling';
import { ILineageNode, LineageClient } from '../api/lineage';
import { messageOf } from '../api/errors';

/** How many nodes are asked for at a time. */
const PAGE = 200;

/** How many nodes are loaded at most: more are narrowed down by a query. */
export const MOST = 10_000;

export type Status = 'loading' | 'error' | 'ready';

/** What is looked for: what a query finds, or where a file was used. */
export interface ISearch {
  query: string;
  path: string | null;
}

/** What was found, a page at a time. */
export class ResultsModel {
  constructor(private readonly _client: LineageClient) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get search(): ISearch | null {
    return this._search;
  }
  /** What is loaded, in the server's order. */
  get nodes(): readonly ILineageNode[] {
    return this._nodes;
  }
  get status(): Status {
    return this._status;
  }
  get error(): string {
    return this._error;
  }
  /** The column of the query that the error is about, from 1. */
  get column(): number | null {
    return columnOf(this._error);
  }
  /** Whether there is more than what is loaded. */
  get hasMore(): boolean {
    return this._next !== null;
  }
  get isLoadingMore(): boolean {
    return this._more !== null;
  }

  /** Finds something else; the answer to an older question is forgotten. */
  async find(search: ISearch): Promise<void> {
    const turn = ++this._turn;
    this._search = search;
    this._status = 'loading';
    this._more = null;
    this._changed.emit();
    try {
      const found = await this._first(search);
      if (turn === this._turn) {
        this._nodes = found.nodes;
        this._next = found.next;
        this._status = 'ready';
      }
    } catch (error) {
      if (turn === this._turn) {
        this._nodes = [];
        this._next = null;
        this._error = messageOf(error);
        this._status = 'error';
      }
    }
    if (turn === this._turn) {
      this._changed.emit();
    }
  }

  /** Loads the next page, unless there is none. */
  more(): Promise<void> {
    this._more ??= this._page().finally(() => {
      this._more = null;
      this._changed.emit();
    });
    return this._more;
  }

  /** Loads all pages, but no more than `MOST` nodes. */
  async all(): Promise<void> {
    const turn = this._turn;
    while (this.hasMore && this._nodes.length < MOST && turn === this._turn) {
      const before = this._nodes.length;
      await this.more();
      if (this._nodes.length === before) {
        return; // the server does not answer now
      }
    }
  }

  /** Asks for the newest once more; what was loaded stays where it is. */
  async refresh(): Promise<void> {
    const search = this._search;
    const turn = this._turn;
    if (!search || this._status === 'loading') {
      return;
    }
    // One that fails is made up for by the next.
    const found = await this._first(search).catch(() => null);
    if (found && turn === this._turn) {
      const isFirst = this._status === 'error' || this._nodes.length === 0;
      this._next = isFirst ? found.next : this._next;
      this._nodes = merged(this._nodes, found.nodes);
      this._status = 'ready';
      this._changed.emit();
    }
  }

  /** Puts what has become of a node in its place. */
  put(node: ILineageNode): void {
    if (this._nodes.some(({ id }) => id === node.id)) {
      this._nodes = this._nodes.map(old => (old.id === node.id ? node : old));
      this._changed.emit();
    }
  }

  private async _first({ query, path }: ISearch) {
    return path === null
      ? this._client.find(query, PAGE)
      : { nodes: await this._client.used(path), next: null };
  }

  private async _page(): Promise<void> {
    const turn = this._turn;
    if (!this._search || this._next === null) {
      return;
    }
    const { query } = this._search;
    const found = await this._client
      .find(query, PAGE, this._next)
      .catch(() => null);
    if (found && turn === this._turn) {
      this._nodes = [...this._nodes, ...found.nodes];
      this._next = found.next;
    }
  }

  private _search: ISearch | null = null;
  private _nodes: readonly ILineageNode[] = [];
  private _next: string | null = null;
  private _status: Status = 'loading';
  private _error = '';
  private _turn = 0;
  private _more: Promise<void> | null = null;
  private _changed = new Signal<this, void>(this);
}

/** The newest before what was known, which is told anew where it is among them. */
export function merged(
  known: readonly ILineageNode[],
  newest: readonly ILineageNode[]
): ILineageNode[] {
  const fresh = new Map(newest.map(node => [node.id, node]));
  const ids = new Set(known.map(({ id }) => id));
  return [
    ...newest.filter(({ id }) => !ids.has(id)),
    ...known.map(node => fresh.get(node.id) ?? node)
  ];
}

/** The column that a line about a query names: `column 3: there is no field …`. */
export function columnOf(message: string): number | null {
  const column = /\bcolumn (\d+)/.exec(message)?.[1];
  return column === undefined ? null : Number(column);
}
