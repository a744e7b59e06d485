import { ISignal, Signal } from '@lumino/signaling';
import { Layouter } from '../layout/layouter';
import type { GraphModel, IGraphChange } from '../model';
import { inputOf, sceneBeside, sceneOf } from '../scene/arrange';
import { Scene } from '../scene/scene';

/** A new picture, the one before, and why it is another. */
export interface IArranged {
  scene: Scene;
  before: Scene;
  change: IGraphChange;
}

/** These need a layout; what else changes leaves the rest where it is. */
const ANEW: IGraphChange['what'][] = ['groups', 'graph'];

/** Makes pictures of what the model holds: one for all changes that come together. */
export class Arranger {
  constructor(private readonly _model: GraphModel) {
    _model.changed.connect(this._onChanged, this);
    if (_model.counts().nodes > 0) {
      this._add({ what: 'graph', anchor: _model.selected, fresh: new Set() });
    }
  }

  get scene(): Scene {
    return this._scene;
  }

  /** Whether a large layout is being made. */
  get isBusy(): boolean {
    return this._busy > 0;
  }

  /** Whether something was put beside since the last layout. */
  get isPatched(): boolean {
    return this._isPatched;
  }

  get arranged(): ISignal<this, IArranged> {
    return this._arranged;
  }

  get busyChanged(): ISignal<this, void> {
    return this._busyChanged;
  }

  /** Lays everything out anew; `anchor` stays where it is on the screen. */
  tidy(anchor: string | null): void {
    this._add({ what: 'groups', anchor, fresh: new Set() });
  }

  dispose(): void {
    Signal.clearData(this);
    this._layouter.dispose();
    this._turn = -1;
  }

  private _onChanged(_: GraphModel, change: IGraphChange): void {
    if (change.what !== 'highlight') {
      this._add(change);
    }
  }

  private _add(change: IGraphChange): void {
    const isFirst = this._waiting === null;
    // What comes while a picture is laid out has to be in the next layout.
    const before = this._waiting ?? (this.isBusy ? this._current : null);
    this._waiting = before ? merged(before, change) : change;
    if (isFirst) {
      queueMicrotask(() => void this._arrange());
    }
  }

  private async _arrange(): Promise<void> {
    const change = this._waiting;
    if (!change || this._turn < 0) {
      return;
    }
    this._waiting = null;
    this._current = change;
    const turn = ++this._turn;
    const scene = ANEW.includes(change.what)
      ? await this._layout()
      : sceneBeside(this._scene, this._model.shown);
    if (turn !== this._turn) {
      return; // another picture is wanted by now
    }
    const before = this._scene;
    this._scene = scene;
    this._isPatched =
      change.what === 'extend' ||
      (this._isPatched && !ANEW.includes(change.what));
    this._arranged.emit({ scene, before, change });
  }

  /** A promise only where one has to wait, so that what is small is there at once. */
  private _layout(): Scene | Promise<Scene> {
    const { shown } = this._model;
    const input = inputOf(shown);
    if (Layouter.isSmall(input)) {
      return sceneOf(shown, this._layouter.now(input));
    }
    this._setBusy(1);
    return this._layouter
      .layout(input)
      .then(layout => sceneOf(shown, layout))
      .finally(() => this._setBusy(-1));
  }

  private _setBusy(more: number): void {
    this._busy += more;
    this._busyChanged.emit();
  }

  private readonly _layouter = new Layouter();
  private readonly _arranged = new Signal<this, IArranged>(this);
  private readonly _busyChanged = new Signal<this, void>(this);
  private _scene = Scene.empty();
  private _waiting: IGraphChange | null = null;
  private _current: IGraphChange | null = null;
  private _turn = 0;
  private _busy = 0;
  private _isPatched = false;
}

/** Two changes as one: the one that changes more counts. */
function merged(one: IGraphChange, two: IGraphChange): IGraphChange {
  const rank = ({ what }: IGraphChange) =>
    what === 'states' ? -2 : ANEW.indexOf(what);
  const more = rank(two) >= rank(one) ? two : one;
  return {
    what: more.what,
    anchor: more.anchor ?? one.anchor,
    fresh: new Set([...one.fresh, ...two.fresh])
  };
}
