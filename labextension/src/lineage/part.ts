import { ISignal, Signal } from '@lumino/signaling';
import { messageOf } from '../api/errors';
import { ILineageGraph, LineageClient } from '../api/lineage';
import { Direction } from './graph/data';
import { GraphModel } from './graph/model';
import { Status } from './results';

/** How many nodes are drawn before one asks for more. */
const LIMIT = 400;

/** How much more one click on “Show more” shows. */
const MORE = 4;

/** How many of the steps that one took are taken again when runs go on. */
const RETAKEN = 6;

/** What the drawn part begins at, and how far it goes. */
export interface ISubject {
  start: string[];
  up: number;
  down: number;
}

/** The part of the lineage that is drawn: asks for it, and for more of it. */
export class PartModel {
  constructor(
    private readonly _client: LineageClient,
    readonly graph: GraphModel
  ) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get status(): Status {
    return this._status;
  }
  get error(): string {
    return this._error;
  }
  get subject(): ISubject | null {
    return this._subject;
  }
  /** How many nodes a limit has cut off. */
  get missing(): number {
    return this._missing;
  }
  /** Whether two nodes were asked for between which there is no way. */
  get hasNoWay(): boolean {
    return this._hasNoWay;
  }

  /** Draws another part; the answer to an older question is forgotten. */
  async show(subject: ISubject): Promise<void> {
    const turn = ++this._turn;
    this._subject = subject;
    this._limit = LIMIT;
    this._steps = [];
    this._hasNoWay = false;
    this._status = 'loading';
    this._changed.emit();
    try {
      const part = await this._ask(subject);
      if (turn === this._turn) {
        this._status = 'ready';
        this._missing = part.missing;
        this._seen = new Set(part.nodes.map(({ id }) => id));
        this.graph.setGraph(part.nodes, part.edges, { start: part.start });
      }
    } catch (error) {
      this._fail(turn, error);
    }
    if (turn === this._turn) {
      this._changed.emit();
    }
  }

  /** Nothing is drawn. */
  clear(): void {
    this._turn++;
    this._subject = null;
    this._missing = 0;
    this._hasNoWay = false;
    this._status = 'ready';
    this.graph.setGraph([], []);
    this._changed.emit();
  }

  /** Draws what is one step from a node. */
  async expand(id: string, direction: Direction): Promise<void> {
    const turn = this._turn;
    const step = { start: [id], up: 0, down: 0, [direction]: 1 };
    const known = this.graph.nodes.map(node => node.id);
    const part = await this._client.moreGraph(
      { ...step, limit: this._limit },
      known
    );
    if (turn === this._turn) {
      this._steps = [...this._steps, step].slice(-RETAKEN);
      this._missing += part.missing;
      this._extend(part, id);
    }
  }

  /** Draws all ways between two nodes, whichever comes first, and lets them stand out. */
  async showWays(first: string, second: string): Promise<void> {
    const turn = this._turn;
    let part = await this._client.between(first, second);
    if (part.nodes.length === 0) {
      part = await this._client.between(second, first);
    }
    if (turn === this._turn) {
      this._hasNoWay = part.nodes.length === 0;
      if (!this._hasNoWay) {
        this._extend(part, first);
        this.graph.highlight(part.nodes.map(({ id }) => id));
      }
      this._changed.emit();
    }
  }

  hideWays(): void {
    this._hasNoWay = false;
    this.graph.highlight(null);
    this._changed.emit();
  }

  /** Draws what the limit has cut off, or a part of it. */
  async showMore(): Promise<void> {
    if (this._subject) {
      const turn = this._turn;
      this._limit *= MORE;
      const part = await this._ask(this._subject);
      if (turn === this._turn) {
        this._missing = part.missing;
        this._extend(part, this._subject.start[0]);
      }
    }
  }

  /** Asks again for what is drawn. What one has put away does not come back. */
  async refresh(): Promise<void> {
    if (!this._subject || this._status !== 'ready') {
      return;
    }
    const turn = this._turn;
    for (const question of [this._subject, ...this._steps]) {
      // One that fails is made up for by the next.
      const part = await this._ask(question).catch(() => null);
      if (turn !== this._turn) {
        return;
      }
      if (part) {
        this._renew(part);
      }
    }
  }

  private _renew(part: ILineageGraph): void {
    const { graph } = this;
    graph.update(part.nodes);
    const fresh = part.nodes.filter(({ id }) => !this._seen.has(id));
    const ids = new Set(fresh.map(({ id }) => id));
    const isHere = (id: string) => ids.has(id) || !!graph.node(id);
    const known = new Set(graph.edges.map(edgeKey));
    const edges = part.edges.filter(
      edge =>
        isHere(edge.source) && isHere(edge.target) && !known.has(edgeKey(edge))
    );
    if (fresh.length || edges.length) {
      fresh.forEach(({ id }) => this._seen.add(id));
      graph.extend(fresh, edges, { anchor: graph.selected ?? part.start[0] });
      this._changed.emit();
    }
  }

  private _extend(part: ILineageGraph, anchor: string): void {
    part.nodes.forEach(({ id }) => this._seen.add(id));
    this.graph.extend(part.nodes, part.edges, { anchor });
    this._changed.emit();
  }

  private _ask(subject: ISubject): Promise<ILineageGraph> {
    return this._client.graph({ ...subject, limit: this._limit });
  }

  private _fail(turn: number, error: unknown): void {
    if (turn === this._turn) {
      this._error = messageOf(error);
      this._status = 'error';
      this._missing = 0;
      this.graph.setGraph([], []);
    }
  }

  private _subject: ISubject | null = null;
  private _steps: ISubject[] = [];
  private _seen = new Set<string>();
  private _limit = LIMIT;
  private _missing = 0;
  private _hasNoWay = false;
  private _status: Status = 'ready';
  private _error = '';
  private _turn = 0;
  private _changed = new Signal<this, void>(this);
}

function edgeKey(edge: ILineageGraph['edges'][number]): string {
  return [edge.source, edge.target, edge.name].join('\n');
}
