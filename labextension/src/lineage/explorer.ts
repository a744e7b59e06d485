import { IDisposable } from '@lumino/disposable';
import { Throttler } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { messageOf } from '../api/errors';
import { ILineageNode, LineageClient } from '../api/lineage';
import { RunsModel } from '../runs/model';
import { DetailModel } from './detail';
import { DrawnPlace } from './drawn';
import { Direction } from './graph/data';
import { GraphModel, IGraphChange } from './graph/model';
import { PlaceHistory } from './history';
import { NodeNames, RUN } from './names';
import { PartModel } from './part';
import { IPlace, NOWHERE } from './place';
import { ResultsModel } from './results';
import { TimelineModel } from './timeline';

/** How often what is shown is asked for again while runs go on, in ms. */
const LIVE = 1200;

/** What waits for a second node. */
export interface IPending {
  what: 'path' | 'compare';
  node: ILineageNode;
}

export interface IExplorerOptions {
  client: LineageClient;
  runs: RunsModel;
  place?: IPlace;
  /** For tests: how often to ask again, in ms. */
  live?: number;
}

/** Where one is in the lineage, and all that is shown there. */
export class ExplorerModel implements IDisposable {
  constructor({ client, runs, place, live }: IExplorerOptions) {
    this._client = client;
    this._names = new NodeNames(runs);
    this._history = new PlaceHistory(place ?? NOWHERE);
    this.part = new PartModel(client, this.graph);
    this.results = new ResultsModel(client);
    this.detail = new DetailModel(client);
    this.timeline = new TimelineModel(client);
    this._drawn = new DrawnPlace(this.part, this.results);
    this._refresh = new Throttler(() => this.refresh(), {
      limit: live ?? LIVE,
      edge: 'trailing'
    });
    this.graph.selectedChanged.connect(this._onSelected, this);
    this.graph.expandRequested.connect(this._onExpand, this);
    this.graph.opened.connect(this._onOpened, this);
    this.graph.changed.connect(this._onGraph, this);
    this.detail.changed.connect(this._onDetail, this);
    this.detail.nodeChanged.connect(this._onNode, this);
    this.results.changed.connect(this._onResults, this);
    runs.changed.connect(this._onRuns, this);
  }

  readonly graph = new GraphModel();
  readonly part: PartModel;
  readonly results: ResultsModel;
  readonly detail: DetailModel;
  readonly timeline: TimelineModel;

