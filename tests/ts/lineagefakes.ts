import { ClaimedClient } from '../../labextension/src/api/client';
import {
  ILineageGraph,
  ILineageNode,
  LineageClient
} from '../../labextension/src/api/lineage';

/** The client of the lineage of a fake server. */
export function lineageOf({ requests }: ClaimedClient): LineageClient {
  return new LineageClient(requests);
}

/** A node of the lineage, by default a model. */
export function node(of: Partial<ILineageNode>): ILineageNode {
  return {
    id: 'artifact/1',
    kind: 'artifact',
    type: 'system.Model',
    name: 'model',
    uri: null,
    state: 'LIVE',
    created: 0,
    run: null,
    pipeline: null,
    task: null,
    component: null,
    user: null,
    digest: null,
    up: 0,
    down: 0,
    tags: [],
    ...of
  };
}

/** A graph of nodes by their ids; edges as `a>b`. */
export function graph(ids: string[], edges: string[] = []): ILineageGraph {
  return {
    nodes: ids.map(id => node({ id, name: id, up: 1, down: 1 })),
    edges: edges.map(edge => {
      const [source, target] = edge.split('>');
      return { source, target, name: '' };
    }),
    truncated: false,
    missing: 0,
    start: ids.slice(0, 1)
  };
}
