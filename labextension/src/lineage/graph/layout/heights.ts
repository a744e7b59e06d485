import { IBlocks, alignBlocks, findConflicts, sortSegments } from './align';
import { IOrder } from './order';
import { ISegments } from './segments';
import { GAP } from './shapes';

/**
 * The height of the middle of everything: straight where it can be, and no
 * two of a column nearer than they may be.
 *
 * Four times what belongs together is joined and put as close as it goes, from
 * each corner once; the mean of the two middle answers is balanced. (Brandes
 * and Köpf, "Fast and simple horizontal coordinate assignment".)
 * Parts of the graph are placed independently of each other.
 */
export function* assignHeights(
  graph: ISegments,
  order: IOrder,
  heights: Float32Array
): Generator<void, Float64Array> {
  const sides = sortSegments(graph, order);
  const conflicts = findConflicts(graph, order, sides);
  const answers: Float64Array[] = [];
  for (const isDownwards of [true, false]) {
    for (const isRightwards of [true, false]) {
      yield;
      const blocks = alignBlocks(
        graph,
        order,
        sides,
        conflicts,
        isRightwards,
        isDownwards
      );
      answers.push(compact(graph, order, blocks, heights, isDownwards));
    }
  }
  return balance(answers, order, heights);
}

/** Puts blocks as near to one side as they go, then back to what follows them. */
function compact(
  graph: ISegments,
  order: IOrder,
  { root, next }: IBlocks,
  heights: Float32Array,
  isDownwards: boolean
): Float64Array {
  const beside = neighbours(order, isDownwards);
  const far = (v: number, w: number) => distance(graph, heights, v, w);
  const { waiting, done } = firstBlocks(root, beside);
  const at = new Float64Array(graph.count);
  let end = done.end;
  for (let i = 0; i < end; i++) {
    const block = done.items[i];
    let v = block;
    do {
      const w = beside[v];
      if (w >= 0) {
        const to = root[w];
        at[to] = Math.max(at[to], at[block] + far(v, w));
        if (--waiting[to] === 0) {
          done.items[end++] = to;
        }
      }
      v = next[v];
    } while (v !== block);
  }
  pullBack(done.items, end, { root, next }, beside, at, far);
  const sign = isDownwards ? 1 : -1;
  return at.map((_, v) => sign * at[root[v]]);
}

/** How many stand before each block, and the blocks that none stands before. */
function firstBlocks(root: Int32Array, beside: Int32Array) {
  const waiting = new Int32Array(root.length);
  for (let v = 0; v < root.length; v++) {
    if (beside[v] >= 0) {
      waiting[root[beside[v]]]++;
    }
  }
  const items = new Int32Array(root.length);
  let end = 0;
  for (let v = 0; v < root.length; v++) {
    if (root[v] === v && waiting[v] === 0) {
      items[end++] = v;
    }
  }
  return { waiting, done: { items, end } };
}

/** Moves blocks, the last first, to what they are followed by. */
function pullBack(
  done: Int32Array,
  end: number,
  { root, next }: IBlocks,
  beside: Int32Array,
  at: Float64Array,
  far: (v: number, w: number) => number
): void {
  for (let i = end - 1; i >= 0; i--) {
    const block = done[i];
    let room = Infinity;
    let v = block;
    do {
      const w = beside[v];
      if (w >= 0) {
        room = Math.min(room, at[root[w]] - far(v, w));
      }
      v = next[v];
    } while (v !== block);
    if (room < Infinity) {
      at[block] = Math.max(at[block], room);
    }
  }
}

/** What follows each one in its column and part; -1 when nothing does. */
function neighbours(order: IOrder, isDownwards: boolean): Int32Array {
  const { columns, part } = order;
  const { start, items } = columns;
  const beside = new Int32Array(items.length).fill(-1);
  for (let column = 0; column + 1 < start.length; column++) {
    for (let at = start[column]; at + 1 < start[column + 1]; at++) {
      const [v, w] = [items[at], items[at + 1]];
      if (part[v] === part[w]) {
        beside[isDownwards ? v : w] = isDownwards ? w : v;
      }
    }
  }
  return beside;
}

/** How far apart the middles of two neighbours are, at least. */
function distance(
  graph: ISegments,
  heights: Float32Array,
  v: number,
  w: number
): number {
  const { vertices } = graph;
  const isBoxes = v < vertices && w < vertices;
  const half = (i: number) => (i < vertices ? heights[i] / 2 : 0);
  return half(v) + half(w) + (isBoxes ? GAP.row : GAP.wire);
}

/** Brings four answers together: each part of each beside the smallest, then the middle of all. */
function balance(
  answers: Float64Array[],
  { part, parts }: IOrder,
  heights: Float32Array
): Float64Array {
  const bounds = answers.map(answer => extents(answer, part, parts, heights));
  for (let p = 0; p < parts; p++) {
    const sizes = bounds.map(({ least, most }) => most[p] - least[p]);
    const smallest = bounds[sizes.indexOf(Math.min(...sizes))];
    bounds.forEach(({ least, most, shift }, i) => {
      shift[p] =
        i < 2 ? smallest.least[p] - least[p] : smallest.most[p] - most[p];
    });
  }
  const middle = new Float64Array(part.length);
  const [a, b, c, d] = answers;
  const [s, t, u, w] = bounds.map(({ shift }) => shift);
  for (let v = 0; v < middle.length; v++) {
    const p = part[v];
    const one = a[v] + s[p];
    const two = b[v] + t[p];
    const three = c[v] + u[p];
    const four = d[v] + w[p];
    const least = Math.min(one, two, three, four);
    const most = Math.max(one, two, three, four);
    middle[v] = (one + two + three + four - least - most) / 2;
  }
  return middle;
}

function extents(
  answer: Float64Array,
  part: Int32Array,
  parts: number,
  heights: Float32Array
) {
  const least = new Float64Array(parts).fill(Infinity);
  const most = new Float64Array(parts).fill(-Infinity);
  for (let v = 0; v < answer.length; v++) {
    const half = v < heights.length ? heights[v] / 2 : 0;
    least[part[v]] = Math.min(least[part[v]], answer[v] - half);
    most[part[v]] = Math.max(most[part[v]], answer[v] + half);
  }
  return { least, most, shift: new Float64Array(parts) };
}
