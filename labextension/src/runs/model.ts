import { Event } from '@jupyterlab/services';
import { ReadonlyJSONObject } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { Debouncer, Poll } from '@lumino/polling';
import { ISignal, IStream, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { messageOf } from '../api/errors';
import {
  IOutputView,
  IRun,
  IRunEvent,
  IRunOptions,
  isFinal
} from '../api/types';
import { applyEvent, asRunEvent } from './events';

/** How long to gather the events of one run before it is fetched, in ms. */
const GATHER = 150;

/** How often an unfinished run is fetched when no event came, in ms. */
const RESYNC = 5000;

/** How many runs are listed. */
const LISTED = 50;

export type RunsStatus = 'loading' | 'error' | 'ready';

export interface IRunsOptions {
  client: ClaimedClient;
  /** Jupyter's event stream; without one, runs are followed by asking. */
  events?: IStream<unknown, Event.Emission>;
  /** For tests: how long to gather events, and to wait for one, in ms. */
  gather?: number;
  resync?: number;
}

/**
 * The runs of this server: the one place in the browser that owns them.
 *
 * An event changes the state of a task at once; the run itself is fetched
 * shortly after, as the server's word on all of it. Event streams break
 * without a sign, so what is unfinished is also asked for now and then, and
 * as soon as the browser is back on line.
 */
export class RunsModel implements IDisposable {
  constructor(options: IRunsOptions) {
    this._client = options.client;
    this._gather = options.gather ?? GATHER;
    this._events = options.events ?? null;
    this._events?.connect(this._onEvent, this);
    this._poll = new Poll({
      name: 'claimed-jlab:unfinished-runs',
      auto: false,
      standby: 'when-hidden',
      factory: () => this._resync(),
      frequency: { interval: options.resync ?? RESYNC, backoff: true }
    });
  }

  /** Emitted with the id of the run that changed; null when the list did. */
  get changed(): ISignal<this, string | null> {
    return this._changed;
  }
  get status(): RunsStatus {
    return this._status;
  }
  /** Why the list could not be loaded, in one line. */
  get error(): string {
    return this._error;
  }
  /** Whether the list holds those that were put away, too. */
  get showsArchived(): boolean {
    return this._showsArchived;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The known runs, newest first. */
  get runs(): IRun[] {
    return [...this._runs.values()].sort((a, b) =>
      (b.started ?? '~').localeCompare(a.started ?? '~')
    );
  }

  /** The runs to be listed: what was put away only when that is wished. */
  get listed(): IRun[] {
    return this.runs.filter(run => this._showsArchived || !run.archived);
  }

  /** The runs that have not ended, newest first. */
  get live(): IRun[] {
    return this.runs.filter(run => !isFinal(run.state));
  }

  get(id: string): IRun | null {
    return this._runs.get(id) ?? null;
  }

  /** When a running task was first seen so, in ms since the epoch. */
  since(id: string, task: string): number | null {
    const started = this._runs.get(id)?.tasks[task]?.started;
    return started
      ? Date.parse(started)
      : (this._since.get(`${id}/${task}`) ?? null);
  }

  /** Seconds that a live run will still take; null where it is not known. */
  remaining(id: string): number | null {
    const left = this._runs.get(id)?.remaining_seconds ?? null;
    const since = this._fetched.get(id) ?? Date.now();
    return left === null
      ? null
      : Math.max(0, left - (Date.now() - since) / 1000);
  }

  /** Loads the list of runs; errors are kept in `error`, not thrown. */
  async refresh(): Promise<void> {
    try {
      const archived = this._showsArchived;
      const runs = await this._client.runs({ limit: LISTED, archived });
      // An older run that an editor shows is not in a list that was cut.
      this._runs = new Map(runs.length < LISTED ? [] : this._runs);
      runs.forEach(run => this._keep(run));
      this._status = 'ready';
    } catch (error) {
      this._error = messageOf(error);
      this._status = 'error';
    }
    this._announce(null);
  }

  /** The newest run of the document at a contents path. */
  async latest(path: string): Promise<IRun | null> {
    const [run] = await this._client.runs({ path, limit: 1 });
    if (run) {
      this._put(run);
    }
    return run ?? null;
  }

  /** Starts a run, or a part of one, of a saved document. */
  async start(
    path: string,
    parameters?: ReadonlyJSONObject,
    options?: IRunOptions
  ): Promise<IRun> {
    return this._put(await this._client.startRun(path, parameters, options));
  }

  /** Runs an old run again, with the code and the parameters that it had. */
  async rerun(id: string): Promise<IRun> {
    return this._put(await this._client.rerun(id));
  }

  /** Lists what was put away, too, or leaves it out again. */
  async showArchived(shows: boolean): Promise<void> {
    this._showsArchived = shows;
    this._announce(null);
    await this.refresh();
  }

  /** Runs what failed once more, in the same run. */
  async retry(id: string): Promise<IRun> {
    return this._put(await this._client.changeRun(id, 'retry'));
  }

  /** Puts a run away, or back. */
  async archive(id: string, archived: boolean): Promise<IRun> {
    const change = archived ? 'archive' : 'unarchive';
    return this._put(await this._client.changeRun(id, change));
  }

  /** Removes a run for good. */
  async remove(id: string): Promise<void> {
    await this._client.deleteRun(id);
    this._runs.delete(id);
    this._announce(null);
  }

  async cancel(id: string): Promise<IRun> {
    return this._put(await this._client.cancelRun(id));
  }

  /** Fetches one run anew. */
  async fetch(id: string): Promise<IRun> {
    return this._put(await this._client.run(id));
  }

  /** An output of a task, ready to be rendered; what a task gave never changes. */
  output(id: string, task: string, name: string): Promise<IOutputView> {
    const key = [id, task, name].join('/');
    let output = this._outputs.get(key);
    if (!output) {
      output = this._client.output(id, task, name);
      output.catch(() => this._outputs.delete(key));
      this._outputs.set(key, output);
    }
    return output;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._events?.disconnect(this._onEvent, this);
    this._poll.dispose();
    this._fetches.forEach(fetch => fetch.dispose());
    Signal.clearData(this);
  }

  /** Asks for all that may have been missed; call it when back on line. */
  async resync(): Promise<void> {
    await Promise.all([this.refresh(), this._resync()]);
  }

  private async _resync(): Promise<void> {
    const open = this.runs.filter(run => !isFinal(run.state));
    await Promise.all(open.map(run => this.fetch(run.run_id)));
    this._pollIfNeeded();
  }

  private _onEvent(_: unknown, emission: Event.Emission): void {
    const event = asRunEvent(emission);
    if (!event) {
      return;
    }
    this._note(event);
    const run = this._runs.get(event.run_id);
    if (run) {
      this._runs.set(event.run_id, applyEvent(run, event));
      this._announce(event.run_id);
    }
    this._fetchSoon(event.run_id);
  }

  /** Remembers when a task began, for its clock. */
  private _note(event: IRunEvent): void {
    const key = `${event.run_id}/${event.task}`;
    if (event.state === 'RUNNING' && event.task && !this._since.has(key)) {
      this._since.set(key, Date.parse(event.time) || Date.now());
    }
  }

  private _fetchSoon(id: string): void {
    let fetch = this._fetches.get(id);
    if (!fetch) {
      fetch = new Debouncer(async () => {
        // A fetch that fails is made up for by the next event or the poll.
        await this.fetch(id).catch(() => undefined);
      }, this._gather);
      this._fetches.set(id, fetch);
    }
    void fetch.invoke();
  }

  private _put(run: IRun): IRun {
    if (this._isDisposed) {
      return run;
    }
    this._keep(run);
    this._announce(run.run_id);
    return run;
  }

  private _keep(run: IRun): void {
    this._runs.set(run.run_id, run);
    this._fetched.set(run.run_id, Date.now());
  }

  private _announce(id: string | null): void {
    if (!this._isDisposed) {
      this._changed.emit(id);
      this._pollIfNeeded();
    }
  }

  /** The poll sleeps while every run is finished. */
  private _pollIfNeeded(): void {
    const unfinished = this.runs.some(run => !isFinal(run.state));
    const { phase } = this._poll.state;
    const asleep = phase === 'constructed' || phase === 'stopped';
    if (unfinished && asleep) {
      void this._poll.schedule({
        phase: 'started',
        interval: this._poll.frequency.interval
      });
    } else if (!unfinished && !asleep) {
      void this._poll.stop();
    }
  }

  private readonly _client: ClaimedClient;
  private readonly _events: IStream<unknown, Event.Emission> | null;
  private readonly _gather: number;
  private readonly _poll: Poll<void>;
  private _runs = new Map<string, IRun>();
  private _outputs = new Map<string, Promise<IOutputView>>();
  private _since = new Map<string, number>();
  /** When each run was fetched, in ms since the epoch. */
  private _fetched = new Map<string, number>();
  private _fetches = new Map<string, Debouncer<void>>();
  private _showsArchived = false;
  private _status: RunsStatus = 'loading';
  private _error = '';
  private _isDisposed = false;
  private _changed = new Signal<this, string | null>(this);
}
