import { ISignal, Signal } from '@lumino/signaling';
import { GraphContent } from './content';
import { Direction, Grouping, IGraphEdge, IGraphNode } from './data';
import { IGroup, IShown, buildShown } from './grouping';

/**
 * What became different: a new picture; nodes came beside what is there, or
 * went; the same is drawn with other states; groups; what stands out.
 */
export interface IGraphChange {
  what: 'graph' | 'extend' | 'remove' | 'states' | 'groups' | 'highlight';
  /** What stays where it is on the screen. */
  anchor: string | null;
  /** The nodes that came. */
  fresh: ReadonlySet<string>;
}

/** Where a menu is asked for, in pixels of the window. */
export interface IMenuRequest {
  id: string;
  x: number;
  y: number;
}

const NOTHING: ReadonlySet<string> = new Set();

/** A part of the lineage as it is looked at; knows nothing of pixels. */
export class GraphModel {
  /** A new picture: is shown whole, or what is about `start` when it is large. */
  setGraph(
    nodes: Iterable<IGraphNode>,
    edges: Iterable<IGraphEdge>,
    options: { start?: readonly string[] } = {}
  ): void {
    this._content.clear();
    this._content.add(nodes, edges);
    this._start = new Set(options.start ?? []);
    this._open.clear();
    this._path = [];
    this._hovered = null;
    this._changed('graph');
    this._forgetGone();
  }

  /** Adds beside what is there, which does not move; `anchor` is where one asked for more. */
  extend(
    nodes: Iterable<IGraphNode>,
    edges: Iterable<IGraphEdge>,
    options: { anchor?: string } = {}
  ): void {
    const fresh = this._content.add(nodes, edges);
    this._changed('extend', options.anchor ?? null, fresh);
  }

  /** Takes over what changed of nodes that are here; others are left out. */
  update(nodes: Iterable<IGraphNode>): void {
    const known = [...nodes].filter(({ id }) => this._content.nodes.has(id));
    if (known.length) {
      this._content.add(known, []);
      this._changed('states');
    }
  }

  /** Takes nodes out of the picture. */
  remove(ids: Iterable<string>): void {
    this._content.remove(new Set(ids));
    this._changed('remove', this._selected);
    this._forgetGone();
  }

  /** Takes away what only hangs on that side of a node. What one began with stays. */
  collapse(id: string, side: Direction | 'both'): void {
    const sides: Direction[] = side === 'both' ? ['up', 'down'] : [side];
    for (const one of sides) {
      this._content.remove(this._content.hanging(id, one, this._start));
    }
    this._changed('remove', id);
    this._forgetGone();
  }

  /** The node or closed group that is looked at. */
  get selected(): string | null {
    return this._selected;
  }

  /** Selects a node or a group; `reveal` brings it into sight, out of a closed group if need be. */
  select(id: string | null, options: { reveal?: boolean } = {}): void {
    const group = id === null ? undefined : this.shown.groupOf.get(id);
    if (options.reveal && group && !this._open.has(group.id)) {
      this.toggleGroup(group.id);
    }
    const isNew = this._selected !== id;
    this._selected = id;
    if (isNew) {
      this._selectedChanged.emit(id);
    }
    if (id !== null && options.reveal) {
      this._revealRequested.emit(id);
    }
  }

  /** What the pointer is on. */
  get hovered(): string | null {
    return this._hovered;
  }

  set hovered(id: string | null) {
    if (id !== this._hovered) {
      this._hovered = id;
      this._hoveredChanged.emit(id);
    }
  }

  /** The nodes that stand out; the rest fades while there are any. */
  get path(): readonly string[] {
    return this._path;
  }

  highlight(ids: readonly string[] | null): void {
    this._path = ids ?? [];
    this._changed('highlight');
  }

  get grouping(): Grouping {
    return this._grouping;
  }

  setGrouping(grouping: Grouping): void {
    if (grouping !== this._grouping) {
      this._grouping = grouping;
      this._open.clear();
      this._changed('groups', this._selected);
    }
  }

