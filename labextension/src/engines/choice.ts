import { IStateDB } from '@jupyterlab/statedb';
import { ISignal, Signal } from '@lumino/signaling';
import { Feature, IEngine } from '../api/engines';
import { EnginesModel, LOCAL } from './model';

const NAMESPACE = 'claimed-jlab:engine';

/** Which engine each document was last meant for; kept in the browser, not in the document. */
export class EngineMemory {
  /** db: where it is kept; null forgets it. */
  constructor(private readonly _db: IStateDB | null) {}

  async of(path: string): Promise<string> {
    const found = await this._db?.fetch(key(path)).catch(() => undefined);
    return typeof found === 'string' ? found : LOCAL;
  }

  async keep(path: string, engine: string): Promise<void> {
    // What is not remembered is chosen again.
    await this._db?.save(key(path), engine).catch(() => undefined);
  }
}

function key(path: string): string {
  return `${NAMESPACE}:${path}`;
}

/** The engine that one document is meant for. */
export class EngineChoice {
  constructor(
    readonly engines: EnginesModel,
    private readonly _memory: EngineMemory,
    private readonly _path: () => string
  ) {
    engines.changed.connect(this._onEngines, this);
  }

  /** Emitted when another is chosen, or more is known of them. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get name(): string {
    return this._name;
  }
  get engine(): IEngine | null {
    return this.engines.get(this._name);
  }

  can(feature: Feature): boolean {
    return this.engines.can(this._name, feature);
  }

  /** Takes up what was chosen the last time, where that is still there. */
  async restore(): Promise<void> {
    const last = await this._memory.of(this._path());
    const loaded = this.engines.load();
    if (last !== LOCAL) {
      await loaded;
      this._name = this.engines.get(last) ? last : LOCAL;
      this._emit();
    }
  }

  async choose(name: string): Promise<void> {
    if (name !== this._name) {
      this._name = name;
      this._emit();
      await this._memory.keep(this._path(), name);
    }
  }

  dispose(): void {
    this._isDisposed = true;
    this.engines.changed.disconnect(this._onEngines, this);
    Signal.clearData(this);
  }

  private _onEngines(): void {
    const { engines } = this.engines;
    if (engines.length > 0 && !this.engine) {
      this._name = LOCAL; // it was taken away
    }
    this._emit();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _name = LOCAL;
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}
