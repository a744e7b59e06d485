import { ILayoutInput } from '../../labextension/src/lineage/graph/layout/shapes';

/** A graph for tests: how many vertices, and its edges. */
export interface ISample {
  count: number;
  edges: [number, number][];
}

/** Numbers that look random, and are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function layoutInput({ count, edges }: ISample): ILayoutInput {
  return {
    widths: new Float32Array(count).fill(208),
    heights: new Float32Array(count).map((_, v) => 56 + 24 * (v % 2)),
    sources: Int32Array.from(edges, ([source]) => source),
    targets: Int32Array.from(edges, ([, target]) => target)
  };
}

/** Any acyclic graph, its vertices numbered in no order. */
export function randomDag(seed: number, count: number, density = 1.5): ISample {
  const next = random(seed);
  const names = Array.from({ length: count }, (_, v) => v);
  for (let v = count - 1; v > 0; v--) {
    const w = Math.floor(next() * (v + 1));
    [names[v], names[w]] = [names[w], names[v]];
  }
  const edges: [number, number][] = [];
  for (let i = 0; i < count * density && count > 1; i++) {
    const target = 1 + Math.floor(next() * (count - 1));
    const reach = next() < 0.9 ? Math.min(target, 12) : target;
    const source = target - 1 - Math.floor(next() * reach);
    edges.push([names[source], names[target]]);
  }
  return { count, edges };
}

/**
 * Runs of a pipeline as a store has them: all read the same table; each task
 * reads what the one before made, some also what an earlier one made; now and
 * then a run reads the model of the run before.
 */
export function pipelineRuns(count: number, tasks = 5): ISample {
  const edges: [number, number][] = [];
  let made = 1; // 0 is the table
  let model = -1;
  while (made + 2 * tasks < count) {
    const first = made;
    for (let task = 0; task < tasks; task++) {
      const execution = made++;
      const artifact = made++;
      edges.push([task === 0 ? 0 : execution - 1, execution]);
      edges.push([execution, artifact]);
      if (task > 1 && task % 2 === 0) {
        edges.push([first + 1, execution]);
      }
    }
    if (model >= 0 && first % 7 === 0) {
      edges.push([model, first + 2]);
    }
    model = made - 1;
  }
  return { count: made, edges };
}

/** Each vertex has `width` children. */
export function tree(count: number, width: number): ISample {
  const edges = Array.from({ length: count - 1 }, (_, v): [number, number] => [
    Math.floor(v / width),
    v + 1
  ]);
  return { count, edges };
}
