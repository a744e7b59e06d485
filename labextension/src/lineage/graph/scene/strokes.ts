import { CARD } from './boxes';
import type { IRectangles } from './grid';
import type { IBoxes, IPorts } from './ports';

/** The ways of edges through the columns that they pass, as a layout gives them. */
export interface IWays {
  first: Int32Array;
  last: Int32Array;
  placeX: Float64Array;
  placeY: Float64Array;
}

/**
 * What wires are drawn of: each a curve from one side of a gap between columns
 * to the other, and a line from its end on to `on`, past a column. Edges that
 * share places share strokes, so there are about as many as edges.
 */
export interface IStrokes {
  count: number;
  x1: Float64Array;
  y1: Float64Array;
  x2: Float64Array;
  y2: Float64Array;
  on: Float64Array;
  /** An edge that the stroke belongs to. */
  edge: Int32Array;
  /** Whether the target's side is where it ends. */
  isEnd: Uint8Array;
}

/** How far a wire that leads back swings out, and how high it rises at least. */
export const SWING = 44;
const BOW = 56;

class StrokeList {
  constructor(capacity: number) {
    const numbers = () => new Float64Array(capacity);
    this.list = {
      count: 0,
      x1: numbers(),
      y1: numbers(),
      x2: numbers(),
      y2: numbers(),
      on: numbers(),
      edge: new Int32Array(capacity),
      isEnd: new Uint8Array(capacity)
    };
  }

  readonly list: IStrokes;

  add(edge: number, from: number[], to: number[], on: number, end = 0): void {
    const { list } = this;
    const i = list.count++;
    [list.x1[i], list.y1[i]] = from;
    [list.x2[i], list.y2[i]] = to;
    list.on[i] = on;
    list.edge[i] = edge;
    list.isEnd[i] = end;
  }
}

export function makeStrokes(
  sources: Int32Array,
  targets: Int32Array,
  boxes: IBoxes,
  ports: IPorts,
  ways: IWays
): IStrokes {
  const strokes = new StrokeList(sources.length + ways.placeX.length);
  const isDrawn = new Uint8Array(ways.placeX.length);
  for (let edge = 0; edge < sources.length; edge++) {
    const source = sources[edge];
    const begin = [boxes.x[source] + boxes.widths[source], ports.leaves[edge]];
    const end = [boxes.x[targets[edge]], ports.meets[edge]];
    const [first, last] = [ways.first[edge], ways.last[edge]];
    if (first < 0 || last < first) {
      strokes.add(edge, begin, end, end[0], 1);
      continue;
    }
    drawPlaces(strokes, edge, begin, first, last, ways, isDrawn);
    const { placeX, placeY } = ways;
    const from = [placeX[last] + CARD.width / 2, placeY[last]];
    strokes.add(edge, from, end, end[0], 1);
  }
  return strokes.list;
}

/** The part of a wire that others share, as far as none of them has drawn it. */
function drawPlaces(
  strokes: StrokeList,
  edge: number,
  begin: number[],
  first: number,
  last: number,
  { placeX, placeY }: IWays,
  isDrawn: Uint8Array
): void {
  const half = CARD.width / 2;
  for (let place = last; place >= first && !isDrawn[place]; place--) {
    isDrawn[place] = 1;
    const before = place - 1;
    const from =
      place === first ? begin : [placeX[before] + half, placeY[before]];
    const to = [placeX[place] - half, placeY[place]];
    strokes.add(edge, from, to, placeX[place] + half);
  }
}

/** The strokes of one edge alone, its shared part too. */
export function strokesOf(
  edge: number,
  sources: Int32Array,
  targets: Int32Array,
  boxes: IBoxes,
  ports: IPorts,
  ways: IWays
): IStrokes {
  const of = (values: Int32Array) => values.subarray(edge, edge + 1);
  const places = Math.max(0, ways.last[edge] - ways.first[edge] + 1);
  const single = {
    leaves: ports.leaves.subarray(edge),
    meets: ports.meets.subarray(edge)
  };
  if (ways.first[edge] < 0 || places === 0) {
    const none = { ...ways, first: Int32Array.of(-1), last: Int32Array.of(-1) };
    return makeStrokes(of(sources), of(targets), boxes, single, {
      ...none,
      placeX: new Float64Array(0)
    });
  }
  const [first, last] = [ways.first[edge], ways.last[edge] + 1];
  return makeStrokes(of(sources), of(targets), boxes, single, {
    first: Int32Array.of(0),
    last: Int32Array.of(places - 1),
    placeX: ways.placeX.subarray(first, last),
    placeY: ways.placeY.subarray(first, last)
  });
}

/** How far the control points of a curve lie from its ends. */
export function pull(x1: number, x2: number): number {
  return Math.max(0, x2 - x1) / 2;
}

/** How high a wire that leads back bows over what it passes. */
export function bow(x1: number, y1: number, x2: number, y2: number): number {
  return Math.min(y1, y2) - BOW - Math.min(120, (x1 - x2) / 10);
}

/** The rectangles that strokes lie in. */
export function rectanglesOf(strokes: IStrokes): IRectangles {
  const { count, x1, y1, x2, y2, on } = strokes;
  const rectangles = {
    count,
    left: new Float64Array(count),
    top: new Float64Array(count),
    right: new Float64Array(count),
    bottom: new Float64Array(count)
  };
  for (let i = 0; i < count; i++) {
    const isBack = x2[i] < x1[i];
    const out = isBack ? SWING : 0;
    rectangles.left[i] = Math.min(x1[i], x2[i]) - out;
    rectangles.right[i] = Math.max(x1[i], x2[i], on[i]) + out;
    rectangles.top[i] = isBack
      ? bow(x1[i], y1[i], x2[i], y2[i])
      : Math.min(y1[i], y2[i]);
    rectangles.bottom[i] = Math.max(y1[i], y2[i]);
  }
  return rectangles;
}
