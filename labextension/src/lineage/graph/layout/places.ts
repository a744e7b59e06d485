import { IPages, cutPages, pageOf } from './fold';
import { IOrder } from './order';
import { findHubs, stackHubs } from './hubs';
import { packParts } from './pack';
import { ISegments } from './segments';
import { GAP, ILayoutInput, ILists, listsBy } from './shapes';

/** Where everything lies: the corners of boxes, the middles of all. */
export interface IPlaces {
  x: Float64Array;
  y: Float64Array;
  middleX: Float64Array;
  middleY: Float64Array;
  /** The page of its part, where that was folded. */
  page: Int32Array;
}

/** What is known of a part before it has its place. */
interface IPart {
  column: number;
  width: number;
  height: number;
  pages: IPages;
  /** What stands before and after its pages. */
  before: number[];
  after: number[];
}

/** Gives columns their places, folds what is far too high, and packs the parts. */
export function placeParts(
  input: ILayoutInput,
  graph: ISegments,
  { part, parts }: IOrder,
  middles: Float64Array
): IPlaces {
  const widest = input.widths.reduce((a, b) => Math.max(a, b), 0);
  const pitch = widest + GAP.column;
  const members = listsBy(part, parts);
  const measured: IPart[] = [];
  for (let p = 0; p < parts; p++) {
    measured.push(measure(p, members, input, graph, middles, pitch));
  }
  const places = emptyPlaces(graph);
  findPages(input, measured, part, middles, places.page);
  const packed = packParts(
    Float64Array.from(measured, m => wholeWidth(m, pitch)),
    Float64Array.from(measured, m => m.height)
  );
  for (let v = 0; v < graph.count; v++) {
    const [p, page] = [part[v], places.page[v]];
    const { column, width, pages, before } = measured[p];
    const aside = before.length ? pitch : 0;
    const left = packed.left[p] + aside + page * width;
    places.middleX[v] = left + pitch * (graph.layer[v] - column) + widest / 2;
    places.middleY[v] = packed.top[p] + middles[v] - pages.tops[page];
  }
  measured.forEach((m, p) =>
    setAside(m, input, places, packed.left[p], packed.top[p], pitch)
  );
  for (let v = 0; v < graph.vertices; v++) {
    places.x[v] = places.middleX[v] - input.widths[v] / 2;
    places.y[v] = places.middleY[v] - input.heights[v] / 2;
  }
  return places;
}

/** The page of each place, and what is put beside the pages of each part. */
function findPages(
  input: ILayoutInput,
  measured: IPart[],
  part: Int32Array,
  middles: Float64Array,
  page: Int32Array
): void {
  page.forEach((_, v) => {
    page[v] = pageOf(measured[part[v]].pages, middles[v]);
  });
  const sides = findHubs(input, page.subarray(0, input.widths.length));
  sides.forEach((side, v) => {
    const { before, after } = measured[part[v]];
    (side < 0 ? before : side > 0 ? after : []).push(v);
  });
}

/** The width of a part with all its pages, and with what stands beside them. */
function wholeWidth({ width, pages, before, after }: IPart, pitch: number) {
  const aside = (before.length ? pitch : 0) + (after.length ? pitch : 0);
  return width * pages.tops.length + aside - GAP.column;
}

/** Puts hubs beside the pages; they are on none. */
function setAside(
  part: IPart,
  { widths, heights }: ILayoutInput,
  places: IPlaces,
  left: number,
  top: number,
  pitch: number
): void {
  const right = left + wholeWidth(part, pitch);
  for (const [hubs, edge] of [
    [part.before, left],
    [part.after, right - pitch + GAP.column]
  ] as const) {
    const tops = stackHubs(hubs, heights, top + part.height / 2);
    tops.forEach((y, v) => {
      places.page[v] = -1;
      places.middleX[v] = edge + widths[v] / 2;
      places.middleY[v] = y + heights[v] / 2;
    });
  }
}

function emptyPlaces({ count, vertices }: ISegments): IPlaces {
  return {
    x: new Float64Array(vertices),
    y: new Float64Array(vertices),
    middleX: new Float64Array(count),
    middleY: new Float64Array(count),
    page: new Int32Array(count)
  };
}

function measure(
  p: number,
  { start, items }: ILists,
  { heights }: ILayoutInput,
  graph: ISegments,
  middles: Float64Array,
  pitch: number
): IPart {
  let [first, last] = [Infinity, -Infinity];
  let [top, bottom] = [Infinity, -Infinity];
  for (let at = start[p]; at < start[p + 1]; at++) {
    const v = items[at];
    const half = v < graph.vertices ? heights[v] / 2 : 0;
    first = Math.min(first, graph.layer[v]);
    last = Math.max(last, graph.layer[v]);
    top = Math.min(top, middles[v] - half);
    bottom = Math.max(bottom, middles[v] + half);
  }
  const width = (last - first + 1) * pitch;
  const members = items.subarray(start[p], start[p + 1]);
  const pages = cutPages(width, top, bottom, () =>
    extents(members, graph, middles)
  );
  const ends = [...pages.tops.slice(1), bottom];
  const gutter = pages.tops.length > 1 ? GAP.column : 0;
  const height = Math.max(...ends.map((end, i) => end - pages.tops[i]));
  return {
    column: first,
    width: width + gutter,
    height,
    pages,
    before: [],
    after: []
  };
}

/** How far down each segment of a part goes. */
function extents(
  members: Int32Array,
  { out, to }: ISegments,
  middles: Float64Array
) {
  const from: number[] = [];
  const until: number[] = [];
  for (const v of members) {
    for (let slot = out.start[v]; slot < out.start[v + 1]; slot++) {
      const w = to[out.items[slot]];
      from.push(Math.min(middles[v], middles[w]));
      until.push(Math.max(middles[v], middles[w]));
    }
  }
  return { from, to: until };
}
