import { IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { messageOf } from '../api/errors';

/** How often the log of a running task is read, in ms. */
const TAIL = 1500;

/** The log of one task of one run, read again while the task runs. */
export class LogModel implements IDisposable {
  constructor(private readonly _client: ClaimedClient) {
    this._poll = new Poll({
      name: 'claimed-jlab:log',
      auto: false,
      standby: 'when-hidden',
      factory: () => this._read(),
      frequency: { interval: TAIL, backoff: true }
    });
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get text(): string {
    return this._text;
  }
  /** Whether the beginning of the log was left out. */
  get truncated(): boolean {
    return this._truncated;
  }
  get error(): string {
    return this._error;
  }
  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /**
   * Follows a task's log; null follows none.
   *
   * live: whether the task may still write. When it no longer may, the log
   * is read once more and then left alone.
   */
  follow(run: string | null, task: string | null, live: boolean): void {
    const key = run && task ? `${run}/${task}` : null;
    if (key === this._key && live === this._live) {
      return;
    }
    if (key !== this._key) {
      this._text = '';
      this._error = '';
      this._truncated = false;
    }
    this._key = key;
    this._of = run && task ? [run, task] : null;
    this._live = live;
    if (!key) {
      void this._poll.stop();
    } else if (live) {
      void this._poll.refresh();
    } else {
      void this._poll.stop();
      void this._read();
    }
  }

  /** The last line in the log of a task; empty when there is none. */
  async lastLine(run: string, task: string): Promise<string> {
    const answer = await this._client.log(run, task).catch(() => null);
    return answer?.log.trimEnd().split('\n').pop() ?? '';
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  private async _read(): Promise<void> {
    if (!this._of) {
      return;
    }
    const key = this._key;
    const [run, task] = this._of;
    try {
      const { log, truncated } = await this._client.log(run, task);
      if (key !== this._key) {
        return; // another task was chosen meanwhile
      }
      this._text = log;
      this._truncated = truncated;
      this._error = '';
    } catch (error) {
      this._error = key === this._key ? messageOf(error) : this._error;
    }
    if (!this.isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _poll: Poll<void>;
  private _key: string | null = null;
  private _of: [string, string] | null = null;
  private _live = false;
  private _text = '';
  private _truncated = false;
  private _error = '';
  private _changed = new Signal<this, void>(this);
}
