import {
  IGraphEdge,
  IGraphNode
} from '../../labextension/src/lineage/graph/data';

/** A node of the store with what a test says of it. */
export function graphNode(
  id: string,
  about: Partial<IGraphNode> = {}
): IGraphNode {
  const kind = id.split('/')[0] as IGraphNode['kind'];
  return {
    id,
    kind,
    type: kind === 'artifact' ? 'system.Dataset' : 'system.ContainerExecution',
    name: id,
    uri: null,
    state: kind === 'artifact' ? 'LIVE' : 'COMPLETE',
    created: 1_763_800_000_000,
    run: null,
    pipeline: null,
    task: null,
    component: null,
    user: null,
    digest: null,
    up: 0,
    down: 0,
    tags: [],
    ...about
  };
}

/** Edges of `a > b > c` lines, one a string. */
export function edgesOf(...chains: string[]): IGraphEdge[] {
  return chains.flatMap(chain => {
    const ids = chain.split(' > ');
    return ids
      .slice(1)
      .map((target, i) => ({ source: ids[i], target, name: `of ${ids[i]}` }));
  });
}

/** Nodes for all that edges name. */
export function nodesOf(edges: IGraphEdge[]): IGraphNode[] {
  const ids = new Set(edges.flatMap(({ source, target }) => [source, target]));
  return [...ids].map(id =>
    graphNode(id, {
      up: edges.filter(edge => edge.target === id).length,
      down: edges.filter(edge => edge.source === id).length
    })
  );
}

/** Runs of one pipeline that read the same table. */
export function runsOfTrain(count: number): {
  nodes: IGraphNode[];
  edges: IGraphEdge[];
} {
  const nodes = [graphNode('artifact/0', { down: count })];
  const edges: IGraphEdge[] = [];
  for (let run = 1; run <= count; run++) {
    const of = { run: `run-${run}`, pipeline: 'Credit', task: 'train' };
    const state = run === 2 ? 'FAILED' : 'COMPLETE';
    nodes.push(
      graphNode(`execution/${run}`, { ...of, name: 'train', state }),
      graphNode(`artifact/${run}`, { ...of, type: 'system.Model' })
    );
    edges.push(
      { source: 'artifact/0', target: `execution/${run}`, name: 'data' },
      { source: `execution/${run}`, target: `artifact/${run}`, name: 'model' }
    );
  }
  return { nodes, edges };
}
