import { JSONObject } from '@lumino/coreutils';
import {
  Node,
  NodeChange,
  NodePositionChange,
  OnNodesChange,
  applyNodeChanges
} from '@xyflow/react';
import * as React from 'react';
import { IGroup, INote, groupsOf, notesOf } from '../drawing/things';
import { TaskNode } from './card';
import { Position } from './document';
import { ICard, IGraph } from './graph';
import { EditorModel } from './model';
import { Selection, thingId } from './selection';
import { IStage } from './stage';

export type NoteNode = Node<{ note: INote }, 'note'>;
export type GroupNode = Node<{ group: IGroup; running: number }, 'frame'>;
export type FlowNode = TaskNode | NoteNode | GroupNode;

/**
 * The nodes as React Flow keeps them: what the model draws, plus what only
 * the canvas knows (measured sizes, a card that is being dragged); and what
 * to do when the user moves or selects some.
 */
export function useNodes(
  graph: IGraph,
  groups: IGroup[],
  stage: IStage
): [FlowNode[], OnNodesChange<FlowNode>] {
  const { model, trans } = stage;
  const { content } = model.document.sharedModel;
  const { selection } = model;
  const [nodes, setNodes] = React.useState<FlowNode[]>([]);
  React.useLayoutEffect(() => {
    const run = model.run?.run_id ?? '';
    const hidden = hiddenTasks(groups);
    setNodes(current => {
      const known = new Map(current.map(node => [node.id, node]));
      const tasks = graph.cards.map(card => {
        const { name } = card.task;
        const old = known.get(name) as TaskNode | undefined;
        const node = {
          ...taskNode(card, selection, old),
          hidden: hidden.has(name),
          data: { card, since: model.runs.since(run, name), trans }
        };
        return old && isSame(old, node) ? old : node; // else drawn again
      });
      return [
        ...groupNodes(groups, graph, selection, known),
        ...tasks,
        ...noteNodes(content, selection, known)
      ];
    });
  }, [graph, groups, content, model, selection, trans]);
  const onNodesChange: OnNodesChange<FlowNode> = changes => {
    const all = [...changes, ...carried(changes, nodes)];
    setNodes(current => applyNodeChanges(all, current));
    takeSelection(model, changes);
    takePlaces(model, all);
  };
  return [nodes, onNodesChange];
}

/** Whether a card that was drawn shows all that it is to show. */
function isSame(old: TaskNode, node: TaskNode): boolean {
  return (
    old.data.card === node.data.card &&
    old.selected === node.selected &&
    old.hidden === node.hidden
  );
}

/** Tells the model what was selected, and what is no more. */
export function takeSelection(
  model: EditorModel,
  changes: { type: string; id?: string; selected?: boolean }[]
): void {
  const selection = new Set(model.selection);
  for (const change of changes) {
    if (change.type === 'select' && change.id) {
      if (change.selected) {
        selection.add(change.id);
      } else {
        selection.delete(change.id);
      }
    }
  }
  model.selectAll(selection);
}

/** The tasks of groups that are collapsed. */
export function hiddenTasks(groups: IGroup[]): Map<string, IGroup> {
  return new Map(
    groups
      .filter(group => group.collapsed)
      .flatMap(group => group.tasks.map(name => [name, group]))
  );
}

function taskNode(
  card: ICard,
  selection: Selection,
  old?: TaskNode
): Omit<TaskNode, 'data'> {
  const [x, y] = card.position;
  return {
    ...old,
    id: card.task.name,
    type: 'task',
    position: old?.dragging ? old.position : { x, y },
    selected: selection.has(card.task.name),
    initialWidth: card.width,
    initialHeight: card.height,
    ariaLabel: card.task.title
  };
}

function noteNodes(
  content: JSONObject,
  selection: Selection,
  known: Map<string, FlowNode>
): NoteNode[] {
  return notesOf(content).map(note => {
    const id = thingId('note', note.id);
    const old = known.get(id) as NoteNode | undefined;
    const [x, y] = note.position;
    const [width, height] = note.size;
    return {
      ...old,
      id,
      type: 'note',
      position: old?.dragging ? old.position : { x, y },
      width: old?.resizing ? old.width : width,
      height: old?.resizing ? old.height : height,
      selected: selection.has(id),
      ariaLabel: note.text,
      data: { note }
    };
  });
}

function groupNodes(
  groups: IGroup[],
  graph: IGraph,
  selection: Selection,
  known: Map<string, FlowNode>
): GroupNode[] {
  return groups.map(group => {
    const id = thingId('group', group.id);
    const old = known.get(id) as GroupNode | undefined;
    const { x, y, width, height } = group.rect;
    const running = graph.cards.filter(
      ({ task, run }) =>
        group.tasks.includes(task.name) && run?.state === 'RUNNING'
    ).length;
    return {
      ...old,
      id,
      type: 'frame',
      position: old?.dragging ? old.position : { x, y },
      width,
      height,
      zIndex: group.collapsed ? 0 : -1,
      selected: selection.has(id),
      ariaLabel: group.title,
      data: { group, running }
    };
  });
}

/** The moves of the tasks of groups that are moved. */
function carried(
  changes: NodeChange<FlowNode>[],
  nodes: FlowNode[]
): NodePositionChange[] {
  const known = new Map(nodes.map(node => [node.id, node]));
  const moved = new Set(
    changes.flatMap(change => ('id' in change ? change.id : []))
  );
  return changes.flatMap(change => {
    const node = change.type === 'position' ? known.get(change.id) : undefined;
    if (node?.type !== 'frame' || change.type !== 'position') {
      return [];
    }
    const to = change.position ?? node.position;
    const x = to.x - node.position.x;
    const y = to.y - node.position.y;
    return node.data.group.tasks
      .filter(name => !moved.has(name))
      .flatMap(name => {
        const { position } = known.get(name)!;
        return {
          id: name,
          type: 'position' as const,
          position: { x: position.x + x, y: position.y + y },
          dragging: change.dragging
        };
      });
  });
}

/** Tells the model where things were put down, by pointer or arrow keys. */
function takePlaces(model: EditorModel, changes: NodeChange<FlowNode>[]): void {
  const tasks = new Map<string, Position>();
  const notes = new Map<string, Position>();
  for (const change of changes) {
    if (change.type !== 'position' || change.dragging || !change.position) {
      continue;
    }
    const place: Position = [change.position.x, change.position.y];
    const [kind, id] = change.id.split(':');
    if (id === undefined) {
      tasks.set(change.id, place);
    } else if (kind === 'note') {
      notes.set(id, place);
    }
  }
  if (tasks.size + notes.size > 0) {
    model.document.transact(() => {
      model.document.place(tasks);
      notes.forEach((place, id) =>
        model.document.set(
          ['canvas', 'notes', id, 'position'],
          place.map(Math.round)
        )
      );
    });
  }
}

export function useGroups(graph: IGraph, stage: IStage): IGroup[] {
  const { content } = stage.model.document.sharedModel;
  return React.useMemo(() => groupsOf(content, graph.cards), [content, graph]);
}
