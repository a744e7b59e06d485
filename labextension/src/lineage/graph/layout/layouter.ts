import { layoutGraph, layoutSteps } from './layout';
import { ILayout, ILayoutInput, buffersOf } from './shapes';

/** Up to how many vertices and edges it takes longer to ask a worker than to do it. */
const SMALL = 3000;
/** For how long the page may be kept waiting where there is no worker, in ms. */
const SLICE = 12;
/** How long an idle worker is kept, in ms. */
const IDLE = 60_000;

interface IJob {
  resolve: (layout: ILayout) => void;
  reject: (error: Error) => void;
  input: ILayoutInput;
}

/** Lays out without keeping the page waiting: in a worker, else in slices. */
export class Layouter {
  /** Whether a layout is made at once, and the page need not wait for it. */
  static isSmall({ widths, sources }: ILayoutInput): boolean {
    return widths.length + sources.length < SMALL;
  }

  /** The layout of a small graph. */
  now(input: ILayoutInput): ILayout {
    return layoutGraph(input);
  }

  async layout(input: ILayoutInput): Promise<ILayout> {
    const worker = this._worker ?? this._start();
    if (!worker) {
      return inSlices(input);
    }
    clearTimeout(this._timer);
    const id = this._next++;
    return new Promise((resolve, reject) => {
      this._jobs.set(id, { resolve, reject, input });
      // A copy goes: the input is needed again where the worker can't be loaded.
      const copy = copyOf(input);
      worker.postMessage({ id, input: copy }, buffersOf(copy));
    });
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._worker?.terminate();
    this._worker = null;
  }

  /** A worker; null where there can be none, by the page's policy for one. */
  private _start(): Worker | null {
    if (this._isRefused) {
      return null;
    }
    try {
      const worker = new Worker(new URL('./layout.worker.js', import.meta.url));
      worker.onmessage = ({ data }) => this._onAnswer(data);
      worker.onerror = () => this._onRefused();
      return (this._worker = worker);
    } catch {
      this._isRefused = true;
      return null;
    }
  }

  private _onAnswer({ id, layout }: { id: number; layout: ILayout }): void {
    this._jobs.get(id)?.resolve(layout);
    this._jobs.delete(id);
    if (this._jobs.size === 0) {
      this._timer = window.setTimeout(() => this.dispose(), IDLE);
    }
  }

  /** What was asked is done here instead. */
  private _onRefused(): void {
    this._isRefused = true;
    this.dispose();
    for (const { input, resolve, reject } of this._jobs.values()) {
      inSlices(input).then(resolve, reject);
    }
    this._jobs.clear();
  }

  private _worker: Worker | null = null;
  private _isRefused = false;
  private _next = 0;
  private _timer = 0;
  private readonly _jobs = new Map<number, IJob>();
}

function copyOf({ widths, heights, sources, targets }: ILayoutInput) {
  return {
    widths: widths.slice(),
    heights: heights.slice(),
    sources: sources.slice(),
    targets: targets.slice()
  };
}

/** Lays out here, and lets the page go on after each slice of time. */
export async function inSlices(input: ILayoutInput): Promise<ILayout> {
  const steps = layoutSteps(input);
  let begin = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      return value;
    }
    if (performance.now() - begin > SLICE) {
      await new Promise(resolve => setTimeout(resolve));
      begin = performance.now();
    }
  }
}
