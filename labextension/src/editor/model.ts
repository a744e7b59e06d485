import { PathExt } from '@jupyterlab/coreutils';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { ReadonlyJSONObject } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { ClaimedError, messageOf } from '../api/errors';
import { IDescription, IRun, IRunOptions, ITask, isFinal } from '../api/types';
import { EngineChoice } from '../engines/choice';
import { LogModel } from '../runs/log';
import { canDo } from '../runs/actionsof';
import { RunsModel } from '../runs/model';
import { FindComponent, IAnswer, present } from '../drawing/present';
import { PipelineModel } from './docmodel';
import { Layout } from './document';
import { IExcerptLine, excerptOf } from './excerpt';
import { IGraph, buildGraph } from './graph';
import { Selection, isSameSelection } from './selection';
import { EditorStatus, IEditorOptions } from './status';

/** How long to wait for another edit before the server is asked, in ms. */
const SETTLE = 200;

/** What the server says of a document that is only not begun. */
const NO_TASKS = 'no-tasks';

/**
 * What one editor shows: the document as the server understands it, the run
 * that is looked at, and the task that is selected. Knows nothing of the DOM.
 */
export class EditorModel implements IDisposable {
  constructor(options: IEditorOptions) {
    const { context, client, runs, findComponent, engine } = options;
    this.engine = engine ?? null;
    this._find = findComponent ?? (() => undefined);
    this._context = context;
    this._client = client;
    this._runs = runs;
    this.log = new LogModel(client);
    this._describe = new Debouncer(() => this._update(), SETTLE);
    context.model.contentChanged.connect(this._onContent, this);
    runs.changed.connect(this._onRuns, this);
    this.engine?.changed.connect(this._onEngine, this);
    this.ready = context.ready.then(() => this._open());
  }

  /** Resolves when the server has been asked what the document means. */
  readonly ready: Promise<void>;
  /** What the document is meant to run on. */
  readonly engine: EngineChoice | null;
  /** The log of the selected task in the run that is looked at. */
  readonly log: LogModel;

