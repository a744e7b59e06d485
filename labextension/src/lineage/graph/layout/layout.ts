import { assignHeights } from './heights';
import { IForward, assignLayers } from './layers';
import { orderColumns } from './order';
import { IPlaces, placeParts } from './places';
import { ISegments, makeSegments } from './segments';
import { ILayout, ILayoutInput } from './shapes';

/**
 * Places boxes in columns, from left to right along the edges.
 *
 * A layered layout in the manner of Sugiyama whose every step is linear in
 * vertices and edges: columns (layers.ts), places for edges that pass columns
 * (segments.ts), who lies above whom (order.ts), heights (heights.ts), and the
 * unconnected parts beside each other (places.ts). The same for the same input.
 */
export function layoutGraph(input: ILayoutInput): ILayout {
  const steps = layoutSteps(input);
  for (;;) {
    const { done, value } = steps.next();
    if (done) {
      return value;
    }
  }
}

/** The same, in steps between which others may have their turn. */
export function* layoutSteps(input: ILayoutInput): Generator<void, ILayout> {
  const forward = assignLayers(input);
  yield;
  const segments = makeSegments(forward);
  const order = yield* orderColumns(segments);
  const middles = yield* assignHeights(segments, order, input.heights);
  yield;
  const places = placeParts(input, segments, order, middles);
  return {
    x: places.x,
    y: places.y,
    ...ways(input, forward, segments, places),
    placeX: places.middleX.slice(segments.vertices),
    placeY: places.middleY.slice(segments.vertices)
  };
}

/** The places that each edge goes through, in its own direction. */
function ways(
  input: ILayoutInput,
  { edges, from, to }: IForward,
  { layer, wire, vertices }: ISegments,
  places: IPlaces
): Pick<ILayout, 'first' | 'last'> {
  const first = new Int32Array(input.sources.length).fill(-1);
  const last = first.slice();
  const torn = findTorn(wire, vertices, places);
  for (let i = 0; i < edges.length; i++) {
    const [v, w, edge] = [from[i], to[i], edges[i]];
    const passed = layer[w] - layer[v] - 1;
    if (passed < 1 || wire[v] < 0) {
      continue;
    }
    const begin = wire[v] - vertices;
    const end = begin + passed - 1;
    const isWhole = places.page[v] === places.page[w] && torn[end] === 0;
    if (isWhole) {
      const isTurned = input.sources[edge] !== v;
      first[edge] = isTurned ? end : begin;
      last[edge] = isTurned ? begin : end;
    }
  }
  return { first, last };
}

/** Which places are past a change of pages, seen from where their wire begins. */
function findTorn(
  wire: Int32Array,
  vertices: number,
  { page }: IPlaces
): Uint8Array {
  const torn = new Uint8Array(page.length - vertices);
  const owner = new Int32Array(torn.length).fill(-1);
  wire.forEach((first, v) => first >= 0 && (owner[first - vertices] = v));
  for (let place = 0; place < torn.length; place++) {
    const before = owner[place] >= 0 ? owner[place] : vertices + place - 1;
    const isTorn = owner[place] < 0 && torn[place - 1] === 1;
    torn[place] = isTorn || page[before] !== page[vertices + place] ? 1 : 0;
  }
  return torn;
}
