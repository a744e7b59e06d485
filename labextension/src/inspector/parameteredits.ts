import { JSONObject, JSONValue } from '@lumino/coreutils';
import { PipelineModel } from '../editor/docmodel';
import { isObject } from '../editor/ymaps';

/** Adds a parameter to the pipeline; returns the name that it got. */
export function addParameter(
  document: PipelineModel,
  wanted: string,
  parameter: JSONObject
): string {
  const taken = Object.keys((document.get(['parameters']) ?? {}) as JSONObject);
  let name = wanted;
  for (let count = 2; taken.includes(name); count++) {
    name = `${wanted}_${count}`;
  }
  document.set(['parameters', name], parameter);
  return name;
}

/** Renames a parameter wherever it is named, as one step; not to a name that is taken. */
export function renameParameter(
  document: PipelineModel,
  from: string,
  to: string
): void {
  const { content } = document;
  const parameters = (content.parameters ?? {}) as JSONObject;
  if (!to || to in parameters || !(from in parameters)) {
    return;
  }
  document.transact(() => {
    document.set(['parameters', from], undefined);
    document.set(['parameters', to], parameters[from]);
    eachTask(content, (path, task) => {
      for (const [input, source] of entries(task.inputs)) {
        if (isObject(source) && source.parameter === from) {
          document.set([...path, 'inputs', input, 'parameter'], to);
        }
      }
      if (isObject(task.for_each) && task.for_each.parameter === from) {
        document.set([...path, 'for_each', 'parameter'], to);
      }
      if (typeof task.when === 'string') {
        document.set([...path, 'when'], renameIn(task.when, from, to));
      }
    });
  });
}

/**
 * An expression with a parameter's name exchanged. Texts in quotes and the
 * outputs of tasks (`train.rate`) are left as they are.
 */
export function renameIn(expression: string, from: string, to: string): string {
  return expression.replace(/'[^']*'|"[^"]*"|[\w.]+/g, token =>
    token === from ? to : token
  );
}

/** Removes a parameter; what names it is told by the validator. */
export function removeParameter(document: PipelineModel, name: string): void {
  document.set(['parameters', name], undefined);
}

/** Renames an output of the pipeline; not to a name that is taken. */
export function renameOutput(
  document: PipelineModel,
  from: string,
  to: string
): void {
  const taken = document.get(['outputs', to]) !== undefined;
  if (to && !taken) {
    document.transact(() => {
      document.set(['outputs', to], document.get(['outputs', from]));
      document.set(['outputs', from], undefined);
    });
  }
}

function eachTask(
  content: JSONObject,
  visit: (path: string[], task: JSONObject) => void
): void {
  for (const [name, task] of entries(content.tasks)) {
    if (isObject(task)) {
      visit(['tasks', name], task);
    }
  }
}

function entries(value: JSONValue | undefined): [string, JSONValue][] {
  return isObject(value)
    ? (Object.entries(value) as [string, JSONValue][])
    : [];
}
