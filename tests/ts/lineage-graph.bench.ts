import * as dagre from '@dagrejs/dagre';
import ELK from 'elkjs/lib/elk.bundled.js';
import { bench, describe } from 'vitest';
import { layoutGraph } from '../../labextension/src/lineage/graph/layout/layout';
import {
  ISample,
  layoutInput,
  pipelineRuns,
  randomDag
} from './lineage-graphs';

const [WIDTH, HEIGHT] = [228, 72];

/** Runs of a pipeline, and an acyclic graph of no order at all. */
const KINDS: { [kind: string]: (count: number) => ISample } = {
  runs: count => pipelineRuns(count),
  random: count => randomDag(7, count)
};

const FEW = { iterations: 1, time: 1, warmupIterations: 0, warmupTime: 0 };

function byDagre({ count, edges }: ISample): void {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR' });
  graph.setDefaultEdgeLabel(() => ({}));
  for (let v = 0; v < count; v++) {
    graph.setNode(String(v), { width: WIDTH, height: HEIGHT });
  }
  edges.forEach(([a, b]) => graph.setEdge(String(a), String(b)));
  dagre.layout(graph);
}

async function byElk({ count, edges }: ISample): Promise<void> {
  await new ELK().layout({
    id: 'all',
    layoutOptions: { 'elk.algorithm': 'layered' },
    children: Array.from({ length: count }, (_, v) => ({
      id: String(v),
      width: WIDTH,
      height: HEIGHT
    })),
    edges: edges.map(([a, b], i) => ({
      id: `e${i}`,
      sources: [String(a)],
      targets: [String(b)]
    }))
  });
}

for (const [kind, make] of Object.entries(KINDS)) {
  describe(`lineage layout: ${kind}`, () => {
    for (const count of [200, 1000, 5000, 50_000]) {
      const input = layoutInput(make(count));
      bench(`ours ${count}`, () => void layoutGraph(input), {
        iterations: 5,
        time: 300,
        warmupIterations: 2,
        warmupTime: 50
      });
    }
    for (const count of [200, 1000]) {
      const sample = make(count);
      bench(`dagre ${count}`, () => byDagre(sample), FEW);
      bench(`elk ${count}`, () => byElk(sample), FEW);
    }
  });
}
