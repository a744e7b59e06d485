import type { IOrder } from './order';
import { ISegments } from './segments';

/** How many pairs of edges cross; counted between each two columns with a Fenwick tree. */
export function countCrossings(
  graph: ISegments,
  { columns, position }: IOrder
): number {
  const { start, items } = columns;
  const { out, to } = graph;
  let total = 0;
  for (let column = 0; column + 1 < graph.layers; column++) {
    const size = start[column + 2] - start[column + 1];
    const tree = new Int32Array(size + 1);
    let passed = 0;
    for (let at = start[column]; at < start[column + 1]; at++) {
      const v = items[at];
      // All edges of one vertex look before any of them is counted: they don't cross.
      for (let slot = out.start[v]; slot < out.start[v + 1]; slot++) {
        total += passed - upTo(tree, position[to[out.items[slot]]] + 1);
      }
      for (let slot = out.start[v]; slot < out.start[v + 1]; slot++) {
        passed++;
        count(tree, position[to[out.items[slot]]] + 1);
      }
    }
  }
  return total;
}

function upTo(tree: Int32Array, at: number): number {
  let sum = 0;
  for (let i = at; i > 0; i -= i & -i) {
    sum += tree[i];
  }
  return sum;
}

function count(tree: Int32Array, at: number): void {
  for (let i = at; i < tree.length; i += i & -i) {
    tree[i]++;
  }
}
