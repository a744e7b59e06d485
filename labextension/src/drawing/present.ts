import { JSONExt, JSONObject, JSONValue } from '@lumino/coreutils';
import {
  IComponent,
  IDescription,
  IEdge,
  ITask,
  ITaskInput,
  Source,
  typeName
} from '../api/types';
import { objectAt } from '../editor/taskedits';
import { isObject } from '../editor/ymaps';

/** What the server said of a document, and the document that it said it of. */
export interface IAnswer {
  description: IDescription;
  content: JSONObject;
}

/** Finds a component of the catalogs by the reference that a task names. */
export type FindComponent = (reference: string) => IComponent | undefined;

/**
 * The document as it is now, in the server's words as far as it has spoken.
 *
 * An edit is drawn at once: a task that the server knows keeps its ports, a
 * copy has those of its like, a new one those that the palette tells of.
 * Whether all that is right is the server's to say, a moment later.
 */
export function present(
  answer: IAnswer | null,
  content: JSONObject,
  find: FindComponent
): IDescription {
  const base = answer?.description ?? NOTHING;
  const known = new Map(base.tasks.map(task => [task.name, task]));
  const before = objectAt(answer?.content ?? {}, 'tasks');
  const alike = new Map(
    base.tasks.map(task => [componentOf(before[task.name]), task])
  );
  const written = objectAt(content, 'tasks');
  const tasks = Object.entries(written).map(([name, now]) => {
    const task = known.get(name);
    if (task && JSONExt.deepEqual(before[name] ?? null, now)) {
      return task;
    }
    const component = componentOf(now);
    const like =
      task && componentOf(before[name]) === component
        ? task
        : alike.get(component);
    return asWritten(name, now, like ?? fromCatalog(component, find));
  });
  return {
    ...base,
    name: String(content.name ?? base.name),
    tasks,
    edges: edgesOf(tasks),
    diagnostics: base.diagnostics.filter(({ task }) => !task || task in written)
  };
}

/** A task with the inputs that the document gives it now. */
function asWritten(name: string, now: JSONValue, like: ITask): ITask {
  const written = objectAt(isObject(now) ? now : {}, 'inputs');
  const forEach = isObject(now) && isObject(now.for_each);
  const ports = new Set(like.inputs.map(input => input.name));
  const unknown = Object.keys(written).filter(input => !ports.has(input));
  const isKnown = (input: ITaskInput) =>
    input.type !== '?' || input.name in written;
  return {
    ...like,
    name,
    title: like.title || name,
    position: null,
    inputs: [...like.inputs.filter(isKnown), ...unknown.map(unknownInput)].map(
      input => ({ ...input, source: sourceOf(written[input.name]) })
    ),
    outputs: like.outputs.map(output => ({
      ...output,
      gives: forEach ? 'list' : output.type
    }))
  };
}

function fromCatalog(reference: string, find: FindComponent): ITask {
  const component = find(reference);
  const file = reference.replace(/^.*\//, '');
  return {
    name: '',
    title: component?.title ?? file,
    component: component?.reference ?? reference,
    category: component?.category ?? '',
    group: component?.group ?? '',
    description: component?.description ?? '',
    requirements: component?.requirements ?? [],
    missing: component?.missing ?? [],
    inputs: (component?.inputs ?? []).map(port => ({
      name: port.name,
      type: port.type,
      kind: port.kind,
      optional: port.optional,
      description: port.description,
      default: port.default,
      choices: port.choices,
      source: null
    })),
    outputs: (component?.outputs ?? []).map(port => ({
      name: port.name,
      type: port.type,
      kind: port.kind,
      description: port.description,
      gives: port.type
    })),
    position: null
  };
}

/** The wires that the inputs of tasks speak of. */
function edgesOf(tasks: ITask[]): IEdge[] {
  const outputs = new Map(
    tasks.map(({ name, outputs }) => [
      name,
      new Map(outputs.map(output => [output.name, output]))
    ])
  );
  return tasks.flatMap(({ name: target, inputs }) =>
    inputs.flatMap(({ name: input, source }) => {
      if (!source || !('output' in source)) {
        return [];
      }
      const [from, ...rest] = source.output.split('.');
      const output = rest.join('.');
      const port = outputs.get(from)?.get(output);
      const type = port ? typeName(port.type) : '?';
      const kind = port?.kind ?? 'artifact';
      return outputs.has(from)
        ? [{ source: from, output, target, input, type, kind }]
        : [];
    })
  );
}

function unknownInput(name: string): ITaskInput {
  return {
    name,
    type: '?',
    kind: 'artifact',
    optional: true,
    description: '',
    default: null,
    choices: null,
    source: null
  };
}

function sourceOf(value: JSONValue | undefined): Source | null {
  return isObject(value) ? (value as unknown as Source) : null;
}

function componentOf(task: JSONValue | undefined): string {
  return isObject(task) && typeof task.component === 'string'
    ? task.component
    : '';
}

/** A document of which the server has not spoken yet. */
const NOTHING: IDescription = {
  valid: true,
  diagnostics: [],
  name: '',
  description: '',
  parameters: {},
  tasks: [],
  edges: [],
  types: { given: [], reads: {} }
};
