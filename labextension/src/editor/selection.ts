/**
 * What is selected on the canvas: tasks by their names, and the rest by an id
 * that no task can have.
 */
export type Selection = ReadonlySet<string>;

export type ThingKind = 'note' | 'group' | 'wire';

/** The id of what is no task. */
export function thingId(kind: ThingKind, id: string): string {
  return `${kind}:${id}`;
}

/** The ids of one kind in a selection, as the document has them. */
export function thingsIn(selection: Selection, kind: ThingKind): string[] {
  const prefix = `${kind}:`;
  return [...selection]
    .filter(id => id.startsWith(prefix))
    .map(id => id.slice(prefix.length));
}

/** The tasks in a selection. */
export function tasksIn(selection: Selection): string[] {
  return [...selection].filter(id => !id.includes(':'));
}

export function isSameSelection(a: Selection, b: Selection): boolean {
  return a.size === b.size && [...a].every(id => b.has(id));
}
