import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { Feature, IEngine } from '../api/engines';

/** The engine of this machine: it is always there, and needs no settings. */
export const LOCAL = 'local';

/**
 * The engines that pipelines run on. Knows nothing of the DOM.
 *
 * A server that cannot say leaves the one that is always there: nobody is kept
 * from running here by a list.
 */
export class EnginesModel implements IDisposable {
  constructor(private readonly _client: ClaimedClient) {}

  /** Emitted when the list, or what is known of an engine, has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  /** The local one first. */
  get engines(): IEngine[] {
    return this._engines;
  }
  /** Whether there is anything to choose: another that runs, or could. */
  get isChoice(): boolean {
    const possible = this._engines.filter(
      ({ ready, configurable }) => ready || configurable
    );
    return possible.length > 1;
  }
  /** Those that run pipelines on a schedule, now. */
  get scheduling(): IEngine[] {
    return this._engines.filter(
      ({ ready, features }) => ready && features.includes('schedules')
    );
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  get(name: string): IEngine | null {
    return this._engines.find(engine => engine.name === name) ?? null;
  }

  /** Whether an engine can do something; what is not known is not forbidden. */
  can(name: string, feature: Feature): boolean {
    return this.get(name)?.features.includes(feature) ?? name === LOCAL;
  }

  /** Asks the server, once. */
  load(): Promise<void> {
    this._loaded ??= this.refresh();
    return this._loaded;
  }

  /** Asks the server. */
  async refresh(): Promise<void> {
    try {
      this._engines = await this._client.engines.list();
    } catch {
      this._loaded = null; // the next who wants to know asks again
    }
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _engines: IEngine[] = [];
  private _loaded: Promise<void> | null = null;
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}
