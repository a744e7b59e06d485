import { IForward } from './layers';
import { ILists, listsBy } from './shapes';

/**
 * The graph that is put in order: each edge of it joins neighbouring columns.
 *
 * An edge over many columns would need a place in each. All edges that leave
 * one vertex share theirs: a table that a hundred tasks read goes along as one
 * wire, from which each reader branches off. That keeps the number of places
 * near that of vertices; where it would not, the longest wires get none and
 * are drawn straight across.
 */
export interface ISegments {
  /** Vertices first, then places on wires. */
  count: number;
  vertices: number;
  layer: Int32Array;
  layers: number;
  from: Int32Array;
  to: Int32Array;
  /** The first place of each vertex's wire, in the next column; -1 without; the others follow. */
  wire: Int32Array;
  /** The segments by where they begin, and by where they end. */
  out: ILists;
  into: ILists;
  /** The same as vertices instead of segments, to be read one after the other. */
  after: Int32Array;
  before: Int32Array;
}

/** How many places there may be for each vertex and edge. */
const ROOM = 4;
const ROOM_WHEN_LARGE = 0.5;
const LARGE = 8_000;

export function makeSegments(forward: IForward): ISegments {
  const { from, layers } = forward;
  const vertices = forward.layer.length;
  const reach = wireLengths(forward);
  const { wire, places } = placeWires(reach, from.length);
  const count = vertices + places;
  const layer = new Int32Array(count);
  layer.set(forward.layer);
  const ends = joinPlaces(forward, layer, wire, reach, places);
  const size = ends.length / 2;
  const starts = new Int32Array(size).map((_, i) => ends[2 * i]);
  const stops = new Int32Array(size).map((_, i) => ends[2 * i + 1]);
  const [out, into] = [listsBy(starts, count), listsBy(stops, count)];
  return {
    count,
    vertices,
    layer,
    layers,
    from: starts,
    to: stops,
    wire,
    out,
    into,
    after: out.items.map(segment => stops[segment]),
    before: into.items.map(segment => starts[segment])
  };
}

/** The ends of all segments, one after the other; gives the places their columns. */
function joinPlaces(
  { from, to }: IForward,
  layer: Int32Array,
  wire: Int32Array,
  reach: Int32Array,
  places: number
): Int32Array {
  const ends = new Int32Array(2 * (from.length + places));
  let size = 0;
  const join = (a: number, b: number) => {
    ends[size++] = a;
    ends[size++] = b;
  };
  for (let v = 0; v < wire.length; v++) {
    for (let i = 0; wire[v] >= 0 && i < reach[v]; i++) {
      layer[wire[v] + i] = layer[v] + 1 + i;
      join(i === 0 ? v : wire[v] + i - 1, wire[v] + i);
    }
  }
  for (let edge = 0; edge < from.length; edge++) {
    const [v, w] = [from[edge], to[edge]];
    const span = layer[w] - layer[v];
    if (span === 1) {
      join(v, w);
    } else if (wire[v] >= 0) {
      join(wire[v] + span - 2, w);
    }
  }
  return ends.subarray(0, size);
}

/** How many columns the longest edge of each vertex passes. */
function wireLengths({ from, to, layer }: IForward): Int32Array {
  const reach = new Int32Array(layer.length);
  for (let edge = 0; edge < from.length; edge++) {
    const passed = layer[to[edge]] - layer[from[edge]] - 1;
    reach[from[edge]] = Math.max(reach[from[edge]], passed);
  }
  return reach;
}

/** Numbers the places, the shortest wires first, until there is no room. */
function placeWires(reach: Int32Array, edges: number) {
  const size = reach.length + edges;
  const room = size * (size > LARGE ? ROOM_WHEN_LARGE : ROOM);
  const wire = new Int32Array(reach.length).fill(-1);
  const longest = reach.reduce((a, b) => Math.max(a, b), 0);
  const byLength = listsBy(reach, longest + 1);
  let places = 0;
  for (let at = byLength.start[1] ?? 0; at < reach.length; at++) {
    const v = byLength.items[at];
    if (places + reach[v] > room) {
      break;
    }
    wire[v] = reach.length + places;
    places += reach[v];
  }
  return { wire, places };
}
