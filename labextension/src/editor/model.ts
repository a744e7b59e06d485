import { PathExt } from '@jupyterlab/coreutils';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { ReadonlyJSONObject } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { ClaimedError, messageOf } from '../api/errors';
import { IDescription, IPart, IRun, ITask, isFinal } from '../api/types';
import { LogModel } from '../runs/log';
import { RunsModel } from '../runs/model';
import { PipelineModel } from './docmodel';
import { Layout } from './document';
import { IGraph, buildGraph } from './graph';

/** How long to wait for another edit before the server is asked, in ms. */
const SETTLE = 200;

/** What the server says of a document that is only not begun. */
const NO_TASKS = 'no-tasks';

/** How many lines are shown before and after the one with a problem. */
const AROUND = 2;

/** A line of the document; `at` is the one with the problem. */
export interface IExcerptLine {
  number: number;
  text: string;
  at: boolean;
}

/**
 * loading: not known yet.  empty: nothing to draw, the user is told what to do.
 * broken: the document cannot be read, `problem` says why.  unreachable: nobody
 * could be asked, `problem` says why.  ready: drawn.
 */
export type EditorStatus =
  'loading' | 'empty' | 'broken' | 'unreachable' | 'ready';

export interface IEditorOptions {
  context: DocumentRegistry.IContext<PipelineModel>;
  client: ClaimedClient;
  runs: RunsModel;
}

/**
 * What one editor shows: the document as the server understands it, the run
 * that is looked at, and the task that is selected. Knows nothing of the DOM.
 */
export class EditorModel implements IDisposable {
  constructor({ context, client, runs }: IEditorOptions) {
    this._context = context;
    this._client = client;
    this._runs = runs;
    this.log = new LogModel(client);
    this._describe = new Debouncer(() => this._update(), SETTLE);
    context.model.contentChanged.connect(this._onContent, this);
    runs.changed.connect(this._onRuns, this);
    void context.ready.then(() => this._open());
  }

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
    const at = this._line;
    const lines = this._context.model.toString().split('\n');
    return lines
      .map((text, index) => ({ number: index + 1, text, at: index + 1 === at }))
      .filter(({ number }) => at !== null && Math.abs(number - at) <= AROUND);
  }
  /** What the server makes of the document; the last good answer. */
  get description(): IDescription | null {
    return this._description;
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

  get selected(): ITask | null {
    const tasks = this._description?.tasks ?? [];
    return tasks.find(task => task.name === this._selected) ?? null;
  }
  select(task: string | null): void {
    if (task !== this._selected) {
      this._selected = task;
      this._followLog();
      this._changed.emit();
    }
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
  async start(parameters?: ReadonlyJSONObject, part?: IPart): Promise<void> {
    await this.save();
    const run = await this._runs.start(this.path, parameters, part);
    await this.showRun(run.run_id);
  }

  async cancel(): Promise<void> {
    const run = this.run;
    if (run && !isFinal(run.state)) {
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
    this._context.model.contentChanged.disconnect(this._onContent, this);
    this._runs.changed.disconnect(this._onRuns, this);
    Signal.clearData(this);
  }

  private async _open(): Promise<void> {
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
    const { meaning } = this._context.model;
    if (this.isDisposed || meaning === this._meaning) {
      this._draw(); // a task was moved, nothing else
      return;
    }
    this._meaning = meaning;
    this._line = null;
    const text = this._context.model.toString();
    if (text.trim() === '') {
      this._description = null;
      this._status = 'empty';
      this._draw();
      return;
    }
    try {
      const description = await this._client.describe(this.path, text);
      if (meaning === this._meaning) {
        this._take(description);
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

  private _take(description: IDescription): void {
    const first = description.diagnostics.find(
      ({ level, code }) => level === 'error' && code !== NO_TASKS
    );
    this._description = description;
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
    const { layout } = this._context.model;
    this._graph =
      this._status === 'ready' && this._description
        ? buildGraph(this._description, layout, this.run)
        : null;
    this._followLog();
    this._changed.emit();
  }

  private _followLog(): void {
    const run = this.run;
    const task = run && this._selected ? run.tasks[this._selected] : null;
    const begun = task && task.state !== 'NEW' && task.state !== 'CACHED';
    this.log.follow(
      begun ? run!.run_id : null,
      begun ? this._selected : null,
      task?.state === 'RUNNING'
    );
  }

  private _onContent(): void {
    if (this._context.isReady) {
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
  private _description: IDescription | null = null;
  private _graph: IGraph | null = null;
  private _meaning: string | null = null;
  private _runId: string | null = null;
  /** The runs of this document that were noticed; none is imposed twice. */
  private _seen = new Set<string>();
  private _selected: string | null = null;
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}
