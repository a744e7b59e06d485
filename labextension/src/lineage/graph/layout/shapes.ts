/** What is laid out, in arrays that go to a worker without being copied. */
export interface ILayoutInput {
  /** The size of each box in pixels. */
  widths: Float32Array;
  heights: Float32Array;
  /** The ends of each edge, by number; cycles, loops and doubles are tolerated. */
  sources: Int32Array;
  targets: Int32Array;
}

/** Where everything came to lie, in pixels; y grows downwards. */
export interface ILayout {
  /** The top left corner of each box. */
  x: Float64Array;
  y: Float64Array;
  /**
   * The places in columns that an edge passes, by number: from the first to the
   * last, downwards where the edge leads to the left; -1 where it passes none.
   * Edges that leave one box share their places.
   */
  first: Int32Array;
  last: Int32Array;
  /** The middle of each place. */
  placeX: Float64Array;
  placeY: Float64Array;
}

/** Lists of numbers, one after the other: those of `i` are from `start[i]` to `start[i + 1]`. */
export interface ILists {
  start: Int32Array;
  items: Int32Array;
}

/** The room between boxes, in pixels. */
export const GAP = { column: 96, row: 28, wire: 14 };

/** For each of `count` keys the numbers of what has it, in their order. */
export function listsBy(keys: Int32Array, count: number): ILists {
  const start = new Int32Array(count + 1);
  for (let i = 0; i < keys.length; i++) {
    start[keys[i] + 1]++;
  }
  for (let i = 0; i < count; i++) {
    start[i + 1] += start[i];
  }
  const fill = start.slice(0, count);
  const items = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    items[fill[keys[i]]++] = i;
  }
  return { start, items };
}

/** The memory of arrays, to be handed over instead of copied. */
export function buffersOf(arrays: object): ArrayBuffer[] {
  return Object.values(arrays).map(array => (array as Int32Array).buffer);
}