  /** Emitted when anything that a view shows has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get status(): EditorStatus {
    return this._status;
  }
  /** Why the document cannot be read, in one line. */
  get problem(): string {
    return this._problem;
  }
  /** The lines of the document around the problem; none when it is all of it. */
  get excerpt(): IExcerptLine[] {
    return excerptOf(this._context.model.toString(), this._line);
  }
  /** The document as it is now, as far as the server has spoken of it. */
  get description(): IDescription | null {
    return this._shown;
  }
  get graph(): IGraph | null {
    return this._graph;
  }
  get runs(): RunsModel {
    return this._runs;
  }
  /** The run that is looked at: the newest, unless another was chosen. */
  get run(): IRun | null {
    return this._runId ? this._runs.get(this._runId) : null;
  }
  get path(): string {
    return this._context.localPath;
  }
  /** The document itself, to be edited. */
  get document(): PipelineModel {
    return this._context.model;
  }
  get readOnly(): boolean {
    return !this._context.model.isEditable;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The task that is selected, when it is the only one. */
  get selected(): ITask | null {
    const [name, ...more] = this._selection;
    const tasks = more.length ? [] : (this._shown?.tasks ?? []);
    return tasks.find(task => task.name === name) ?? null;
  }
  /** All that is selected. */
  get selection(): Selection {
    return this._selection;
  }
  /** Selects one task alone, or nothing. */
  select(task: string | null): void {
    this.selectAll(task === null ? [] : [task]);
  }
  selectAll(ids: Iterable<string>): void {
    const selection = new Set(ids);
    if (!isSameSelection(selection, this._selection)) {
      this._selection = selection;
      this._followLog();
      this._changed.emit();
    }
  }

  /** Shows the values of a task as ports, or hides them again. */
  toggleValues(task: string): void {
    if (!this._openCards.delete(task)) {
      this._openCards.add(task);
    }
    this._draw();
  }

  /** Writes new places of tasks into the document. */
  place(moved: Layout): void {
    this._context.model.place(moved);
  }

  /** Looks at a run of this document. */
  async showRun(id: string): Promise<void> {
    this._runId = id;
    this._draw();
    if (!this._runs.get(id)) {
      await this._runs.fetch(id);
    }
  }

  /** Saves the document when it has changes, then runs it, or a part, and looks at it. */
  async start(
    parameters?: ReadonlyJSONObject,
    options?: IRunOptions
  ): Promise<void> {
    await this.save();
    const all = { engine: this.engine?.name, ...options };
    const run = await this._runs.start(this.path, parameters, all);
    await this.showRun(run.run_id);
  }

  async cancel(): Promise<void> {
    const run = this.run;
    if (run && canDo(run, 'cancel')) {
      await this._runs.cancel(run.run_id);
    }
  }

  async save(): Promise<void> {
    if (this._context.model.dirty) {
      await this._context.save();
    }
  }

  /** Asks the server what it makes of the document, now. */
  async refresh(): Promise<void> {
    this._meaning = null;
    await this._update();
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._describe.dispose();
    this.log.dispose();
    this.engine?.dispose();
    this._context.model.contentChanged.disconnect(this._onContent, this);
    this._runs.changed.disconnect(this._onRuns, this);
    Signal.clearData(this);
  }

  private async _open(): Promise<void> {
    await this.engine?.restore();
    await Promise.all([this._update(), this._showLatest()]);
  }

  /** The newest run is a help, not a condition: without it, none is shown. */
  private async _showLatest(): Promise<void> {
    const run = await this._runs.latest(this.path).catch(() => null);
    if (run && !this._runId && !this.isDisposed) {
      this._runId = run.run_id;
      this._draw();
    }
  }

  private async _update(): Promise<void> {
    const engine = this.engine?.name;
    const meaning = `${engine} ${this._context.model.meaning}`;
    if (this.isDisposed || meaning === this._meaning) {
      this._draw(); // a task was moved, nothing else
      return;
    }
    this._meaning = meaning;
    this._line = null;
    const text = this._context.model.toString();
    if (text.trim() === '') {
      this._answer = null;
      this._status = 'empty';
      return this._draw();
    }
    const { content } = this._context.model;
    try {
      const description = await this._client.describe(this.path, text, engine);
      if (meaning === this._meaning) {
        this._take({ description, content });
      }
    } catch (error) {
      if (meaning === this._meaning) {
        const refused = error instanceof ClaimedError && error.isRefusal;
        this._status = refused ? 'broken' : 'unreachable';
        this._problem = messageOf(error);
        this._meaning = null;
      }
    }
    this._draw();
  }

  private _take(answer: IAnswer): void {
    const { description } = answer;
    const first = description.diagnostics.find(
      ({ level, code }) => level === 'error' && code !== NO_TASKS
    );
    this._answer = answer;
    if (description.tasks.length > 0) {
      this._status = 'ready';
    } else if (first) {
      this._status = 'broken';
      const where = [PathExt.basename(this.path), first.where];
      this._problem = `${where.filter(Boolean).join(', ')}: ${first.message}`;
      this._line = first.line ?? null;
    } else {
      this._status = 'empty';
    }
  }

  private _draw(): void {
    if (this.isDisposed) {
      return;
    }
    const { layout, sharedModel } = this._context.model;
    const { content } = sharedModel;
    const isDrawn = this._status === 'ready' || this._status === 'empty';
    this._shown = isDrawn ? present(this._answer, content, this._find) : null;
    if (this._shown) {
      this._status = this._shown.tasks.length > 0 ? 'ready' : 'empty';
    }
    this._graph =
      this._shown &&
      buildGraph(this._shown, layout, this.run, this._graph, this._openCards);
    this._followLog();
    this._changed.emit();
  }

  private _followLog(): void {
    const run = this.run;
    const name = this.selected?.name ?? null;
    const task = run && name ? run.tasks[name] : null;
    const begun = task && task.state !== 'NEW' && task.state !== 'CACHED';
    this.log.follow(
      begun ? run!.run_id : null,
      begun ? name : null,
      task?.state === 'RUNNING'
    );
  }

  /** What another engine can't is said at once. */
  private _onEngine(): void {
    void (this._context.isReady ? this._update() : this._draw());
  }

  private _onContent(): void {
    if (this._context.isReady) {
      this._draw(); // at once, as far as it is known
      void this._describe.invoke();
    }
  }

  private _onRuns(_: unknown, id: string | null): void {
    const run = id ? this._runs.get(id) : null;
    if (run && run.contents_path === this.path && !this._seen.has(run.run_id)) {
      this._seen.add(run.run_id);
      // Begun just now, perhaps elsewhere: in another tab, by the command line.
      this._runId = isFinal(run.state) ? this._runId : run.run_id;
    }
    if (id === null || id === this._runId) {
      this._draw();
    }
  }

  private readonly _context: DocumentRegistry.IContext<PipelineModel>;
  private readonly _client: ClaimedClient;
  private readonly _runs: RunsModel;
  private readonly _describe: Debouncer<void>;
  private _status: EditorStatus = 'loading';
  private _problem = '';
  private _line: number | null = null;
  private readonly _find: FindComponent;
  /** The last good answer of the server. */
  private _answer: IAnswer | null = null;
  private _shown: IDescription | null = null;
  private _graph: IGraph | null = null;
  private _meaning: string | null = null;
  private _runId: string | null = null;
  /** The runs of this document that were noticed; none is imposed twice. */
  private _seen = new Set<string>();
  private _selection: Selection = new Set();
  private readonly _openCards = new Set<string>();
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}
