/** How wide a picture is to be for its height. */
export const ASPECT = 1.6;

/** From how many times as high as wide on a part is folded, when it is many screens high. */
const TALL = 4;
const HIGH = 12_000;
/** How exactly the place of a cut is chosen: steps for each page, and how far off it may be. */
const STEPS = 100;
const OFF = 0.08;

/** A part that was cut into pages, which stand beside each other like the columns of a newspaper. */
export interface IPages {
  /** Where each page begins; the first at the top of the part. */
  tops: number[];
}

/** What lies between two heights, and should stay on one page. */
export interface IExtents {
  from: number[];
  to: number[];
}

/**
 * Cuts a part that is far higher than wide, such as a thousand runs that read
 * one table, where the fewest edges pass. Edges longer than half a page are
 * not asked: what they come from is read everywhere.
 */
export function cutPages(
  width: number,
  top: number,
  bottom: number,
  extents: () => IExtents
): IPages {
  const height = bottom - top;
  if (height < HIGH || height < TALL * width) {
    return { tops: [top] };
  }
  const page = Math.sqrt((width * height) / ASPECT);
  const step = page / STEPS;
  const passing = countPassing(extents(), top, step, height, page / 2);
  const pages = Math.max(1, Math.round(height / page));
  const tops = [top];
  for (let i = 1; i < pages; i++) {
    const ideal = Math.round((i * height) / pages / step);
    tops.push(top + fewest(passing, ideal, Math.round(OFF * STEPS)) * step);
  }
  return { tops };
}

/** How many extents each step has within. */
function countPassing(
  { from, to }: IExtents,
  top: number,
  step: number,
  height: number,
  longest: number
): Int32Array {
  const passing = new Int32Array(Math.ceil(height / step) + 2);
  for (let i = 0; i < from.length; i++) {
    if (to[i] - from[i] < longest) {
      passing[Math.max(0, Math.floor((from[i] - top) / step))]++;
      passing[
        Math.min(passing.length - 1, Math.floor((to[i] - top) / step) + 1)
      ]--;
    }
  }
  for (let i = 1; i < passing.length; i++) {
    passing[i] += passing[i - 1];
  }
  return passing;
}

/** The step near the ideal one that the fewest pass. */
function fewest(passing: Int32Array, ideal: number, off: number): number {
  let best = ideal;
  for (let away = 1; away <= off; away++) {
    for (const at of [ideal - away, ideal + away]) {
      if (passing[at] < passing[best]) {
        best = at;
      }
    }
  }
  return best;
}

/** Which page a height is on. */
export function pageOf({ tops }: IPages, y: number): number {
  let page = tops.length - 1;
  while (page > 0 && y < tops[page]) {
    page--;
  }
  return page;
}