  get place(): IPlace {
    return this._history.current;
  }
  get history(): PlaceHistory {
    return this._history;
  }
  /** Emitted when the place is another, or what waits. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  /** Emitted with two nodes that are to be laid side by side. */
  get compareRequested(): ISignal<this, [string, string]> {
    return this._compareRequested;
  }
  get pending(): IPending | null {
    return this._pending;
  }
  /** What went wrong with the last step, in one line. */
  get problem(): string {
    return this._problem;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Whether what is shown is looked at; else it is not asked for again. */
  get isVisible(): boolean {
    return this._isVisible;
  }
  set isVisible(isVisible: boolean) {
    this._isVisible = isVisible;
    if (isVisible && this._isLate) {
      void this.refresh();
    }
  }

  /** Shows the first place. */
  begin(): Promise<void> {
    return this._show();
  }

  /** Goes to a place that differs from this one as told. */
  go(change: Partial<IPlace>): Promise<void> {
    this._history.go({ ...this.place, ...change });
    return this._show();
  }

  back(): Promise<void> {
    this._history.back();
    return this._show();
  }

  forward(): Promise<void> {
    this._history.forward();
    return this._show();
  }

  /** Looks at the graph around a node, or of a run. */
  focus(id: string): Promise<void> {
    const selected = id.startsWith(RUN) ? null : id;
    const ends = { from: null, to: null };
    return this.go({ focus: id, selected, view: 'graph', ...ends });
  }

  /** Finds something else, and lists it. */
  find(query: string): Promise<void> {
    const { grouping } = this.place;
    return this.go({ ...NOWHERE, grouping, query, view: 'table' });
  }

  /** The tags that are in use, for those who write one. */
  async knownTags(): Promise<string[]> {
    const query = 'tag:';
    const found = await this._client.complete(query, query.length);
    return found.map(({ text }) =>
      text.replace(/^tag:/, '').replace(/^"(.*)"$/, '$1')
    );
  }

  /** Waits for a second node, which the next selection says; null waits no more. */
  await(pending: IPending | null): void {
    this._pending = pending;
    this._changed.emit();
  }

  select(id: string | null): Promise<void> {
    const { pending } = this;
    if (pending && id !== null && id !== pending.node.id) {
      this._pending = null;
      this._take(pending, id);
    }
    return this.go({ selected: id });
  }

  /** All ways between two nodes, in the graph. */
  showWays(from: string, to: string): Promise<void> {
    const focus = this.place.focus ?? from;
    return this.go({ from, to, focus, view: 'graph' });
  }

  async expand(id: string, direction: Direction): Promise<void> {
    await this._try(() => this.part.expand(id, direction));
  }

  async showMore(): Promise<void> {
    await this._try(() => this.part.showMore());
  }

  /** Asks again for all that is shown. */
  async refresh(): Promise<void> {
    this._isLate = false;
    const { view, focus } = this.place;
    await Promise.all([
      this.part.refresh(),
      this.detail.refresh(),
      view === 'table' || focus === null ? this.results.refresh() : null,
      view === 'timeline' ? this.timeline.refresh() : null
    ]);
    if (this.part.subject === null) {
      await this._draw(this.place); // what was not there before
    }
  }

  /** Begins anew after a failure. */
  async retry(): Promise<void> {
    this._drawn.forget();
    const { query, path } = this.place;
    await this.results.find({ query, path });
    await this._show();
  }

  /** What a node that was seen is called; its id when it was not. */
  nameOf(id: string): string {
    return this._names.of(id);
  }

  dispose(): void {
    if (!this._isDisposed) {
      this._isDisposed = true;
      this._refresh.dispose();
      Signal.clearData(this);
      Signal.disconnectReceiver(this);
    }
  }

  private async _show(): Promise<void> {
    const place = this.place;
    this._problem = '';
    this._changed.emit();
    await Promise.all([
      this.detail.load(place.selected),
      this._showFound(place),
      this._draw(place),
      this._showTimeline(place)
    ]);
  }

  private async _showFound(place: IPlace): Promise<void> {
    const { query, path, focus, view } = place;
    const isWanted = view === 'table' || focus === null;
    const { search } = this.results;
    const isOther = search?.query !== query || search?.path !== path;
    if (isWanted && isOther) {
      await this.results.find({ query, path });
      if (place.focus === null && place === this.place) {
        await this._draw(place);
      }
    }
  }

  private async _showTimeline({ view, selected }: IPlace): Promise<void> {
    if (view === 'timeline' && selected) {
      await this.timeline.load(selected);
    }
  }

  private _draw(place: IPlace): Promise<void> {
    return this._try(() => this._drawn.show(place));
  }

  private _take({ what, node }: IPending, id: string): void {
    if (what === 'path') {
      void this.showWays(node.id, id);
    } else {
      this._compareRequested.emit([node.id, id]);
    }
  }

  private async _try(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this._problem = messageOf(error);
      this._changed.emit();
    }
  }

  private _onSelected(_: GraphModel, id: string | null): void {
    if (this._drawn.isDrawing) {
      return;
    }
    void this.select(id?.startsWith('group/') ? null : id);
  }

  private _onExpand(
    _: GraphModel,
    { id, direction }: { id: string; direction: Direction }
  ): void {
    void this.expand(id, direction);
  }

  private _onOpened(_: GraphModel, id: string): void {
    if (id.startsWith('group/')) {
      this.graph.toggleGroup(id);
    } else {
      void this.focus(id);
    }
  }

  private _onDetail({ detail }: DetailModel): void {
    if (detail) {
      this._names.note(detail.node);
    }
  }

  private _onNode(_: DetailModel, node: ILineageNode): void {
    this.graph.update([node]);
    this.results.put(node);
  }

  private _onResults({ nodes }: ResultsModel): void {
    nodes.forEach(node => this._names.note(node));
  }

  private _onGraph(graph: GraphModel, { what }: IGraphChange): void {
    graph.nodes.forEach(node => this._names.note(node));
    const isCleared = what === 'highlight' && graph.path.length === 0;
    if (isCleared && this.place.from !== null && !this.part.hasNoWay) {
      void this.go({ from: null, to: null });
    }
  }

  private _onRuns(): void {
    if (this._isVisible) {
      void this._refresh.invoke();
    } else {
      this._isLate = true;
    }
  }

  private readonly _client: LineageClient;
  private readonly _history: PlaceHistory;
  private readonly _names: NodeNames;
  private readonly _drawn: DrawnPlace;
  private readonly _refresh: Throttler<void>;
  private _pending: IPending | null = null;
  private _problem = '';
  private _isVisible = true;
  /** Whether something changed while nobody looked. */
  private _isLate = false;
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
  private _compareRequested = new Signal<this, [string, string]>(this);
}
