import type { GraphEdge, GraphNode } from '../../api/schema';

/** A thing of the lineage store, as the server tells it to be drawn. */
export type IGraphNode = GraphNode;

/** What was read by an execution, or made by it; `name` is the input's or the output's. */
export type IGraphEdge = GraphEdge;

/** Where from (the inputs) or where to (what was made of it). */
export type Direction = 'up' | 'down';

/** What is drawn as one stacked node when it is alike. */
export type Grouping = 'none' | 'repeats' | 'run' | 'pipeline' | 'type';

/** A type as a person says it: `Model`. */
export function plainType(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
