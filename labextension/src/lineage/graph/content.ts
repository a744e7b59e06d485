import { Direction, IGraphEdge, IGraphNode } from './data';

/** The nodes and edges that are known, each once, and who is beside whom. */
export class GraphContent {
  readonly nodes = new Map<string, IGraphNode>();
  /** By source, target and name, in the order in which they came. */
  readonly edges = new Map<string, IGraphEdge>();

  /** Takes in what is not known yet, and the newest state of what is; returns the ids of new nodes. */
  add(
    nodes: Iterable<IGraphNode>,
    edges: Iterable<IGraphEdge>
  ): ReadonlySet<string> {
    const fresh = new Set<string>();
    const known = this.edges.size;
    for (const node of nodes) {
      if (!this.nodes.has(node.id)) {
        fresh.add(node.id);
      }
      this.nodes.set(node.id, node);
    }
    for (const edge of edges) {
      const { source, target, name } = edge;
      if (source !== target) {
        this.edges.set(`${source}\n${target}\n${name}`, edge);
      }
    }
    if (fresh.size > 0 || this.edges.size > known) {
      this._beside = null;
    }
    return fresh;
  }

  /** Takes nodes away, with the edges that end at them. */
  remove(ids: ReadonlySet<string>): void {
    ids.forEach(id => this.nodes.delete(id));
    for (const [key, { source, target }] of this.edges) {
      if (ids.has(source) || ids.has(target)) {
        this.edges.delete(key);
      }
    }
    this._beside = null;
  }

  clear(): void {
    this.nodes.clear();
    this.edges.clear();
    this._beside = null;
  }

  /** The known nodes one step away, each once. */
  beside(id: string, direction: Direction): readonly string[] {
    return this._sides()[direction].get(id) ?? [];
  }

  /** How many neighbours the store has that are not here. */
  missing(id: string, direction: Direction): number {
    const node = this.nodes.get(id);
    return node
      ? Math.max(0, node[direction] - this.beside(id, direction).length)
      : 0;
  }

  /** What hangs on one side of a node only, and on nothing that is to be kept. */
  hanging(
    id: string,
    direction: Direction,
    keep: ReadonlySet<string>
  ): Set<string> {
    const gone = new Set<string>();
    const seen = new Set([id]);
    // What is reached without that side stays in any case.
    const opposite = direction === 'up' ? 'down' : 'up';
    this._flood(this.beside(id, opposite), seen);
    for (const next of this.beside(id, direction)) {
      if (!seen.has(next)) {
        const part = this._flood([next], seen);
        if (!part.some(one => keep.has(one))) {
          part.forEach(one => gone.add(one));
        }
      }
    }
    return gone;
  }

  /** All that hangs together with some nodes, past none that was seen. */
  private _flood(from: readonly string[], seen: Set<string>): string[] {
    const found: string[] = [];
    const waiting = [...from];
    while (waiting.length) {
      const id = waiting.pop()!;
      if (!seen.has(id)) {
        seen.add(id);
        found.push(id);
        waiting.push(...this.beside(id, 'up'), ...this.beside(id, 'down'));
      }
    }
    return found;
  }

  private _sides(): { [side in Direction]: Map<string, string[]> } {
    if (!this._beside) {
      const up = new Map<string, Set<string>>();
      const down = new Map<string, Set<string>>();
      for (const { source, target } of this.edges.values()) {
        if (this.nodes.has(source) && this.nodes.has(target)) {
          put(up, target, source);
          put(down, source, target);
        }
      }
      this._beside = { up: lists(up), down: lists(down) };
    }
    return this._beside;
  }

  private _beside: { [side in Direction]: Map<string, string[]> } | null = null;
}

function put(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set) {
    set.add(value);
  } else {
    map.set(key, new Set([value]));
  }
}

function lists(map: Map<string, Set<string>>): Map<string, string[]> {
  return new Map([...map].map(([id, set]) => [id, [...set]]));
}
