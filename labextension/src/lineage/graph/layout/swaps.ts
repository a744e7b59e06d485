import type { IOrder } from './order';
import { ISegments } from './segments';
import { ILists } from './shapes';

/** Above this many edges a vertex is left where it is: comparing costs their product. */
const MANY = 64;

/** Swaps neighbours in a column wherever fewer edges cross then. */
export function swapNeighbours(graph: ISegments, order: IOrder): void {
  const { columns, position, part } = order;
  const { start, items } = columns;
  for (let column = 0; column < graph.layers; column++) {
    for (let at = start[column]; at + 1 < start[column + 1]; at++) {
      const [v, w] = [items[at], items[at + 1]];
      if (part[v] === part[w] && gain(graph, position, v, w) > 0) {
        [items[at], items[at + 1]] = [w, v];
        position[v]++;
        position[w]--;
      }
    }
  }
}

/** How many crossings fewer there are when the upper one goes below the other. */
function gain(
  graph: ISegments,
  position: Int32Array,
  upper: number,
  lower: number
): number {
  const { into, out, from, to } = graph;
  return (
    sideGain(into, from, position, upper, lower) +
    sideGain(out, to, position, upper, lower)
  );
}

function sideGain(
  sides: ILists,
  ends: Int32Array,
  position: Int32Array,
  upper: number,
  lower: number
): number {
  const { start, items } = sides;
  const sizes = [upper, lower].map(v => start[v + 1] - start[v]);
  if (Math.max(...sizes) > MANY) {
    return 0;
  }
  let sum = 0;
  for (let i = start[upper]; i < start[upper + 1]; i++) {
    for (let j = start[lower]; j < start[lower + 1]; j++) {
      sum += Math.sign(position[ends[items[i]]] - position[ends[items[j]]]);
    }
  }
  return sum;
}
