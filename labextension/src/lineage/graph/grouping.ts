import { GraphContent } from './content';
import { Grouping, IGraphEdge, IGraphNode, plainType } from './data';

/** Nodes that are alike, drawn as one while it is closed. */
export interface IGroup {
  /** `group/…`; the same as long as the same is grouped. */
  id: string;
  by: Grouping;
  /** What its nodes have in common: `train`. */
  label: string;
  kind: IGraphNode['kind'];
  /** Their type, when it is one. */
  type: string;
  members: IGraphNode[];
}

/** What is drawn as one thing: a node, or a closed group. */
export interface IVertex {
  id: string;
  node: IGraphNode | null;
  group: IGroup | null;
}

/** What is drawn, by numbers: vertices, and edges between them. */
export interface IShown {
  vertices: IVertex[];
  /** The number of the vertex that shows a node, or that is a group. */
  at: ReadonlyMap<string, number>;
  /** The ends of each edge; edges that a group puts on top of each other are one. */
  sources: Int32Array;
  targets: Int32Array;
  names: string[];
  /** How many edges of the store each one stands for. */
  weights: Int32Array;
  /** All groups, open ones too, by their ids; and the group of a node. */
  groups: ReadonlyMap<string, IGroup>;
  groupOf: ReadonlyMap<string, IGroup>;
}

/** How many must be alike to be one. */
const ENOUGH = 2;

/**
 * What of the content is drawn, and as what.
 *
 * open: the groups that are drawn as their nodes.
 * apart: nodes that are never put into a group of repeats, for one looks at them.
 */
export function buildShown(
  content: GraphContent,
  grouping: Grouping,
  open: ReadonlySet<string>,
  apart: ReadonlySet<string>
): IShown {
  const groups = findGroups(content, grouping, apart);
  const groupOf = new Map<string, IGroup>();
  for (const group of groups.values()) {
    group.members.forEach(node => groupOf.set(node.id, group));
  }
  const vertices: IVertex[] = [];
  const at = new Map<string, number>();
  for (const node of content.nodes.values()) {
    const group = groupOf.get(node.id);
    if (!group || open.has(group.id)) {
      at.set(node.id, vertices.length);
      vertices.push({ id: node.id, node, group: null });
    } else {
      if (!at.has(group.id)) {
        at.set(group.id, vertices.length);
        vertices.push({ id: group.id, node: null, group });
      }
      at.set(node.id, at.get(group.id)!);
    }
  }
  const joined = joinEdges(content.edges.values(), at, vertices.length);
  return { vertices, at, ...joined, groups, groupOf };
}

type Joined = Pick<IShown, 'sources' | 'targets' | 'names' | 'weights'>;

function joinEdges(
  edges: Iterable<IGraphEdge>,
  at: ReadonlyMap<string, number>,
  count: number
): Joined {
  const known = new Map<number, number>();
  const sources: number[] = [];
  const targets: number[] = [];
  const names: string[] = [];
  const weights: number[] = [];
  for (const { source, target, name } of edges) {
    const from = at.get(source);
    const to = at.get(target);
    if (from === undefined || to === undefined || from === to) {
      continue;
    }
    const before = known.get(from * count + to);
    if (before === undefined) {
      known.set(from * count + to, names.length);
      sources.push(from);
      targets.push(to);
      names.push(name ?? '');
      weights.push(1);
    } else {
      weights[before]++;
      if (name && !names[before].split(', ').includes(name)) {
        names[before] += names[before] ? `, ${name}` : name;
      }
    }
  }
  return {
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
    names,
    weights: Int32Array.from(weights)
  };
}

function findGroups(
  content: GraphContent,
  grouping: Grouping,
  apart: ReadonlySet<string>
): Map<string, IGroup> {
  const groups = new Map<string, IGroup>();
  if (grouping === 'none') {
    return groups;
  }
  const outputs = grouping === 'repeats' ? outputNames(content) : new Map();
  for (const node of content.nodes.values()) {
    if (grouping === 'repeats' && apart.has(node.id)) {
      continue;
    }
    const found = alike(node, grouping, outputs);
    if (found) {
      const id = `group/${grouping}/${found.key}`;
      const group = groups.get(id);
      if (group) {
        group.members.push(node);
        group.type = group.type === node.type ? node.type : '';
      } else {
        const { kind, type } = node;
        const label = found.label;
        groups.set(id, {
          id,
          by: grouping,
          label,
          kind,
          type,
          members: [node]
        });
      }
    }
  }
  return withoutLone(groups);
}

/** What stands alone is no group. */
function withoutLone(groups: Map<string, IGroup>): Map<string, IGroup> {
  for (const [id, { members }] of groups) {
    if (members.length < ENOUGH) {
      groups.delete(id);
    }
  }
  return groups;
}

/** What a node has in common with others, and how that is said; null when it stands alone. */
function alike(
  node: IGraphNode,
  grouping: Grouping,
  outputs: ReadonlyMap<string, string>
): { key: string; label: string } | null {
  const { kind, type, run, pipeline, task, component, name } = node;
  switch (grouping) {
    case 'run':
      return run ? { key: run, label: run } : null;
    case 'pipeline':
      return pipeline ? { key: pipeline, label: pipeline } : null;
    case 'type':
      return { key: `${kind}/${type}`, label: plainType(type) };
    default: {
      const output = outputs.get(node.id) ?? '';
      const own = task ?? component?.split('@')[0] ?? name;
      const label = kind === 'artifact' ? output || name : own;
      const parts = [kind, type, pipeline ?? '', own, output || label];
      return { key: parts.join('/'), label };
    }
  }
}

/** The name under which each artifact was made. */
function outputNames(content: GraphContent): Map<string, string> {
  const names = new Map<string, string>();
  for (const { source, target, name } of content.edges.values()) {
    if (source.startsWith('execution/') && !names.has(target)) {
      names.set(target, name ?? '');
    }
  }
  return names;
}
