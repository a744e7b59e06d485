import { listsBy } from '../layout/shapes';
import type { IShown } from '../grouping';

/** The rectangles of all vertices. */
export interface IBoxes {
  x: Float64Array;
  y: Float64Array;
  widths: Float32Array;
  heights: Float32Array;
}

/** How far apart wires meet a card at most, and how much of its side they may take. */
const APART = 17;
const SIDE = 22;

/** Where each edge leaves its source and meets its target: the height in the picture. */
export interface IPorts {
  leaves: Float64Array;
  meets: Float64Array;
}

/**
 * Spreads the wires of an execution along its sides, in the order in which
 * they go up or down; all wires of an artifact carry the same, from one point.
 */
export function findPorts(shown: IShown, boxes: IBoxes): IPorts {
  const { sources, targets } = shown;
  return {
    leaves: spread(shown, boxes, sources, targets),
    meets: spread(shown, boxes, targets, sources)
  };
}

function spread(
  { vertices }: IShown,
  { y, heights }: IBoxes,
  own: Int32Array,
  other: Int32Array
): Float64Array {
  const at = new Float64Array(own.length);
  const { start, items } = listsBy(own, vertices.length);
  const middle = (v: number) => y[v] + heights[v] / 2;
  vertices.forEach(({ node, group }, v) => {
    const edges = items.subarray(start[v], start[v + 1]);
    const kind = node?.kind ?? group?.kind;
    if (kind === 'artifact' || edges.length < 2) {
      edges.forEach(edge => (at[edge] = middle(v)));
      return;
    }
    const sorted = [...edges].sort(
      (a, b) => middle(other[a]) - middle(other[b]) || a - b
    );
    const room = (heights[v] - SIDE) / (sorted.length - 1);
    const apart = Math.min(APART, room);
    sorted.forEach((edge, i) => {
      at[edge] = middle(v) + apart * (i - (sorted.length - 1) / 2);
    });
  });
  return at;
}
