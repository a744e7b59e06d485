import { JSONObject } from '@lumino/coreutils';
import { PipelineModel } from '../editor/docmodel';
import { Position, isPosition } from '../editor/document';
import { ICard } from '../editor/graph';
import { objectAt, unusedName } from '../editor/taskedits';
import { isObject } from '../editor/ymaps';
import { IRect, bounds, rectOf } from './boxes';

/** A comment on the canvas. */
export interface INote {
  id: string;
  text: string;
  position: Position;
  size: Position;
}

/** Tasks that belong together; collapsed they are drawn as one box. */
export interface IGroup {
  id: string;
  title: string;
  tasks: string[];
  collapsed: boolean;
  /** What encloses its tasks, with its title. */
  rect: IRect;
}

/** What a wire says, and the points that it goes through. */
export interface IWireLook {
  label: string;
  via: Position[];
}

export const NOTE_SIZE: Position = [220, 110];

/** Around the tasks of a group, and above them for its title, in pixels. */
const MARGIN = 20;
const TITLE = 34;
const COLLAPSED = { width: 232, height: 92 };

/** The notes of a document. */
export function notesOf(content: JSONObject): INote[] {
  const notes = objectAt(content, 'canvas', 'notes');
  return Object.entries(notes).map(([id, note]) => {
    const { text, position, size } = isObject(note) ? note : ({} as JSONObject);
    return {
      id,
      text: typeof text === 'string' ? text : '',
      position: isPosition(position) ? position : [0, 0],
      size: isPosition(size) ? size : NOTE_SIZE
    };
  });
}

export function noteRect({ position, size }: INote): IRect {
  const [x, y] = position;
  const [width, height] = size;
  return { x, y, width, height };
}

/** The groups of a document that have tasks. */
export function groupsOf(content: JSONObject, cards: ICard[]): IGroup[] {
  const groups = objectAt(content, 'canvas', 'groups');
  return Object.entries(groups).flatMap(([id, group]) => {
    const { title, tasks, collapsed } = isObject(group)
      ? group
      : ({} as JSONObject);
    const names = new Set(Array.isArray(tasks) ? tasks : []);
    const members = cards.filter(card => names.has(card.task.name));
    const inside = bounds(members.map(rectOf));
    if (!inside) {
      return [];
    }
    const isCollapsed = collapsed === true;
    return [
      {
        id,
        title: typeof title === 'string' ? title : id,
        tasks: members.map(card => card.task.name),
        collapsed: isCollapsed,
        rect: isCollapsed
          ? { x: inside.x, y: inside.y, ...COLLAPSED }
          : framed(inside)
      }
    ];
  });
}

function framed({ x, y, width, height }: IRect): IRect {
  return {
    x: x - MARGIN,
    y: y - TITLE - MARGIN / 2,
    width: width + 2 * MARGIN,
    height: height + TITLE + MARGIN * 1.5
  };
}

/** How a wire is drawn, by the input that it feeds. */
export function wireLook(
  content: JSONObject,
  task: string,
  input: string
): IWireLook {
  const { label, via } = objectAt(
    content,
    'canvas',
    'wires',
    `${task}.${input}`
  );
  return {
    label: typeof label === 'string' ? label : '',
    via: Array.isArray(via) ? (via as unknown[]).filter(isPosition) : []
  };
}

/** Adds an empty note, and returns its id. */
export function addNote(document: PipelineModel, at: Position): string {
  const id = freeId(document, 'notes', 'note');
  const position = at.map(Math.round);
  document.set(['canvas', 'notes', id], {
    text: '',
    position,
    size: [...NOTE_SIZE]
  });
  return id;
}

/** Makes tasks a group; each belongs to one at most. Returns its id. */
export function addGroup(
  document: PipelineModel,
  tasks: string[],
  title: string
): string {
  const id = freeId(document, 'groups', 'group');
  document.transact(() => {
    const groups = objectAt(document.content, 'canvas', 'groups');
    for (const [other, group] of Object.entries(groups)) {
      const members =
        isObject(group) && Array.isArray(group.tasks) ? group.tasks : [];
      const left = members.filter(name => !tasks.includes(String(name)));
      if (left.length < members.length) {
        const path = ['canvas', 'groups', other];
        document.set(
          left.length ? [...path, 'tasks'] : path,
          left.length ? left : undefined
        );
      }
    }
    document.set(['canvas', 'groups', id], { title, tasks, collapsed: false });
  });
  return id;
}

/** Writes how a wire is drawn; what says nothing is left out. */
export function setWireLook(
  document: PipelineModel,
  wire: string,
  look: IWireLook
): void {
  const value: JSONObject = {};
  if (look.label) {
    value.label = look.label;
  }
  if (look.via.length) {
    value.via = look.via.map(place => place.map(Math.round));
  }
  document.set(
    ['canvas', 'wires', wire],
    Object.keys(value).length ? value : undefined
  );
}

function freeId(document: PipelineModel, part: string, name: string): string {
  const known = Object.keys(objectAt(document.content, 'canvas', part));
  return unusedName(name, new Set(known), '-');
}