  /** Opens a closed group, closes an open one; `id` is the group's, or that of a node in it. */
  toggleGroup(id: string): void {
    const { groups, groupOf } = this.shown;
    const group = groups.get(id) ?? groupOf.get(id);
    if (!group) {
      return;
    }
    const isOpen = this._open.has(group.id);
    const anchor = isOpen ? group.id : middleOf(group).id;
    if (isOpen) {
      this._open.delete(group.id);
    } else {
      this._open.add(group.id);
    }
    this._changed('groups', anchor);
  }

  isOpen(group: string): boolean {
    return this._open.has(group);
  }

  /** What one began with. */
  get start(): ReadonlySet<string> {
    return this._start;
  }

  node(id: string): IGraphNode | undefined {
    return this._content.nodes.get(id);
  }

  group(id: string): IGroup | undefined {
    return this.shown.groups.get(id);
  }

  /** The nodes and edges that are here, grouped or not. */
  get nodes(): IGraphNode[] {
    return [...this._content.nodes.values()];
  }

  get edges(): IGraphEdge[] {
    return [...this._content.edges.values()];
  }

  /** The nodes here that lead to a node, or follow from it. */
  beside(id: string, direction: Direction): readonly string[] {
    return this._content.beside(id, direction);
  }

  /** How many of these the store has that are not here. */
  missing(id: string, direction: Direction): number {
    return this._content.missing(id, direction);
  }

  /** nodes, edges: what is here.  groups: closed ones.  hidden: nodes inside these. */
  counts(): { nodes: number; edges: number; groups: number; hidden: number } {
    const closed = this.shown.vertices.filter(({ group }) => group);
    return {
      nodes: this._content.nodes.size,
      edges: this._content.edges.size,
      groups: closed.length,
      hidden: closed.reduce((sum, v) => sum + v.group!.members.length, 0)
    };
  }

  /** What is drawn, by numbers; made anew when the graph or its groups changed. */
  get shown(): IShown {
    return (this._shown ??= buildShown(
      this._content,
      this._grouping,
      this._open,
      this._start
    ));
  }

  get changed(): ISignal<this, IGraphChange> {
    return this._graphChanged;
  }

  get selectedChanged(): ISignal<this, string | null> {
    return this._selectedChanged;
  }

  get hoveredChanged(): ISignal<this, string | null> {
    return this._hoveredChanged;
  }

  /** A node is to be brought into sight. */
  get revealRequested(): ISignal<this, string> {
    return this._revealRequested;
  }

  /** Somebody wants to see what leads to a node, or what follows from it. */
  readonly expandRequested = new Signal<
    this,
    { id: string; direction: Direction }
  >(this);

  /** A node was double-clicked, or Enter pressed on it. */
  readonly opened = new Signal<this, string>(this);

  readonly contextMenuRequested = new Signal<this, IMenuRequest>(this);

  private _changed(
    what: IGraphChange['what'],
    anchor: string | null = null,
    fresh = NOTHING
  ): void {
    if (what !== 'highlight') {
      this._shown = null;
    }
    this._graphChanged.emit({ what, anchor, fresh });
  }

  private _forgetGone(): void {
    const { nodes } = this._content;
    this._path = this._path.filter(id => nodes.has(id));
    if (this._selected !== null && !this.shown.at.has(this._selected)) {
      this.select(null);
    }
  }

  private readonly _content = new GraphContent();
  private readonly _open = new Set<string>();
  private _start: ReadonlySet<string> = NOTHING;
  private _selected: string | null = null;
  private _hovered: string | null = null;
  private _path: readonly string[] = [];
  private _grouping: Grouping = 'none';
  private _shown: IShown | null = null;
  private readonly _graphChanged = new Signal<this, IGraphChange>(this);
  private readonly _selectedChanged = new Signal<this, string | null>(this);
  private readonly _hoveredChanged = new Signal<this, string | null>(this);
  private readonly _revealRequested = new Signal<this, string>(this);
}

/** What stands for a group's place when it is opened. */
export function middleOf({ members }: IGroup): IGraphNode {
  return members[members.length >> 1];
}
