import { middleOf } from '../model';
import type { Stage } from './stage';
import { Step, nearest, walk } from './walk';

const STEPS: { [key: string]: Step } = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down'
};

/** How far an arrow moves the picture, in pixels, and how much a key zooms. */
const PAN = 80;
const ZOOM = 1.3;

/** The keyboard: everything that the pointer can do. */
export class Keys {
  constructor(private readonly _stage: Stage) {
    _stage.host.addEventListener('keydown', event => {
      const isOurs = event.target === _stage.host;
      if (isOurs && !event.altKey && !event.metaKey && this._press(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }

  /** Does what a key is for; false when it is for nothing here. */
  private _press(event: KeyboardEvent): boolean {
    const step = STEPS[event.key];
    if (step) {
      if (event.shiftKey) {
        this._pan(step);
      } else {
        this._walk(step);
      }
      return true;
    }
    const act = event.ctrlKey ? undefined : this._acts[event.key];
    return act ? act() !== false : false;
  }

  private readonly _acts: { [key: string]: () => void | boolean } = {
    '+': () => this._stage.zoom(ZOOM),
    '=': () => this._stage.zoom(ZOOM),
    '-': () => this._stage.zoom(1 / ZOOM),
    '0': () => this._stage.showAll(),
    f: () => this._stage.showAll(),
    F: () => this._stage.showAll(),
    '[': () => this._expand('up'),
    ']': () => this._expand('down'),
    Enter: () => this._open(),
    Escape: () => this._clear(),
    ContextMenu: () => this._menu(),
    F10: () => this._menu()
  };

  private _pan(step: Step): void {
    const right = step === 'left' ? PAN : step === 'right' ? -PAN : 0;
    const down = step === 'up' ? PAN : step === 'down' ? -PAN : 0;
    this._stage.camera.pan(right, down);
    this._stage.moved();
  }

  /** To the next node; to the one in the middle of the screen when none is selected. */
  private _walk(step: Step): void {
    const { scene, camera, model } = this._stage;
    const { area } = camera;
    const from = this._selected();
    const v =
      from < 0
        ? nearest(
            scene,
            (area.left + area.right) / 2,
            (area.top + area.bottom) / 2
          )
        : walk(scene, from, step);
    if (v >= 0) {
      const { id } = scene.shown.vertices[v];
      model.select(id);
      this._stage.reveal(id);
    }
  }

  private _expand(direction: 'up' | 'down'): boolean {
    const { model } = this._stage;
    const id = model.selected;
    if (id === null || !model.node(id) || model.missing(id, direction) === 0) {
      return false;
    }
    model.expandRequested.emit({ id, direction });
    return true;
  }

  private _open(): boolean {
    const { model } = this._stage;
    const id = model.selected;
    if (id === null) {
      return false;
    }
    const group = model.group(id);
    if (group) {
      model.toggleGroup(id);
      model.select(middleOf(group).id);
    } else {
      model.opened.emit(id);
    }
    return true;
  }

  private _clear(): boolean {
    const { model } = this._stage;
    if (model.path.length) {
      model.highlight(null);
      return true;
    }
    const isSomething = model.selected !== null;
    model.select(null);
    return isSomething;
  }

  private _menu(): boolean {
    const { model, scene, camera, host } = this._stage;
    const v = this._selected();
    if (v < 0) {
      return false;
    }
    const { left, bottom } = scene.areaOf(v);
    const [x, y] = camera.toScreen(left, bottom);
    const box = host.getBoundingClientRect();
    const { id } = scene.shown.vertices[v];
    model.contextMenuRequested.emit({ id, x: box.left + x, y: box.top + y });
    return true;
  }

  private _selected(): number {
    const { model, scene } = this._stage;
    return scene.vertexOf(model.selected);
  }
}
