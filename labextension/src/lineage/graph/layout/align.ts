import { IOrder } from './order';
import { ISegments } from './segments';
import { ILists } from './shapes';

/** Vertices that are to be at one height: `root` is the first, `next` goes round. */
export interface IBlocks {
  root: Int32Array;
  next: Int32Array;
}

/** The segments of each vertex, in the order of what they lead to. */
export interface ISorted {
  into: ILists;
  out: ILists;
}

export function sortSegments(graph: ISegments, order: IOrder): ISorted {
  return {
    into: sorted(graph.into, graph.out, graph.to, order.columns.items),
    out: sorted(graph.out, graph.into, graph.from, order.columns.items)
  };
}

/** Fills the lists of one side in the order in which the other side's owners lie. */
function sorted(
  lists: ILists,
  others: ILists,
  owner: Int32Array,
  items: Int32Array
): ILists {
  const { start } = lists;
  const fill = start.slice();
  const result = new Int32Array(lists.items.length);
  for (const v of items) {
    for (let slot = others.start[v]; slot < others.start[v + 1]; slot++) {
      const segment = others.items[slot];
      result[fill[owner[segment]]++] = segment;
    }
  }
  return { start, items: result };
}

/**
 * Marks segments that cross the straight part of a long wire: they give way.
 * (Brandes and Köpf's conflicts of type 1.)
 */
export function findConflicts(
  graph: ISegments,
  order: IOrder,
  { into }: ISorted
): Uint8Array {
  const conflicts = new Uint8Array(graph.from.length);
  const { start, items } = order.columns;
  const { position } = order;
  for (let column = 1; column < graph.layers; column++) {
    const end = start[column + 1];
    let low = 0;
    let scanned = start[column];
    for (let at = start[column]; at < end; at++) {
      const inner = innerSource(graph, into, items[at]);
      if (inner < 0 && at < end - 1) {
        continue;
      }
      const high = inner < 0 ? Infinity : position[inner];
      for (; scanned <= at; scanned++) {
        const v = items[scanned];
        for (let slot = into.start[v]; slot < into.start[v + 1]; slot++) {
          const segment = into.items[slot];
          const from = position[graph.from[segment]];
          conflicts[segment] = from < low || from > high ? 1 : 0;
        }
      }
      low = inner < 0 ? low : high;
    }
  }
  return conflicts;
}

/** Where a place on a wire comes from, when that is a place too; else -1. */
function innerSource(graph: ISegments, into: ILists, v: number): number {
  if (v < graph.vertices) {
    return -1;
  }
  const from = graph.from[into.items[into.start[v]]];
  return from >= graph.vertices ? from : -1;
}

/**
 * Joins each vertex with its middle neighbour in the column before, so that
 * chains and long wires become straight. (Brandes and Köpf's alignment.)
 *
 * isRightwards: columns are gone through from left to right.  isDownwards:
 * what lies above chooses first.
 */
export function alignBlocks(
  graph: ISegments,
  order: IOrder,
  sides: ISorted,
  conflicts: Uint8Array,
  isRightwards: boolean,
  isDownwards: boolean
): IBlocks {
  const { start, items } = order.columns;
  const root = Int32Array.from({ length: graph.count }, (_, v) => v);
  const blocks = { root, next: root.slice() };
  const lists = isRightwards ? sides.into : sides.out;
  const ends = isRightwards ? graph.from : graph.to;
  const { position } = order;
  for (let step = 0; step < graph.layers; step++) {
    const column = isRightwards ? step : graph.layers - 1 - step;
    const size = start[column + 1] - start[column];
    let border = isDownwards ? -1 : Infinity;
    for (let i = 0; i < size; i++) {
      const v = items[start[column] + (isDownwards ? i : size - 1 - i)];
      const segment = choose(
        v,
        lists,
        ends,
        position,
        conflicts,
        border,
        isDownwards
      );
      if (segment >= 0) {
        const u = ends[segment];
        blocks.next[u] = v;
        root[v] = root[u];
        blocks.next[v] = root[u];
        border = position[u];
      }
    }
  }
  return blocks;
}

/** The segment to a middle neighbour that is not taken, past no border; -1 without. */
function choose(
  v: number,
  { start, items }: ILists,
  ends: Int32Array,
  position: Int32Array,
  conflicts: Uint8Array,
  border: number,
  isDownwards: boolean
): number {
  const middle = (start[v] + start[v + 1] - 1) / 2;
  const [low, high] = [Math.floor(middle), Math.ceil(middle)];
  for (let i = 0; start[v] < start[v + 1] && i <= high - low; i++) {
    const segment = items[isDownwards ? low + i : high - i];
    const at = position[ends[segment]];
    if (!conflicts[segment] && (isDownwards ? border < at : border > at)) {
      return segment;
    }
  }
  return -1;
}
