import { tabsOf } from '../paint/handles';
import { detailAt } from '../paint/lod';
import type { Stage } from './stage';
import type { Tip } from './tip';
import { tipLines } from './words';

/** From how many pixels on a press is a drag. */
const DRAG = 4;
/** How near to a mark one need come, in pixels. */
const NEAR = 6;
/** How much a step of the wheel zooms. */
const WHEEL = 0.0022;
const LINE = 32;

/** The mouse, the touchpad, fingers. */
export class Pointer {
  constructor(
    private readonly _stage: Stage,
    private readonly _tip: Tip
  ) {
    const { host } = _stage;
    const on = <K extends keyof HTMLElementEventMap>(
      type: K,
      act: (event: HTMLElementEventMap[K]) => void
    ) => host.addEventListener(type, act, { passive: false });
    on('pointerdown', event => this._onDown(event));
    on('pointermove', event => this._onMove(event));
    on('pointerup', event => this._onUp(event));
    on('pointercancel', event => this._forget(event));
    on('pointerleave', () => this._leave());
    on('dblclick', event => this._onDouble(event));
    on('contextmenu', event => this._onMenu(event));
    on('wheel', event => this._onWheel(event));
  }

  private _onDown(event: PointerEvent): void {
    if (event.button > 1 || isControl(event)) {
      return;
    }
    this._stage.host.focus({ preventScroll: true });
    this._down.set(event.pointerId, event);
    this._start = this._down.size === 1 ? event : null;
    this._isDrag = false;
    this._tip.hide();
  }

  private _onMove(event: PointerEvent): void {
    const before = this._down.get(event.pointerId);
    if (!before) {
      this._hover(event);
      return;
    }
    const { camera, host } = this._stage;
    if (this._down.size === 2) {
      this._pinch(before, event);
    } else if (this._start) {
      const { clientX, clientY } = this._start;
      const far = Math.hypot(event.clientX - clientX, event.clientY - clientY);
      if (!this._isDrag && far < DRAG) {
        return;
      }
      if (!this._isDrag) {
        host.setPointerCapture(event.pointerId);
        host.classList.add('claimed-mod-dragging');
      }
      this._isDrag = true;
      camera.pan(
        event.clientX - before.clientX,
        event.clientY - before.clientY
      );
      this._stage.moved();
    }
    this._down.set(event.pointerId, event);
  }

  /** Two fingers: what is between them grows with their distance. */
  private _pinch(before: PointerEvent, event: PointerEvent): void {
    const other = [...this._down.values()].find(
      ({ pointerId }) => pointerId !== event.pointerId
    )!;
    const away = (one: PointerEvent) =>
      Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
    const [x, y] = this._at(event);
    const [ox, oy] = this._at(other);
    this._isDrag = true;
    this._stage.camera.zoom(
      away(event) / Math.max(1, away(before)),
      (x + ox) / 2,
      (y + oy) / 2
    );
    this._stage.moved();
  }

  private _onUp(event: PointerEvent): void {
    const isClick = this._start?.pointerId === event.pointerId && !this._isDrag;
    this._forget(event);
    if (isClick && event.button === 0) {
      this._click(event);
    }
  }

  private _forget({ pointerId }: PointerEvent): void {
    this._down.delete(pointerId);
    this._start = null;
    this._stage.host.classList.remove('claimed-mod-dragging');
  }

  private _click(event: PointerEvent): void {
    const { model, scene } = this._stage;
    const v = this._hit(event);
    if (v < 0) {
      model.select(null);
      return;
    }
    const { id, group } = scene.shown.vertices[v];
    if (group) {
      model.toggleGroup(id);
    } else {
      model.select(id);
    }
  }

  private _onDouble(event: MouseEvent): void {
    const v = this._hit(event);
    const node = v < 0 ? null : this._stage.scene.shown.vertices[v].node;
    if (node && !isControl(event)) {
      this._stage.model.opened.emit(node.id);
    }
  }

  private _onMenu(event: MouseEvent): void {
    const v = this._hit(event);
    event.preventDefault();
    event.stopPropagation();
    this._tip.hide();
    if (v >= 0) {
      const { model, scene } = this._stage;
      const { id } = scene.shown.vertices[v];
      model.select(id);
      const { clientX: x, clientY: y } = event;
      model.contextMenuRequested.emit({ id, x, y });
    }
  }

  private _onWheel(event: WheelEvent): void {
    const { camera } = this._stage;
    event.preventDefault();
    this._tip.hide();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    if (event.ctrlKey || event.metaKey) {
      const by = Math.max(-120, Math.min(120, event.deltaY * unit));
      // A pinch on a touchpad comes as many small steps.
      const strength = Math.abs(by) < 20 ? 5 * WHEEL : WHEEL;
      camera.zoom(Math.exp(-by * strength), ...this._at(event));
    } else {
      const isSideways = event.shiftKey && event.deltaX === 0;
      const right = isSideways ? event.deltaY : event.deltaX;
      camera.pan(-right * unit, isSideways ? 0 : -event.deltaY * unit);
    }
    this._stage.moved();
  }

  private _hover(event: PointerEvent): void {
    const { model, scene, host, trans } = this._stage;
    const v = isControl(event) ? -1 : this._hit(event);
    // A node keeps its tabs while the pointer is on one of them.
    const id = v < 0 ? tabbed(event) : scene.shown.vertices[v].id;
    host.classList.toggle('claimed-mod-hit', v >= 0);
    if (id !== model.hovered || v < 0) {
      model.hovered = id;
      this._tip.hide();
    }
    if (v >= 0) {
      const lines = tipLines(scene, v, trans);
      this._tip.show(lines, ...this._at(event), this._below(v));
    }
  }

  /** Below the tabs of a vertex, in pixels of the screen; 0 when it has none. */
  private _below(v: number): number {
    const { camera, model, scene } = this._stage;
    const missing = model.missing.bind(model);
    const tabs = tabsOf(scene, v, missing, camera.scale);
    return tabs.length ? camera.toScreen(0, tabs[0].area.bottom)[1] : 0;
  }

  private _leave(): void {
    this._tip.hide();
    this._stage.model.hovered = null;
  }

  private _hit(event: MouseEvent): number {
    const { camera, scene } = this._stage;
    const near = detailAt(camera.scale) === 'far' ? NEAR / camera.scale : 0;
    return scene.hit(...camera.toPicture(...this._at(event)), near);
  }

  private _at({ clientX, clientY }: MouseEvent): [number, number] {
    const { left, top } = this._stage.host.getBoundingClientRect();
    return [clientX - left, clientY - top];
  }

  private readonly _down = new Map<number, PointerEvent>();
  private _start: PointerEvent | null = null;
  private _isDrag = false;
}

/** The node whose tab it is about; null without. */
function tabbed({ target }: MouseEvent): string | null {
  return (target as HTMLElement).dataset.of ?? null;
}

/** Whether it is about something that lies on the picture, which sees to it itself. */
function isControl({ target }: MouseEvent): boolean {
  return !!(target as HTMLElement).closest(
    'button, .claimed-LineageGraph-over'
  );
}
