import { describe, expect, test } from 'vitest';
import { layoutGraph } from '../../labextension/src/lineage/graph/layout/layout';
import { ILayout } from '../../labextension/src/lineage/graph/layout/shapes';
import {
  ISample,
  layoutInput,
  pipelineRuns,
  randomDag,
  tree
} from './lineage-graphs';

const WIDTH = 208;
const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

function laidOut(sample: ISample): ILayout {
  return layoutGraph(layoutInput(sample));
}

/** How many pairs of boxes lie on top of each other. */
function overlaps(sample: ISample, { x, y }: ILayout): number {
  const { heights } = layoutInput(sample);
  const order = [...x.keys()].sort((a, b) => x[a] - x[b]);
  let found = 0;
  order.forEach((v, i) => {
    for (let j = i + 1; j < order.length && x[order[j]] < x[v] + WIDTH; j++) {
      const w = order[j];
      found += y[v] < y[w] + heights[w] && y[w] < y[v] + heights[v] ? 1 : 0;
    }
  });
  return found;
}

/** How many pairs of edges cross as straight lines from middle to middle. */
function crossings(sample: ISample, { x, y }: ILayout): number {
  const { heights } = layoutInput(sample);
  const lines = sample.edges.map(([a, b]) => [
    x[a],
    y[a] + heights[a] / 2,
    x[b],
    y[b] + heights[b] / 2
  ]);
  const side = (l: number[], px: number, py: number) =>
    Math.sign((l[2] - l[0]) * (py - l[1]) - (l[3] - l[1]) * (px - l[0]));
  const cross = (k: number[], l: number[]) =>
    side(k, l[0], l[1]) * side(k, l[2], l[3]) < 0 &&
    side(l, k[0], k[1]) * side(l, k[2], k[3]) < 0;
  return lines.reduce(
    (sum, line, i) =>
      sum + lines.slice(0, i).filter(l => cross(l, line)).length,
    0
  );
}

function turned({ count, edges }: ISample): ISample {
  return { count, edges: edges.map(([a, b]) => [b, a]) };
}

function ladder(steps: number): ISample {
  const edges: [number, number][] = [];
  for (let v = 0; v + 2 < 2 * steps; v += 2) {
    edges.push([v, v + 2], [v + 1, v + 3]);
  }
  return { count: 2 * steps, edges: [...edges, [0, 3], [4, 7]] };
}

describe('a layout', () => {
  test.each(SEEDS)('puts no box on another (graph %i)', seed => {
    const sample = randomDag(seed, 5 + seed * 3, 0.6 + (seed % 4) / 2);
    expect(overlaps(sample, laidOut(sample))).toBe(0);
  });

  test.each(SEEDS)('leads every edge to the right (graph %i)', seed => {
    const sample = randomDag(seed, 5 + seed * 3, 0.6 + (seed % 4) / 2);
    const { x } = laidOut(sample);
    for (const [source, target] of sample.edges) {
      expect(x[source] + WIDTH).toBeLessThan(x[target]);
    }
  });

  test('is the same each time', () => {
    const sample = randomDag(3, 400);
    expect(laidOut(sample)).toEqual(laidOut(sample));
  });

  test.each([
    [2, 127],
    [3, 121],
    [5, 156]
  ])('crosses no edges of a tree (%i children)', (width, count) => {
    const sample = tree(count, width);
    expect(crossings(sample, laidOut(sample))).toBe(0);
    expect(crossings(turned(sample), laidOut(turned(sample)))).toBe(0);
  });

  test('crosses only what must cross in a ladder', () => {
    const sample = ladder(12);
    expect(crossings(sample, laidOut(sample))).toBe(0);
  });

  test('keeps chains straight, also beside each other', () => {
    const chain = Array.from({ length: 40 }, (_, v): [number, number] => [
      v,
      v + 1
    ]);
    const { y } = laidOut({
      count: 82,
      edges: [
        ...chain,
        ...chain.map(([a, b]): [number, number] => [a + 41, b + 41])
      ]
    });
    const { heights } = layoutInput({ count: 82, edges: [] });
    const middles = [...y].map((top, v) => top + heights[v] / 2);
    expect(new Set(middles.slice(0, 41)).size).toBe(1);
    expect(new Set(middles.slice(41)).size).toBe(1);
  });

  test('leads a long edge past the boxes between, at one height', () => {
    const edges: [number, number][] = [
      [0, 1],
      [1, 2],
      [2, 3],
      [3, 4],
      [0, 4]
    ];
    const layout = laidOut({ count: 5, edges });
    const heights = [
      ...layout.placeY.slice(layout.first[4], layout.last[4] + 1)
    ];
    expect(heights).toHaveLength(3);
    expect(new Set(heights).size).toBe(1);
    for (const v of [1, 2, 3]) {
      const isPast = heights[0] < layout.y[v] || heights[0] > layout.y[v] + 80;
      expect(isPast).toBe(true);
    }
  });

  test('crosses few edges of a pipeline that ran often', () => {
    const sample = pipelineRuns(400);
    expect(crossings(sample, laidOut(sample))).toBeLessThan(
      0.05 * sample.edges.length
    );
  });
});

describe('what a layout has to bear', () => {
  test('nothing at all', () => {
    expect(laidOut({ count: 0, edges: [] }).x).toHaveLength(0);
  });

  test('cycles, loops and doubled edges', () => {
    const sample: ISample = {
      count: 4,
      edges: [
        [0, 1],
        [1, 2],
        [2, 0],
        [2, 2],
        [2, 3],
        [2, 3]
      ]
    };
    const layout = laidOut(sample);
    expect(overlaps(sample, layout)).toBe(0);
    expect([...layout.x].every(Number.isFinite)).toBe(true);
  });

  test('a chain of ten thousand', () => {
    const edges = Array.from({ length: 10_000 }, (_, v): [number, number] => [
      v,
      v + 1
    ]);
    const { y } = laidOut({ count: 10_001, edges });
    expect(Math.max(...y) - Math.min(...y)).toBeLessThan(30);
  });

  test('a table that ten thousand tasks read, each after the last', () => {
    const edges = Array.from({ length: 10_000 }, (_, v): [number, number][] => [
      [v, v + 1],
      [0, v + 1]
    ]).flat();
    const sample = { count: 10_001, edges };
    expect(overlaps(sample, laidOut(sample))).toBe(0);
  });

  test('many parts: they lie beside each other, about as wide as a screen', () => {
    const edges = Array.from({ length: 500 }, (_, v): [number, number] => [
      2 * v,
      2 * v + 1
    ]);
    const sample = { count: 1000, edges };
    const { x, y } = laidOut(sample);
    const ratio = (Math.max(...x) + WIDTH) / (Math.max(...y) + 80);
    expect(overlaps(sample, { x, y } as ILayout)).toBe(0);
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(2.5);
  });

  test('a tower is folded: two thousand runs that read one table', () => {
    const sample = pipelineRuns(10_000);
    const layout = laidOut(sample);
    const ratio =
      (Math.max(...layout.x) + WIDTH) / (Math.max(...layout.y) + 80);
    expect(overlaps(sample, layout)).toBe(0);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(3);
    const isRight = ([a, b]: [number, number]) => layout.x[a] < layout.x[b];
    const share = sample.edges.filter(isRight).length / sample.edges.length;
    expect(share).toBeGreaterThan(0.95);
  });
});
