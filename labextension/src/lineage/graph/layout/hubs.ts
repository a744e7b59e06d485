import { GAP, ILayoutInput } from './shapes';

/** How many edges to other pages make a hub. */
const MANY = 6;

/**
 * Finds what belongs to no page: a table that the runs on many pages read goes
 * before the first (-1), what gathers from many goes after the last (1).
 */
export function findHubs(
  { sources, targets }: ILayoutInput,
  page: Int32Array
): Int8Array {
  const out = new Int32Array(page.length);
  const into = out.slice();
  const tornOut = out.slice();
  const tornInto = out.slice();
  for (let edge = 0; edge < sources.length; edge++) {
    const [from, to] = [sources[edge], targets[edge]];
    out[from]++;
    into[to]++;
    if (page[from] !== page[to]) {
      tornOut[from]++;
      tornInto[to]++;
    }
  }
  return Int8Array.from({ length: out.length }, (_, v) => {
    if (into[v] === 0 && tornOut[v] >= MANY) {
      return -1;
    }
    return out[v] === 0 && tornInto[v] >= MANY ? 1 : 0;
  });
}

/** Puts hubs below each other, around a middle; gives their tops. */
export function stackHubs(
  hubs: readonly number[],
  heights: Float32Array,
  middle: number
): Map<number, number> {
  const total = hubs.reduce((sum, v) => sum + heights[v] + GAP.row, -GAP.row);
  const tops = new Map<number, number>();
  let y = middle - total / 2;
  for (const v of hubs) {
    tops.set(v, y);
    y += heights[v] + GAP.row;
  }
  return tops;
}
