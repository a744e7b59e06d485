/** A rectangle, in the same unit as what is asked for. */
export interface IArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Whether all of an area lies in another. */
export function contains(outer: IArea, inner: IArea): boolean {
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.right <= outer.right &&
    inner.bottom <= outer.bottom
  );
}

/** Whether two areas have a point in common. */
export function meets(one: IArea, two: IArea): boolean {
  return (
    one.left <= two.right &&
    two.left <= one.right &&
    one.top <= two.bottom &&
    two.top <= one.bottom
  );
}

/** The rectangles of things, by number. */
export interface IRectangles {
  count: number;
  left: Float64Array;
  top: Float64Array;
  right: Float64Array;
  bottom: Float64Array;
}

/** The side of the smallest cells. */
const CELL = 256;
/** Keeps a cell's two numbers apart in one. */
const WIDE = 2 ** 26;

interface ILevel {
  cell: number;
  /** The first thing in each cell; `next` has the others. */
  heads: Map<number, number>;
}

/**
 * Finds what touches an area without looking at the rest.
 *
 * Each thing lies in one cell of the grid whose cells are just larger than
 * it, so that a wire over the whole picture is found as fast as a card.
 */
export class Grid {
  constructor(private readonly _things: IRectangles) {
    const { count, left, top, right, bottom } = _things;
    this._next = new Int32Array(count).fill(-1);
    for (let i = 0; i < count; i++) {
      const size = Math.max(right[i] - left[i], bottom[i] - top[i], 1);
      const level = this._level(Math.max(0, Math.ceil(Math.log2(size / CELL))));
      const key = keyOf(
        Math.floor(left[i] / level.cell),
        Math.floor(top[i] / level.cell)
      );
      this._next[i] = level.heads.get(key) ?? -1;
      level.heads.set(key, i);
    }
  }

  /** The numbers of all that touches an area. */
  query(area: IArea): number[] {
    const found: number[] = [];
    for (const level of this._levels.values()) {
      const { cell, heads } = level;
      const [left, right] = [area.left / cell - 1, area.right / cell];
      const [top, bottom] = [area.top / cell - 1, area.bottom / cell];
      if ((right - left + 1) * (bottom - top + 1) > heads.size) {
        heads.forEach(head => this._collect(head, area, found));
        continue;
      }
      for (let column = Math.floor(left); column <= right; column++) {
        for (let row = Math.floor(top); row <= bottom; row++) {
          this._collect(heads.get(keyOf(column, row)) ?? -1, area, found);
        }
      }
    }
    return found;
  }

  private _collect(head: number, area: IArea, found: number[]): void {
    const { left, top, right, bottom } = this._things;
    for (let i = head; i >= 0; i = this._next[i]) {
      if (
        left[i] <= area.right &&
        right[i] >= area.left &&
        top[i] <= area.bottom &&
        bottom[i] >= area.top
      ) {
        found.push(i);
      }
    }
  }

  private _level(number: number): ILevel {
    let level = this._levels.get(number);
    if (!level) {
      level = { cell: CELL * 2 ** number, heads: new Map() };
      this._levels.set(number, level);
    }
    return level;
  }

  private readonly _next: Int32Array;
  private readonly _levels = new Map<number, ILevel>();
}

function keyOf(column: number, row: number): number {
  return (column + WIDE / 2) * WIDE + row + WIDE / 2;
}
