import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { EnginesClient, ISchedule, IScheduleRequest } from '../api/engines';
import { messageOf } from '../api/errors';
import { EnginesModel } from '../engines/model';

/** A schedule, and the engine that keeps it. */
export interface IKept {
  engine: string;
  schedule: ISchedule;
}

/**
 * The schedules of all engines that have any. Knows nothing of the DOM.
 *
 * What fails at one schedule is kept for it; what fails at an engine does not
 * hide the schedules of another.
 */
export class SchedulesModel implements IDisposable {
  constructor(
    private readonly _client: EnginesClient,
    readonly engines: EnginesModel
  ) {}

  /** Emitted when anything that a view shows has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  /** The newest first. */
  get schedules(): IKept[] {
    return this._schedules;
  }
  /** Whether they were asked for. */
  get isKnown(): boolean {
    return this._isKnown;
  }
  /** Why those of an engine are not known, in one line. */
  get error(): string {
    return this._error;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  isBusy({ schedule }: IKept): boolean {
    return this._busy.has(schedule.id);
  }
  /** What went wrong when it was last changed, in one line. */
  problemOf({ schedule }: IKept): string {
    return this._problems.get(schedule.id) ?? '';
  }

  async refresh(): Promise<void> {
    await this.engines.load();
    const names = this.engines.scheduling.map(({ name }) => name);
    const errors: string[] = [];
    const found = await Promise.all(
      names.map(engine =>
        this._client.schedules(engine).then(
          all => all.map(schedule => ({ engine, schedule })),
          error => {
            errors.push(messageOf(error));
            return this._schedules.filter(kept => kept.engine === engine);
          }
        )
      )
    );
    this._schedules = found
      .flat()
      .sort((a, b) => createdOf(b).localeCompare(createdOf(a)));
    this._error = errors.join(' ');
    this._isKnown = true;
    this._emit();
  }

  /** Makes a schedule. Rejects with what the engine says. */
  async create(engine: string, request: IScheduleRequest): Promise<IKept> {
    const schedule = await this._client.createSchedule(engine, request);
    const kept = { engine, schedule };
    this._schedules = [kept, ...this._schedules];
    this._isKnown = true;
    this._emit();
    return kept;
  }

  setEnabled(kept: IKept, enabled: boolean): Promise<void> {
    const { engine, schedule } = kept;
    return this._act(kept, async () => ({
      engine,
      schedule: await this._client.switchSchedule(engine, schedule.id, enabled)
    }));
  }

  remove(kept: IKept): Promise<void> {
    const { engine, schedule } = kept;
    return this._act(kept, async () => {
      await this._client.deleteSchedule(engine, schedule.id);
      return null;
    });
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Does one thing to a schedule, which then is what `act` gives; null is gone. */
  private async _act(
    { schedule: { id } }: IKept,
    act: () => Promise<IKept | null>
  ): Promise<void> {
    if (this._busy.has(id)) {
      return;
    }
    this._busy.add(id);
    this._problems.delete(id);
    this._emit();
    try {
      const now = await act();
      this._schedules = this._schedules.flatMap(kept =>
        kept.schedule.id === id ? (now ?? []) : kept
      );
    } catch (error) {
      this._problems.set(id, messageOf(error));
    } finally {
      this._busy.delete(id);
      this._emit();
    }
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _schedules: IKept[] = [];
  private _isKnown = false;
  private _error = '';
  private _busy = new Set<string>();
  private _problems = new Map<string, string>();
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}

function createdOf({ schedule }: IKept): string {
  return schedule.created ?? '';
}
