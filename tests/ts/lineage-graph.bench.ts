import { bench, describe } from 'vitest';
import { layoutGraph } from '../../labextension/src/lineage/graph/layout/layout';
import {
  ISample,
  layoutInput,
  pipelineRuns,
  randomDag
} from './lineage-graphs';

const KINDS: { [kind: string]: (count: number) => ISample } = {
  runs: count => pipelineRuns(count),
  dag: count => randomDag(7, count)
};

describe('lineage layout', () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    for (const count of [200, 1000, 5000, 50_000]) {
      const input = layoutInput(make(count));
      bench(`${kind} ${count}`, () => void layoutGraph(input), {
        iterations: 5,
        time: 300,
        warmupIterations: 2,
        warmupTime: 50
      });
    }
  }
});
