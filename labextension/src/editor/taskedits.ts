import { JSONObject, JSONValue } from '@lumino/coreutils';
import { isObject } from './ymaps';

/** As much of a document as these edits need. */
export interface IEditable {
  readonly content: JSONObject;
  set(path: string[], value: JSONValue | undefined): void;
}

/**
 * A name for a new task that no task has: what its component is called, as a
 * word that expressions and Python can say.
 */
export function taskName(
  wanted: string,
  title: string,
  taken: ReadonlySet<string>
): string {
  const base = asIdentifier(wanted) || asIdentifier(title) || 'task';
  return unusedName(base, taken, '_');
}

/** The first of `name`, `name_2`, `name_3` that is not taken. */
export function unusedName(
  name: string,
  taken: ReadonlySet<string>,
  separator: string
): string {
  let free = name;
  for (let count = 2; taken.has(free); count++) {
    free = `${name}${separator}${count}`;
  }
  return free;
}

/** What a component is called: `train/x@1` is x, `./a/My notebook.ipynb` is My notebook. */
export function componentName(component: string): string {
  const path = component.replace(/@[^/@]*$/, '').replace(/\/+$/, '');
  const last = path.slice(path.lastIndexOf('/') + 1);
  return last.replace(/\.(ipynb|py|pipeline|ya?ml)(::?.*)?$/i, '');
}

/** Takes tasks out of a document, with all that speaks of them. */
export function removeTasks(
  document: IEditable,
  names: ReadonlySet<string>
): void {
  const { content } = document;
  for (const name of names) {
    document.set(['tasks', name], undefined);
    document.set(['layout', name], undefined);
  }
  eachReference(content, ({ part, task }) => {
    if (names.has(task)) {
      document.set(part, undefined);
    }
  });
  eachList(content, ({ path, part, tasks }) => {
    const left = tasks.filter(task => !names.has(task));
    if (path[0] === 'tasks' && names.has(path[1])) {
      return; // gone with its task
    }
    if (left.length === 0) {
      document.set(part, undefined);
    } else if (left.length < tasks.length) {
      document.set(path, left);
    }
  });
  for (const wire of Object.keys(objectAt(content, 'canvas', 'wires'))) {
    if (names.has(ownerOf(wire))) {
      document.set(['canvas', 'wires', wire], undefined);
    }
  }
}

/** Gives a task another name, wherever the document says it. */
export function renameTask(
  document: IEditable,
  from: string,
  to: string
): void {
  const { content } = document;
  for (const part of ['tasks', 'layout']) {
    const value = objectAt(content, part)[from];
    if (value !== undefined) {
      document.set([part, from], undefined);
      document.set([part, to], value);
    }
  }
  eachReference(content, ({ path, task, text }) => {
    // The task itself has moved, and its own references with it.
    const isOwn = path[0] === 'tasks' && path[1] === from;
    const at = isOwn ? ['tasks', to, ...path.slice(2)] : path;
    const renamed = task === from ? to + text.slice(from.length) : text;
    const isWhen = path[path.length - 1] === 'when';
    const changed = isWhen ? renameInExpression(text, from, to) : renamed;
    if (changed !== text) {
      document.set(at, changed);
    }
  });
  eachList(content, ({ path, tasks }) => {
    if (tasks.includes(from)) {
      const isOwn = path[0] === 'tasks' && path[1] === from;
      const at = isOwn ? ['tasks', to, ...path.slice(2)] : path;
      document.set(
        at,
        tasks.map(task => (task === from ? to : task))
      );
    }
  });
  renameWires(document, from, to);
}

/** The looks of wires are kept by the inputs that these feed. */
function renameWires(document: IEditable, from: string, to: string): void {
  const wires = objectAt(document.content, 'canvas', 'wires');
  for (const [wire, value] of Object.entries(wires)) {
    if (ownerOf(wire) === from) {
      document.set(['canvas', 'wires', wire], undefined);
      document.set(['canvas', 'wires', to + wire.slice(from.length)], value);
    }
  }
}

/** The object at a path; an empty one when there is none. */
export function objectAt(content: JSONObject, ...path: string[]): JSONObject {
  return path.reduce<JSONObject>((value, key) => {
    const member = value[key];
    return isObject(member) ? member : {};
  }, content);
}

/** A place in a document that names a task. */
interface IReference {
  /** Where the name is written. */
  path: string[];
  /** What has no meaning without the task, and goes with it. */
  part: string[];
  task: string;
  /** All that is written there. */
  text: string;
}

/** Finds all references to tasks; an expression once for each task in it. */
function eachReference(
  content: JSONObject,
  found: (reference: IReference) => void
): void {
  const output = (part: string[], source: JSONValue | undefined) => {
    if (isObject(source) && typeof source.output === 'string') {
      const text = source.output;
      found({ path: [...part, 'output'], part, task: ownerOf(text), text });
    }
  };
  const named = (path: string[], task: string, text: string) =>
    found({ path, part: path, task, text });
  for (const name of Object.keys(objectAt(content, 'tasks'))) {
    const task = objectAt(content, 'tasks', name);
    const at = ['tasks', name];
    for (const [input, source] of Object.entries(objectAt(task, 'inputs'))) {
      output([...at, 'inputs', input], source);
    }
    output([...at, 'for_each'], task.for_each);
    const when = typeof task.when === 'string' ? task.when : '';
    new Set(tasksIn(when)).forEach(used => named([...at, 'when'], used, when));
  }
  for (const [name, value] of Object.entries(objectAt(content, 'outputs'))) {
    output(['outputs', name], value);
  }
  if (typeof content.on_exit === 'string') {
    named(['on_exit'], content.on_exit, content.on_exit);
  }
}

/** A list of the names of tasks, and what goes when it is empty. */
interface ITaskList {
  path: string[];
  part: string[];
  tasks: string[];
}

/** Finds the lists of tasks: the groups, and what a task comes after. */
function eachList(content: JSONObject, found: (list: ITaskList) => void): void {
  const groups = objectAt(content, 'canvas', 'groups');
  for (const [id, group] of Object.entries(groups)) {
    if (isObject(group) && Array.isArray(group.tasks)) {
      const part = ['canvas', 'groups', id];
      const tasks = group.tasks.map(String);
      found({ path: [...part, 'tasks'], part, tasks });
    }
  }
  for (const [name, task] of Object.entries(objectAt(content, 'tasks'))) {
    if (isObject(task) && Array.isArray(task.after)) {
      const path = ['tasks', name, 'after'];
      found({ path, part: path, tasks: task.after.map(String) });
    }
  }
}

/** A quoted string, which is left alone, or `task.output`, the task in a group. */
const NAMED =
  /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|(?<![\p{L}\p{N}_.])([\p{L}_][\p{L}\p{N}_]*)(?=\s*\.\s*[\p{L}_])/gu;

function tasksIn(expression: string): string[] {
  return [...expression.matchAll(NAMED)].flatMap(([, task]) => task ?? []);
}

function renameInExpression(text: string, from: string, to: string): string {
  return text.replace(NAMED, (all, task) => (task === from ? to : all));
}

/** The task of `task.output` and of `task.input`. */
function ownerOf(reference: string): string {
  return reference.split('.', 1)[0];
}

function asIdentifier(text: string): string {
  const word = text.replace(/[^\p{L}\p{N}]+/gu, '_').replace(/^_+|_+$/g, '');
  return /^\p{N}/u.test(word) ? `task_${word}` : word.toLowerCase();
}
