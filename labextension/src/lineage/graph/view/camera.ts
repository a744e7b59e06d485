import type { IArea } from '../scene/grid';

/** The nearest one may come, and how large a small graph is drawn when all of it is shown. */
const NEAREST = 2.5;
const LARGEST_FIT = 1.1;
const MARGIN = 32;

/** Which part of the picture is on the screen, and how large. */
export class Camera {
  /** Pixels of the screen for one of the picture. */
  scale = 1;
  /** What is at the top left of the screen. */
  x = 0;
  y = 0;
  /** The screen, in its pixels. */
  width = 0;
  height = 0;

  /** The picture that there is to see. */
  bounds: IArea = { left: 0, top: 0, right: 0, bottom: 0 };

  get area(): IArea {
    return {
      left: this.x,
      top: this.y,
      right: this.x + this.width / this.scale,
      bottom: this.y + this.height / this.scale
    };
  }

  toPicture(x: number, y: number): [number, number] {
    return [this.x + x / this.scale, this.y + y / this.scale];
  }

  toScreen(x: number, y: number): [number, number] {
    return [(x - this.x) * this.scale, (y - this.y) * this.scale];
  }

  /** Moves the picture by pixels of the screen. */
  pan(right: number, down: number): void {
    this.x -= right / this.scale;
    this.y -= down / this.scale;
    this._stay();
  }

  /** Zooms about a point of the screen that stays where it is. */
  zoom(factor: number, x = this.width / 2, y = this.height / 2): void {
    const [px, py] = this.toPicture(x, y);
    this.scale = this._possible(this.scale * factor);
    this.x = px - x / this.scale;
    this.y = py - y / this.scale;
  }

  /** Where the whole picture is seen. */
  fitted(): [number, number, number] {
    return this.around(this.bounds);
  }

  /** Where an area is seen as a whole. */
  around({ left, top, right, bottom }: IArea): [number, number, number] {
    const scale = Math.min(
      (this.width - 2 * MARGIN) / Math.max(1, right - left),
      (this.height - 2 * MARGIN) / Math.max(1, bottom - top),
      LARGEST_FIT
    );
    return this.centred((left + right) / 2, (top + bottom) / 2, scale);
  }

  /** Where a point is as near to the middle as it can be with the screen full of the picture. */
  filled(x: number, y: number, scale: number): [number, number, number] {
    const { left, top, right, bottom } = this.bounds;
    const margin = MARGIN / scale;
    const clamp = (at: number, low: number, high: number, size: number) => {
      const [least, most] = [low - margin + size / 2, high + margin - size / 2];
      return least > most
        ? (low + high) / 2
        : Math.max(least, Math.min(most, at));
    };
    return this.centred(
      clamp(x, left, right, this.width / scale),
      clamp(y, top, bottom, this.height / scale),
      scale
    );
  }

  /** Where a point is in the middle. */
  centred(x: number, y: number, scale: number): [number, number, number] {
    const fit = Math.max(scale, 1e-5);
    return [x - this.width / 2 / fit, y - this.height / 2 / fit, fit];
  }

  go([x, y, scale]: [number, number, number]): void {
    [this.x, this.y, this.scale] = [x, y, scale];
  }

  private _possible(scale: number): number {
    const least = Math.min(0.25, this.fitted()[2] * 0.7);
    return Math.max(least, Math.min(NEAREST, scale));
  }

  /** Keeps a corner of the picture on the screen. */
  private _stay(): void {
    const { left, top, right, bottom } = this.bounds;
    const [wide, high] = [this.width / this.scale, this.height / this.scale];
    const [x, y] = [wide * 0.85, high * 0.85];
    this.x = Math.max(left - x, Math.min(right - wide + x, this.x));
    this.y = Math.max(top - y, Math.min(bottom - high + y, this.y));
  }
}
