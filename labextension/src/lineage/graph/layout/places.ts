import { IPages, cutPages, pageOf } from './fold';
import { IOrder } from './order';
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
  top: number;
  height: number;
  pages: IPages;
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
  const packed = packParts(
    Float64Array.from(
      measured,
      m => m.width * m.pages.tops.length - GAP.column
    ),
    Float64Array.from(measured, m => m.height)
  );
  const places = emptyPlaces(graph);
  for (let v = 0; v < graph.count; v++) {
    const p = part[v];
    const { column, width, pages } = measured[p];
    const page = pageOf(pages, middles[v]);
    const left =
      packed.left[p] + page * width + pitch * (graph.layer[v] - column);
    places.page[v] = page;
    places.middleX[v] = left + widest / 2;
    places.middleY[v] = packed.top[p] + middles[v] - pages.tops[page];
    if (v < graph.vertices) {
      places.x[v] = places.middleX[v] - input.widths[v] / 2;
      places.y[v] = places.middleY[v] - input.heights[v] / 2;
    }
  }
  return places;
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
  const height = Math.max(...ends.map((end, i) => end - pages.tops[i]));
  return { column: first, width, top, height, pages };
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
