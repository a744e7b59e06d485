/** A box to place: how wide and high it is, in pixels. */
export interface IBox {
  id: string;
  width: number;
  height: number;
}

export interface ILink {
  source: string;
  target: string;
}

export interface IGap {
  /** Between columns. */
  x: number;
  /** Between the boxes of a column. */
  y: number;
}

const SWEEPS = 4;

/**
 * Places boxes in columns, from left to right along the links.
 *
 * A layered layout in linear time: each box goes one column right of the last
 * box it follows; sweeps over the columns order the boxes by the mean height
 * of their neighbours, which undoes most crossings; then each box moves
 * towards the neighbours it follows as far as its own column allows. Links to
 * unknown boxes, doubled links and cycles are tolerated: a link that closes a
 * cycle is left out.
 *
 * Returns the top left corner of every box; the same for the same input.
 */
export function layoutGraph(
  boxes: IBox[],
  links: ILink[],
  gap: IGap = { x: 72, y: 28 }
): Map<string, [number, number]> {
  const known = new Map(boxes.map((box, index) => [box.id, index]));
  const next: number[][] = boxes.map(() => []);
  const previous: number[][] = boxes.map(() => []);
  for (const link of links) {
    const from = known.get(link.source);
    const to = known.get(link.target);
    if (from !== undefined && to !== undefined && from !== to) {
      next[from].push(to);
      previous[to].push(from);
    }
  }
  const layer = assignLayers(next, previous);
  const columns: number[][] = [];
  layer.forEach((column, box) => (columns[column] ??= []).push(box));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    orderColumns(columns, sweep % 2 === 0 ? previous : next, sweep % 2 === 0);
  }
  return place(boxes, columns, previous, gap);
}

/** The column of each box: the longest way from a box that follows none. */
function assignLayers(next: number[][], previous: number[][]): number[] {
  const layer = next.map(() => 0);
  const waiting = previous.map(list => list.length);
  const done = next.map(() => false);
  const queue = waiting.flatMap((count, box) => (count === 0 ? [box] : []));
  let unseen = 0;
  for (let at = 0; at < next.length; at++) {
    if (at === queue.length) {
      // Only cycles are left: break one at its first box.
      while (done[unseen] || waiting[unseen] === 0) {
        unseen++;
      }
      waiting[unseen] = 0;
      queue.push(unseen);
    }
    const box = queue[at];
    done[box] = true;
    for (const follower of next[box]) {
      if (!done[follower] && waiting[follower] > 0) {
        layer[follower] = Math.max(layer[follower], layer[box] + 1);
        if (--waiting[follower] === 0) {
          queue.push(follower);
        }
      }
    }
  }
  return layer;
}

/** Orders each column by where the neighbours on one side stand. */
function orderColumns(
  columns: number[][],
  neighbours: number[][],
  forward: boolean
): void {
  const rank: number[] = [];
  columns.forEach(column => column.forEach((box, at) => (rank[box] = at)));
  const order = forward ? columns : [...columns].reverse();
  for (const column of order) {
    const weight = new Map(
      column.map(box => [box, mean(neighbours[box], rank) ?? rank[box]])
    );
    column.sort((a, b) => weight.get(a)! - weight.get(b)! || rank[a] - rank[b]);
    column.forEach((box, at) => (rank[box] = at));
  }
}

function place(
  boxes: IBox[],
  columns: number[][],
  previous: number[][],
  gap: IGap
): Map<string, [number, number]> {
  const middle: number[] = [];
  const places = new Map<string, [number, number]>();
  let x = 0;
  for (const column of columns) {
    const tops = stack(column, boxes, previous, middle, gap.y);
    column.forEach((box, at) => {
      middle[box] = tops[at] + boxes[box].height / 2;
      places.set(boxes[box].id, [x, Math.round(tops[at])]);
    });
    x += Math.max(...column.map(box => boxes[box].width)) + gap.x;
  }
  const highest = Math.min(0, ...[...places.values()].map(([, y]) => y));
  places.forEach(position => (position[1] -= highest));
  return places;
}

/**
 * The tops of a column's boxes, each as near as can be to the middle of what
 * it follows: overlapping boxes are pushed down, then the column as a whole
 * is shifted back by the mean of the pushes.
 */
function stack(
  column: number[],
  boxes: IBox[],
  previous: number[][],
  middle: number[],
  gap: number
): number[] {
  const tops: number[] = [];
  let free = -Infinity;
  let pushed = 0;
  for (const box of column) {
    const height = boxes[box].height;
    const wanted = mean(previous[box], middle);
    const top = wanted === null ? Math.max(free, 0) : wanted - height / 2;
    tops.push(Math.max(top, free));
    pushed += Math.max(top, free) - top;
    free = tops[tops.length - 1] + height + gap;
  }
  const shift = pushed / column.length;
  return tops.map(top => top - shift);
}

/** The mean value of some boxes; null when none has a value yet. */
function mean(boxes: number[], value: number[]): number | null {
  const known = boxes.filter(box => value[box] !== undefined);
  const sum = known.reduce((total, box) => total + value[box], 0);
  return known.length ? sum / known.length : null;
}
