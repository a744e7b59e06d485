import type { IArea } from '../scene/grid';
import type { Camera } from './camera';

/** The side of a tile, in pixels of the screen. */
const SIDE = 512;
/** How long one may paint within a frame when something is there to be seen, in ms; and when nothing is. */
const BUDGET = 9;
const FIRST_BUDGET = 350;
/** Canvases that are kept to be used again. */
const KEPT = 48;

/** Paints an area of the picture; the context is scaled, its corner is the area's. */
export type PaintTile = (
  context: CanvasRenderingContext2D,
  area: IArea,
  scale: number
) => void;

interface ILevel {
  scale: number;
  tiles: Map<string, HTMLCanvasElement>;
}

/**
 * The picture as tiles that are painted once and moved while one pans.
 *
 * While one zooms the tiles of the last scale are shown until those of the
 * new one are painted, a few in each frame.
 */
export class Tiles {
  constructor(private readonly _paint: PaintTile) {}

  /** Forgets what was painted; with `keep` it is shown until there is something newer. */
  clear(keep = false): void {
    if (!keep) {
      this._drop(this._old);
      this._old = null;
    } else if (this._isWhole || !this._old) {
      this._drop(this._old);
      this._old = this._level;
      this._level = null;
    }
    this._drop(this._level);
    this._level = null;
  }

  /** Draws what the camera sees; false when some of it is still to be painted. */
  draw(
    context: CanvasRenderingContext2D,
    camera: Camera,
    ratio: number
  ): boolean {
    if (this._ratio !== ratio) {
      this._ratio = ratio;
      this._pool.length = 0;
      this.clear();
    }
    const level = this._levelAt(camera.scale);
    const wanted = cells(camera, camera.scale, 0);
    this._isWhole = this._paintMissing(level, wanted);
    if (!this._isWhole && this._old) {
      this._show(context, camera, this._old);
    } else if (this._isWhole) {
      this._drop(this._old);
      this._old = null;
    }
    this._show(context, camera, level);
    this._forgetFar(level, camera);
    return this._isWhole;
  }

  /** Paints one of the tiles around what is seen, for when one pans there; false when all are there. */
  prepare(camera: Camera): boolean {
    const level = this._levelAt(camera.scale);
    for (const [column, row] of cells(camera, camera.scale, 1)) {
      const key = `${column} ${row}`;
      if (!level.tiles.has(key)) {
        level.tiles.set(key, this._make(level.scale, column, row));
        return true;
      }
    }
    return false;
  }

  private _levelAt(scale: number): ILevel {
    if (this._level && this._level.scale !== scale) {
      if (this._isWhole || !this._old) {
        this._drop(this._old);
        this._old = this._level;
      } else {
        this._drop(this._level);
      }
      this._level = null;
    }
    return (this._level ??= { scale, tiles: new Map() });
  }

  private _paintMissing(level: ILevel, wanted: [number, number][]): boolean {
    const begin = performance.now();
    const hasBefore = this._old !== null || level.tiles.size > 0;
    const budget = hasBefore ? BUDGET : FIRST_BUDGET;
    let painted = 0;
    for (const [column, row] of wanted) {
      const key = `${column} ${row}`;
      if (!level.tiles.has(key)) {
        if (painted > 0 && performance.now() - begin > budget) {
          return false;
        }
        level.tiles.set(key, this._make(level.scale, column, row));
        painted++;
      }
    }
    return true;
  }

  private _make(scale: number, column: number, row: number): HTMLCanvasElement {
    const canvas = this._pool.pop() ?? document.createElement('canvas');
    const side = Math.ceil(SIDE * this._ratio);
    if (canvas.width !== side) {
      canvas.width = canvas.height = side;
    }
    const context = canvas.getContext('2d')!;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, side, side);
    const zoom = scale * this._ratio;
    context.setTransform(zoom, 0, 0, zoom, 0, 0);
    const size = SIDE / scale;
    const [left, top] = [column * size, row * size];
    const area = { left, top, right: left + size, bottom: top + size };
    this._paint(context, area, scale);
    return canvas;
  }

  private _show(
    context: CanvasRenderingContext2D,
    camera: Camera,
    level: ILevel
  ): void {
    const zoom = camera.scale / level.scale;
    const side = SIDE * zoom;
    const snap = (at: number) => Math.round(at * this._ratio) / this._ratio;
    const left = snap(-camera.x * camera.scale);
    const top = snap(-camera.y * camera.scale);
    for (const [key, canvas] of level.tiles) {
      const [column, row] = key.split(' ').map(Number);
      const [x, y] = [left + column * side, top + row * side];
      const isSeen =
        x < camera.width && y < camera.height && x + side > 0 && y + side > 0;
      if (isSeen) {
        context.drawImage(canvas, x, y, side, side);
      }
    }
  }

  private _forgetFar(level: ILevel, camera: Camera): void {
    if (level.tiles.size > KEPT) {
      const near = new Set(cells(camera, level.scale, 1).map(c => c.join(' ')));
      for (const [key, canvas] of level.tiles) {
        if (!near.has(key)) {
          level.tiles.delete(key);
          this._pool.push(canvas);
        }
      }
    }
  }

  private _drop(level: ILevel | null): void {
    if (level) {
      this._pool.push(...level.tiles.values());
      this._pool.length = Math.min(this._pool.length, KEPT);
    }
  }

  private _level: ILevel | null = null;
  private _old: ILevel | null = null;
  private _isWhole = false;
  private _ratio = 0;
  private readonly _pool: HTMLCanvasElement[] = [];
}

/** The tiles that a camera sees, and `around` more on each side; the middle ones first. */
function cells(
  { area, width, height }: Camera,
  scale: number,
  around: number
): [number, number][] {
  const size = SIDE / scale;
  const found: [number, number][] = [];
  if (width <= 0 || height <= 0) {
    return found;
  }
  const first = Math.floor(area.left / size) - around;
  const top = Math.floor(area.top / size) - around;
  for (let column = first; column <= area.right / size + around; column++) {
    for (let row = top; row <= area.bottom / size + around; row++) {
      found.push([column, row]);
    }
  }
  const away = ([column, row]: [number, number]) =>
    Math.hypot(
      (column + 0.5) * size - (area.left + area.right) / 2,
      (row + 0.5) * size - (area.top + area.bottom) / 2
    );
  return found.sort((a, b) => away(a) - away(b));
}

/** Gives a canvas as many pixels as it has on the screen. */
export function fitCanvas(
  canvas: HTMLCanvasElement,
  wide: number,
  high: number,
  ratio: number
): void {
  const [width, height] = [Math.round(wide * ratio), Math.round(high * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    [canvas.width, canvas.height] = [width, height];
  }
}
