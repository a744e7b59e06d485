import { countCrossings } from './crossings';
import { ISegments } from './segments';
import { sortRange } from './sorting';
import { ILists } from './shapes';
import { swapNeighbours } from './swaps';

/** Who lies above whom: `items` by column, `position` in it. Parts never mix. */
export interface IOrder {
  columns: ILists;
  position: Int32Array;
  /** The part of the graph each belongs to; nothing joins two parts. */
  part: Int32Array;
  parts: number;
}

/** Sweeps there and back; fewer where each one takes its time. */
const SWEEPS = 12;
const SWEEPS_WHEN_LARGE = 3;
/** From how many on crossings are not counted, so the last sweep is taken. */
const LARGE = 20_000;
/** Up to how many it pays to try to swap neighbours. */
const SMALL = 4_000;

/**
 * Orders each column so that few edges cross.
 *
 * Going depth first puts what belongs together side by side, and a tree in its
 * final order; sweeps sort each column by the mean place of the neighbours in
 * the one before, and the best order seen is kept.
 */
export function* orderColumns(graph: ISegments): Generator<void, IOrder> {
  const order = depthFirst(graph);
  const { columns, position } = order;
  const isLarge = graph.count > LARGE;
  const keys = new Float64Array(graph.count);
  let best = isLarge ? Infinity : countCrossings(graph, order);
  let kept = columns.items.slice();
  const sweeps = isLarge ? SWEEPS_WHEN_LARGE : SWEEPS;
  let since = 0;
  for (let i = 0; i < sweeps && best > 0 && since < 4; i++) {
    yield;
    sweep(graph, order, keys, i % 2 === 0);
    if (isLarge) {
      continue;
    }
    if (graph.count <= SMALL && i % 2 === 1) {
      swapNeighbours(graph, order);
    }
    const crossings = countCrossings(graph, order);
    since++;
    if (crossings < best) {
      [best, since] = [crossings, 0];
      kept = columns.items.slice();
    }
  }
  if (!isLarge) {
    columns.items.set(kept);
    kept.forEach((v, at) => (position[v] = at - columns.start[graph.layer[v]]));
  }
  return order;
}

/** Sorts each column by its neighbours on one side. */
function sweep(
  graph: ISegments,
  { columns, position, part }: IOrder,
  keys: Float64Array,
  isRightwards: boolean
): void {
  const { layers } = graph;
  const { start, items } = columns;
  for (let step = 1; step < layers; step++) {
    const column = isRightwards ? step : layers - 1 - step;
    const end = start[column + 1];
    let low = start[column];
    while (low < end) {
      let high = low + 1;
      while (high < end && part[items[high]] === part[items[low]]) {
        high++;
      }
      if (high - low > 1) {
        findKeys(graph, position, items, low, high, keys, isRightwards);
        sortRange(items, keys, low, high);
        for (let at = low; at < high; at++) {
          position[items[at]] = at - start[column];
        }
      }
      low = high;
    }
  }
}

/** The mean place of each one's neighbours; what has none stays by the one above it. */
function findKeys(
  graph: ISegments,
  position: Int32Array,
  items: Int32Array,
  low: number,
  high: number,
  keys: Float64Array,
  isRightwards: boolean
): void {
  const { start } = isRightwards ? graph.into : graph.out;
  const others = isRightwards ? graph.before : graph.after;
  let before = -1;
  for (let at = low; at < high; at++) {
    const v = items[at];
    const first = start[v];
    const last = start[v + 1];
    let sum = 0;
    for (let slot = first; slot < last; slot++) {
      sum += position[others[slot]];
    }
    keys[v] = last > first ? sum / (last - first) : before;
    before = keys[v];
  }
}

/** Visits everything along edges, and appends each to its column. */
function depthFirst(graph: ISegments): IOrder {
  const { count, layer, layers, out, into, after, before } = graph;
  const visit = new Int32Array(count); // in the order of visits
  const part = new Int32Array(count).fill(-1);
  const next = new Int32Array(count);
  const stack = new Int32Array(count);
  let [visited, parts] = [0, 0];
  for (let root = 0; root < graph.vertices; root++) {
    if (part[root] >= 0 || into.start[root + 1] > into.start[root]) {
      continue;
    }
    let top = 0;
    stack[top++] = root;
    part[root] = parts;
    visit[visited++] = root;
    while (top > 0) {
      const v = stack[top - 1];
      const outs = out.start[v + 1] - out.start[v];
      const ins = into.start[v + 1] - into.start[v];
      const slot = next[v]++;
      if (slot >= outs + ins) {
        top--;
        continue;
      }
      const w =
        slot < outs
          ? after[out.start[v] + slot]
          : before[into.start[v] + slot - outs];
      if (part[w] < 0) {
        part[w] = parts;
        visit[visited++] = w;
        stack[top++] = w;
      }
    }
    parts++;
  }
  return columnsOf(visit, layer, layers, part, parts);
}

function columnsOf(
  visit: Int32Array,
  layer: Int32Array,
  layers: number,
  part: Int32Array,
  parts: number
): IOrder {
  const start = new Int32Array(layers + 1);
  layer.forEach(column => start[column + 1]++);
  for (let column = 0; column < layers; column++) {
    start[column + 1] += start[column];
  }
  const items = new Int32Array(visit.length);
  const position = new Int32Array(visit.length);
  const fill = start.slice(0, layers);
  for (const v of visit) {
    position[v] = fill[layer[v]] - start[layer[v]];
    items[fill[layer[v]]++] = v;
  }
  return { columns: { start, items }, position, part, parts };
}
