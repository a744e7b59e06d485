import { GAP, ILayoutInput, ILists, listsBy } from './shapes';

/** What is placed: NaN is where nothing is yet. */
export interface ISpots {
  x: Float64Array;
  y: Float64Array;
}

/** Where long wires pass, which is to be kept free. */
export interface IWires {
  placeX: Float64Array;
  placeY: Float64Array;
}

const NO_WIRES = { placeX: new Float64Array(0), placeY: new Float64Array(0) };

/** How high a cell of the room is in which is looked for a free spot. */
const CELL = 512;

/**
 * Finds spots for what came beside what is placed, which does not move.
 *
 * What follows from something placed goes into the column to its right, what
 * leads to it into the one to its left, all of one neighbour together and as
 * near to its height as there is room. What hangs on nothing goes below.
 */
export function placeBeside(
  input: ILayoutInput,
  spots: ISpots,
  wires: IWires = NO_WIRES
): void {
  const { x, y } = spots;
  const { sources, targets } = input;
  const out = listsBy(sources, x.length);
  const into = listsBy(targets, x.length);
  const room = new Room(input, spots, wires);
  const queue: number[] = [];
  x.forEach((left, v) => !Number.isNaN(left) && queue.push(v));
  let lone = 0;
  for (let at = 0; at < queue.length || lone < x.length; at++) {
    if (at === queue.length) {
      while (lone < x.length && !Number.isNaN(x[lone])) {
        lone++;
      }
      if (lone === x.length) {
        break;
      }
      room.place([lone], 0, room.bottom + input.heights[lone] / 2 + GAP.row);
      queue.push(lone);
    }
    const v = queue[at];
    const pitch = input.widths[v] + GAP.column;
    const after = waiting(v, out, targets, y);
    const before = waiting(v, into, sources, y);
    const middle = y[v] + input.heights[v] / 2;
    room.place(after, x[v] + pitch, middle);
    room.place(before, x[v] - pitch, middle);
    queue.push(...after, ...before);
  }
}

/** The neighbours on one side that have no spot yet, each once. */
function waiting(
  v: number,
  { start, items }: ILists,
  ends: Int32Array,
  y: Float64Array
): number[] {
  const found = new Set<number>();
  for (let slot = start[v]; slot < start[v + 1]; slot++) {
    const w = ends[items[slot]];
    if (Number.isNaN(y[w])) {
      found.add(w);
    }
  }
  return [...found];
}

interface IRectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Knows what lies where, by cells. */
class Room {
  constructor(
    private readonly _input: ILayoutInput,
    private readonly _spots: ISpots,
    private readonly _wires: IWires
  ) {
    _spots.x.forEach((left, v) => !Number.isNaN(left) && this._put(v));
    _wires.placeX.forEach((_, place) => this._putWire(place));
  }

  /** Below everything. */
  bottom = 0;

  /** Puts some below each other around a height, together if there is room for all near it. */
  place(which: number[], x: number, middle: number): void {
    const { heights, widths } = this._input;
    const heightOf = (some: number[]) =>
      some.reduce((sum, v) => sum + heights[v] + GAP.row, -GAP.row);
    const total = heightOf(which);
    const isAlone = which.length === 1;
    const top = this._free(x, middle, widths[which[0]] ?? 0, total);
    const isNear = Math.abs(top + total / 2 - middle) < total + 3 * CELL;
    if (!isAlone && !isNear) {
      which.forEach(v => this.place([v], x, middle));
      return;
    }
    let y = top;
    for (const v of which) {
      this._spots.x[v] = x;
      this._spots.y[v] = y;
      this._put(v);
      y += heights[v] + GAP.row;
    }
  }

  /** The free top nearest to a middle, for so much height. */
  private _free(
    x: number,
    middle: number,
    width: number,
    height: number
  ): number {
    const wanted = middle - height / 2;
    const down = this._search(x, wanted, width, height, 1);
    const up = this._search(x, wanted, width, height, -1);
    return wanted - up < down - wanted ? up : down;
  }

  /** Goes up or down past whatever is in the way. */
  private _search(
    x: number,
    from: number,
    width: number,
    height: number,
    step: 1 | -1
  ): number {
    let y = from;
    for (;;) {
      const hit = this._hit(x, y, width, height);
      if (!hit) {
        return y;
      }
      y = step > 0 ? hit.bottom + GAP.row : hit.top - GAP.row - height;
    }
  }

  /** Something that a rectangle would touch. */
  private _hit(
    x: number,
    y: number,
    width: number,
    height: number
  ): IRectangle | null {
    const gap = GAP.row - 1;
    for (const key of keys(x, y - gap, width, height + 2 * gap)) {
      for (const it of this._cells.get(key) ?? []) {
        const isBeside = it.left >= x + width + gap || it.right + gap <= x;
        const isPast = it.top >= y + height + gap || it.bottom + gap <= y;
        if (!isBeside && !isPast) {
          return it;
        }
      }
    }
    return null;
  }

  private _put(v: number): void {
    const { x, y } = this._spots;
    const { widths, heights } = this._input;
    const [right, bottom] = [x[v] + widths[v], y[v] + heights[v]];
    this.bottom = Math.max(this.bottom, bottom);
    this._add({ left: x[v], top: y[v], right, bottom });
  }

  private _putWire(place: number): void {
    const { placeX, placeY } = this._wires;
    const half = (this._input.widths[0] ?? 0) / 2;
    const [x, y] = [placeX[place], placeY[place]];
    this._add({ left: x - half, top: y, right: x + half, bottom: y });
  }

  private _add(it: IRectangle): void {
    const [width, height] = [it.right - it.left, it.bottom - it.top];
    for (const key of keys(it.left, it.top, width, height)) {
      const cell = this._cells.get(key);
      if (cell) {
        cell.push(it);
      } else {
        this._cells.set(key, [it]);
      }
    }
  }

  private readonly _cells = new Map<string, IRectangle[]>();
}

function* keys(x: number, y: number, width: number, height: number) {
  const right = Math.floor((x + width) / CELL);
  const bottom = Math.floor((y + height) / CELL);
  for (let column = Math.floor(x / CELL); column <= right; column++) {
    for (let row = Math.floor(y / CELL); row <= bottom; row++) {
      yield `${column} ${row}`;
    }
  }
}
