import { ILayoutInput, ILists, listsBy } from './shapes';

/** The edges as they are laid out: from left to right, none closing a cycle. */
export interface IForward {
  /** The number of each edge in the input, where loops have one too. */
  edges: Int32Array;
  from: Int32Array;
  to: Int32Array;
  /** The column of each vertex, from 0. */
  layer: Int32Array;
  layers: number;
}

/**
 * Gives each vertex a column, so that edges lead to the right.
 *
 * The longest way from an origin decides; then what has more outputs than
 * inputs moves right, as near to its readers as it can, so that a table that
 * is read late is not far away from all that reads it. Edges that close a
 * cycle are turned round.
 */
export function assignLayers(input: ILayoutInput): IForward {
  const count = input.widths.length;
  const { edges, from, to } = withoutLoops(input);
  turnCycles(from, to, count);
  const out = listsBy(from, count);
  const order = topological(out, to, count);
  const layer = new Int32Array(count);
  for (const v of order) {
    for (let at = out.start[v]; at < out.start[v + 1]; at++) {
      const next = to[out.items[at]];
      layer[next] = Math.max(layer[next], layer[v] + 1);
    }
  }
  tighten(order, layer, out, to);
  let layers = 0;
  for (let v = 0; v < count; v++) {
    layers = Math.max(layers, layer[v] + 1);
  }
  return { edges, from, to, layer, layers };
}

/** Moves what has more outputs than inputs towards its nearest reader. */
function tighten(
  order: Int32Array,
  layer: Int32Array,
  out: ILists,
  to: Int32Array
): void {
  const inputs = new Int32Array(layer.length);
  for (let edge = 0; edge < to.length; edge++) {
    inputs[to[edge]]++;
  }
  for (let at = order.length - 1; at >= 0; at--) {
    const v = order[at];
    const outputs = out.start[v + 1] - out.start[v];
    if (outputs > inputs[v]) {
      let nearest = Infinity;
      for (let slot = out.start[v]; slot < out.start[v + 1]; slot++) {
        nearest = Math.min(nearest, layer[to[out.items[slot]]]);
      }
      layer[v] = nearest - 1;
    }
  }
}

function withoutLoops({ sources, targets }: ILayoutInput) {
  const edges = new Int32Array(sources.length);
  let count = 0;
  for (let edge = 0; edge < sources.length; edge++) {
    if (sources[edge] !== targets[edge]) {
      edges[count++] = edge;
    }
  }
  const real = edges.subarray(0, count);
  return {
    edges: real,
    from: real.map(edge => sources[edge]),
    to: real.map(edge => targets[edge])
  };
}

/** Turns the edges round that close a cycle, found by going depth first. */
function turnCycles(from: Int32Array, to: Int32Array, count: number): void {
  const out = listsBy(from, count);
  const state = new Uint8Array(count); // 1: on the way, 2: done
  const next = out.start.slice(0, count);
  const stack = new Int32Array(count);
  const turned: number[] = [];
  for (const root of roots(to, count)) {
    let top = 0;
    if (state[root] === 0) {
      stack[top++] = root;
      state[root] = 1;
    }
    while (top > 0) {
      const v = stack[top - 1];
      if (next[v] === out.start[v + 1]) {
        state[v] = 2;
        top--;
        continue;
      }
      const edge = out.items[next[v]++];
      const w = to[edge];
      if (state[w] === 0) {
        state[w] = 1;
        stack[top++] = w;
      } else if (state[w] === 1) {
        turned.push(edge);
      }
    }
  }
  for (const edge of turned) {
    [from[edge], to[edge]] = [to[edge], from[edge]];
  }
}

/** First what nothing leads to, then all the rest, which only cycles need. */
function roots(targets: Int32Array, count: number): Int32Array {
  const isLedTo = new Uint8Array(count);
  targets.forEach(v => (isLedTo[v] = 1));
  const all = new Int32Array(count);
  let at = 0;
  for (const wanted of [0, 1]) {
    for (let v = 0; v < count; v++) {
      if (isLedTo[v] === wanted) {
        all[at++] = v;
      }
    }
  }
  return all;
}

/** All vertices, each after those that lead to it. */
function topological(out: ILists, to: Int32Array, count: number): Int32Array {
  const waiting = new Int32Array(count);
  for (let edge = 0; edge < to.length; edge++) {
    waiting[to[edge]]++;
  }
  const order = new Int32Array(count);
  let end = 0;
  for (let v = 0; v < count; v++) {
    if (waiting[v] === 0) {
      order[end++] = v;
    }
  }
  for (let at = 0; at < end; at++) {
    const v = order[at];
    for (let slot = out.start[v]; slot < out.start[v + 1]; slot++) {
      const w = to[out.items[slot]];
      if (--waiting[w] === 0) {
        order[end++] = w;
      }
    }
  }
  return order;
}
