import type { IBrush } from '../paint/brush';
import { drawMarks } from '../paint/marks';
import type { Scene } from '../scene/scene';
import type { Camera } from './camera';

const WIDE = 180;
const HIGH = 110;
const MARGIN = 6;

/** The whole picture in a corner, with what is on the screen; shown when that is not all. */
export class Minimap {
  constructor(private readonly _moved: (x: number, y: number) => void) {
    this.node.className = 'claimed-LineageGraph-map';
    this.node.hidden = true;
    this.node.setAttribute('aria-hidden', 'true'); // all it does, keys do too
    for (const type of ['pointerdown', 'pointermove'] as const) {
      this.node.addEventListener(type, event => this._onPointer(event));
    }
  }

  readonly node = document.createElement('canvas');

  update(brush: IBrush, camera: Camera, ratio: number): void {
    const { scene } = brush;
    const { left, top, right, bottom } = scene.bounds;
    const { area } = camera;
    const isAll =
      area.left <= left &&
      area.top <= top &&
      area.right >= right &&
      area.bottom >= bottom;
    this.node.hidden = isAll || scene.size === 0 || camera.width < 3 * WIDE;
    if (this.node.hidden) {
      return;
    }
    this._scale = Math.min(
      (WIDE - 2 * MARGIN) / (right - left),
      (HIGH - 2 * MARGIN) / (bottom - top)
    );
    this._left = (left + right) / 2 - WIDE / 2 / this._scale;
    this._top = (top + bottom) / 2 - HIGH / 2 / this._scale;
    if (scene !== this._scene || brush.style !== this._style) {
      [this._scene, this._style] = [scene, brush.style];
      this._paint(brush, ratio);
    }
    this._frame(brush, camera, ratio);
  }

  /** The marks, once for each picture. */
  private _paint(brush: IBrush, ratio: number): void {
    this._marks.width = this.node.width = WIDE * ratio;
    this._marks.height = this.node.height = HIGH * ratio;
    const context = this._marks.getContext('2d')!;
    const zoom = this._scale * ratio;
    context.setTransform(zoom, 0, 0, zoom, 0, 0);
    // However large: no shape as small as this has corners or cards behind it.
    const scale = Math.min(this._scale / 1.6, 0.1);
    const at = { left: this._left, top: this._top, scale };
    const all = brush.scene.shown.vertices.map((_, v) => v);
    drawMarks({ ...brush, ...at, context }, all);
  }

  private _frame({ style }: IBrush, camera: Camera, ratio: number): void {
    const context = this.node.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.node.width, this.node.height);
    context.globalAlpha = 0.8;
    context.drawImage(this._marks, 0, 0);
    context.globalAlpha = 1;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { left, top, right, bottom } = camera.area;
    context.strokeStyle = style.brand;
    context.lineWidth = 1.5;
    context.strokeRect(
      (left - this._left) * this._scale,
      (top - this._top) * this._scale,
      Math.max(4, (right - left) * this._scale),
      Math.max(4, (bottom - top) * this._scale)
    );
  }

  private _onPointer(event: PointerEvent): void {
    if (event.buttons === 1) {
      event.stopPropagation();
      const { left, top } = this.node.getBoundingClientRect();
      this._moved(
        this._left + (event.clientX - left) / this._scale,
        this._top + (event.clientY - top) / this._scale
      );
    }
  }

  private readonly _marks = document.createElement('canvas');
  private _scene: Scene | null = null;
  private _style: unknown = null;
  private _scale = 1;
  private _left = 0;
  private _top = 0;
}
