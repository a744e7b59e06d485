import { JSONExt, JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { ClaimedError, messageOf } from '../api/errors';
import { InputSpec } from '../api/schema';
import { IOutputView, IRun, ITaskRun, isArtifact, isFinal } from '../api/types';
import { LogModel } from '../runs/log';
import { RunsModel } from '../runs/model';
import { INotebookSource } from './source';
import { InputProblem, askedInputs, inputDefaults, tryInputs } from './tryform';

/** What the one task of a try is called. */
export const TRY = 'try';

export interface ITryOptions {
  source: INotebookSource;
  client: ClaimedClient;
  runs: RunsModel;
  /** The inputs as they are understood now. */
  inputs: () => InputSpec[];
}

/** What cannot be used, and at which input; null when it is none of them. */
export interface ITryProblem {
  input: string | null;
  message: string;
}

/**
 * One run of the notebook as the component that it would become: what it is
 * given, how it goes and what comes out. Knows nothing of the DOM.
 */
export class TryModel implements IDisposable {
  constructor(private readonly _options: ITryOptions) {
    this.log = new LogModel(_options.client);
    _options.runs.changed.connect(this._onRun, this);
  }

  readonly log: LogModel;

  /** Emitted when anything that a view shows has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get inputs(): InputSpec[] {
    return askedInputs(this._options.inputs());
  }
  get problem(): ITryProblem | null {
    return this._problem;
  }
  /** Whether the notebook is being saved and the run asked for. */
  get isStarting(): boolean {
    return this._isStarting;
  }
  get isRunning(): boolean {
    return this.run !== null && !isFinal(this.run.state);
  }
  /** The last try; null before the first. */
  get run(): IRun | null {
    return this._id === null ? null : this._options.runs.get(this._id);
  }
  get task(): ITaskRun | null {
    return this.run?.tasks[TRY] ?? null;
  }
  /** When the notebook began to run, in ms since the epoch. */
  get since(): number | null {
    return this._id === null ? null : this._options.runs.since(this._id, TRY);
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What the form shows: the defaults, but for what the user typed. */
  get values(): JSONObject {
    const inputs = this.inputs;
    const values = inputDefaults(inputs);
    for (const { name } of inputs) {
      if (this._typed.has(name)) {
        values[name] = this._typed.get(name) as JSONObject;
      }
    }
    return values;
  }
  set values(values: ReadonlyJSONObject) {
    const inputs = this.inputs;
    const defaults = inputDefaults(inputs);
    for (const { name } of inputs) {
      const value = values[name];
      if (JSONExt.deepEqual(value ?? null, defaults[name] ?? null)) {
        this._typed.delete(name); // follows the notebook again
      } else {
        this._typed.set(name, value);
      }
    }
    this._problem = null;
    this._changed.emit();
  }

  /** An output that was made, ready to be shown, or why it cannot be. */
  view(output: string): IOutputView | string | null {
    return this._views.get(output) ?? null;
  }

  /** Shows the cell that failed, in the notebook. */
  showFailed(): void {
    const { cell } = this.task ?? {};
    if (cell) {
      this._options.source.show(cell, null);
    }
  }

  /** Saves the notebook and runs it; what is wrong is kept in `problem`. */
  async start(): Promise<void> {
    if (this._isStarting || this.isRunning) {
      return;
    }
    const { source, client, runs } = this._options;
    this._problem = null;
    this._id = null;
    this._views.clear();
    this._isStarting = true;
    this._changed.emit();
    try {
      const inputs = tryInputs(this.inputs, this.values);
      await source.save();
      const run = await client.tryComponent(source.path, inputs);
      this._id = run.run_id;
      await runs.fetch(run.run_id);
    } catch (error) {
      this._problem = this._problemOf(error);
    } finally {
      this._isStarting = false;
      this._emit();
    }
  }

  async cancel(): Promise<void> {
    try {
      await this._options.runs.cancel(this._id!);
    } catch (error) {
      this._problem = { input: null, message: messageOf(error) };
      this._emit();
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._options.runs.changed.disconnect(this._onRun, this);
    this.log.dispose();
    Signal.clearData(this);
  }

  private _problemOf(error: unknown): ITryProblem {
    if (error instanceof InputProblem) {
      return { input: error.input, message: error.message };
    }
    const names = this.inputs.map(({ name }) => name);
    const where = error instanceof ClaimedError ? error.where : null;
    return where !== null && names.includes(where)
      ? { input: where, message: (error as Error).message }
      : { input: null, message: messageOf(error) };
  }

  private _onRun(_: unknown, id: string | null): void {
    if (this._id === null || (id !== null && id !== this._id)) {
      return;
    }
    const { task } = this;
    if (task && task.state !== 'NEW') {
      this.log.follow(this._id, TRY, !isFinal(task.state));
    }
    for (const [name, value] of Object.entries(task?.outputs ?? {})) {
      if (isArtifact(value)) {
        void this._load(this._id, name);
      }
    }
    this._emit();
  }

  /** Fetches an output once. */
  private async _load(run: string, name: string): Promise<void> {
    const views = this._views;
    if (this._loading.has(`${run}/${name}`)) {
      return;
    }
    this._loading.add(`${run}/${name}`);
    const view = await this._options.client
      .output(run, TRY, name)
      .catch((error: unknown) => messageOf(error));
    if (run === this._id) {
      views.set(name, view);
      this._emit();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _id: string | null = null;
  /** What the user typed that is no default, by the input's name. */
  private _typed = new Map<string, unknown>();
  private _views = new Map<string, IOutputView | string>();
  private _loading = new Set<string>();
  private _problem: ITryProblem | null = null;
  private _isStarting = false;
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}
