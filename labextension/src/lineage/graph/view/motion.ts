/** How long the camera takes to get somewhere, in ms. */
const TIME = 260;

/** Moves numbers from where they are to where they are to be; at once for whom motion is a nuisance. */
export class Motion {
  /** go: takes the numbers on the way.  ended: asked after each step whether to go on. */
  constructor(
    private readonly _go: (at: [number, number, number]) => void,
    private readonly _redraw: () => void
  ) {}

  get isMoving(): boolean {
    return this._to !== null;
  }

  start(
    from: [number, number, number],
    to: [number, number, number],
    isAtOnce = false
  ): void {
    if (isAtOnce || matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this._to = null;
      this._go(to);
    } else {
      [this._from, this._to] = [from, to];
      this._begin = performance.now();
    }
    this._redraw();
  }

  stop(): void {
    this._to = null;
  }

  /** One frame's step. */
  step(now: number): void {
    if (!this._to) {
      return;
    }
    const passed = Math.min(1, Math.max(0, (now - this._begin) / TIME));
    const share = 1 - (1 - passed) ** 3;
    const [from, to] = [this._from, this._to];
    const mix = (i: number) => from[i] + (to[i] - from[i]) * share;
    // Scales are mixed by their ratio: halfway between 1 and 4 is 2.
    const scale = from[2] * (to[2] / from[2]) ** share;
    this._go(passed < 1 ? [mix(0), mix(1), scale] : to);
    if (passed === 1) {
      this._to = null;
    }
    this._redraw();
  }

  private _from: [number, number, number] = [0, 0, 1];
  private _to: [number, number, number] | null = null;
  private _begin = 0;
}
