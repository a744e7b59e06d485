/** A thing of the lineage store, as the server tells it to be drawn. */
export interface IGraphNode {
  /** Its kind and its id in the store: `artifact/12`. */
  id: string;
  kind: 'artifact' | 'execution' | 'context';
  /** The type's whole name: `system.Model`. */
  type: string;
  name: string;
  uri: string | null;
  state: string | null;
  /** When it was made, in ms since 1970. */
  created: number;
  run: string | null;
  pipeline: string | null;
  task: string | null;
  /** The component and its version: `train/x@1.0.0`. */
  component: string | null;
  user: string | null;
  digest: string | null;
  /** How many nodes lead to it, and follow from it, in the whole store. */
  up: number;
  down: number;
  tags: string[];
}

/** What was read by an execution, or made by it; `name` is the input's or the output's. */
export interface IGraphEdge {
  source: string;
  target: string;
  name: string;
}

/** Where from (the inputs) or where to (what was made of it). */
export type Direction = 'up' | 'down';

/** What is drawn as one stacked node when it is alike. */
export type Grouping = 'none' | 'repeats' | 'run' | 'pipeline' | 'type';

/** A type as a person says it: `Model`. */
export function plainType(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
