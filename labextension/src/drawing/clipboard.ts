import { PathExt } from '@jupyterlab/coreutils';
import { JSONObject, JSONValue } from '@lumino/coreutils';
import { PipelineModel } from '../editor/docmodel';
import { Position, isPosition } from '../editor/document';
import { CARD_WIDTH, ICard } from '../editor/graph';
import { parseObject } from '../editor/rewrite';
import { componentName, objectAt } from '../editor/taskedits';
import { isObject } from '../editor/ymaps';
import { IRect, bounds, freePlace } from './boxes';

/** What tells a part of a pipeline from other text on the clipboard. */
const FORMAT = 'claimed-pipeline-part/1';

/** About how high a card is, in pixels. */
const CARD_HEIGHT = 180;

/** Some tasks of a document, as text for the clipboard. */
export function copyTasks(
  document: PipelineModel,
  cards: ICard[],
  path: string
): string {
  const { content } = document;
  const tasks: JSONObject = {};
  const layout: JSONObject = {};
  const parameters: JSONObject = {};
  for (const { task, position } of cards) {
    tasks[task.name] = objectAt(content, 'tasks')[task.name];
    layout[task.name] = [...position];
    for (const { source } of task.inputs) {
      const name = source && 'parameter' in source ? source.parameter : '';
      const parameter = objectAt(content, 'parameters')[name];
      if (parameter !== undefined) {
        parameters[name] = parameter;
      }
    }
  }
  const part = { format: FORMAT, path, parameters, tasks, layout };
  return JSON.stringify(part, null, 2) + '\n';
}

/** The part of a pipeline that a text is; null when it is another text. */
export function readPart(text: string): JSONObject | null {
  const part = parseObject(text);
  return part?.format === FORMAT ? part : null;
}

/**
 * Puts a part of a pipeline into a document, and returns the new tasks.
 *
 * Wires inside the part stay; those from outside stay where their task is,
 * which is so in the same document. Paths are made to fit the document's own
 * folder.
 *
 * at: the top left corner.
 */
export function pastePart(
  document: PipelineModel,
  part: JSONObject,
  path: string,
  at: Position
): string[] {
  const tasks = objectAt(part, 'tasks');
  const from = typeof part.path === 'string' ? part.path : path;
  let names = new Map<string, string>();
  document.transact(() => {
    names = addCopies(
      document,
      part,
      task => componentOf(task, from, path),
      at
    );
    for (const [name, added] of names) {
      const task = tasks[name];
      const component = document.get(['tasks', added, 'component']);
      const copy = { ...(isObject(task) ? task : {}), component } as JSONObject;
      document.set(
        ['tasks', added],
        rewired(document, copy, names, from === path)
      );
    }
    const known = objectAt(document.content, 'parameters');
    for (const [name, value] of Object.entries(objectAt(part, 'parameters'))) {
      if (!(name in known)) {
        document.set(['parameters', name], value);
      }
    }
  });
  return [...names.values()];
}

/** Adds tasks like those of a part, without their wires; new names by old ones. */
function addCopies(
  document: PipelineModel,
  part: JSONObject,
  componentOf: (task: JSONValue) => string,
  at: Position
): Map<string, string> {
  const layout = objectAt(part, 'layout');
  const shift = shiftOf(part, at);
  return new Map(
    Object.entries(objectAt(part, 'tasks')).map(([name, task]) => {
      const place = layout[name];
      const component = componentOf(task);
      const added = document.addTask(component, {
        name,
        title: componentName(component),
        position: isPosition(place)
          ? [place[0] + shift[0], place[1] + shift[1]]
          : undefined
      });
      return [name, added];
    })
  );
}

/** A task whose wires lead to the copies of the tasks that were copied. */
function rewired(
  document: PipelineModel,
  task: JSONObject,
  names: Map<string, string>,
  isSame: boolean
): JSONObject {
  const inputs = Object.entries(objectAt(task, 'inputs')).flatMap(
    ([input, source]): [string, JSONValue][] => {
      if (!isObject(source) || typeof source.output !== 'string') {
        return [[input, source]];
      }
      const [from, ...rest] = source.output.split('.');
      const copied = names.get(from);
      const isThere = isSame && document.get(['tasks', from]) !== undefined;
      return copied
        ? [[input, { ...source, output: [copied, ...rest].join('.') }]]
        : isThere
          ? [[input, source]]
          : [];
    }
  );
  return 'inputs' in task
    ? { ...task, inputs: Object.fromEntries(inputs) }
    : task;
}

/** A component's reference, a path as seen from another document. */
function componentOf(task: unknown, from: string, to: string): string {
  const text =
    isObject(task) && typeof task.component === 'string' ? task.component : '';
  if (!/^\.\.?\//.test(text) && !/\.(ipynb|py|pipeline)$/.test(text)) {
    return text;
  }
  const file = PathExt.join(PathExt.dirname(from), text);
  return relativePath(file, to);
}

/** A path as a document names what stands beside it; both from the root. */
export function relativePath(file: string, document: string): string {
  const path = PathExt.relative(PathExt.dirname(document), file);
  return path.startsWith('.') ? path : `./${path}`;
}

/** Where the corner of a pasted part goes, so that it lies on nothing. */
export function freeCorner(
  part: JSONObject,
  wanted: Position | null,
  taken: IRect[]
): Position {
  const places = placesOf(part);
  const all = bounds(
    places.map(([x, y]) => ({ x, y, width: CARD_WIDTH, height: CARD_HEIGHT }))
  );
  const { x, y, width, height } = all ?? { x: 0, y: 0, width: 0, height: 0 };
  return freePlace(wanted ?? [x, y], taken, { width, height });
}

/** How far a part is moved to have its corner at a place. */
function shiftOf(part: JSONObject, [x, y]: Position): Position {
  const places = placesOf(part);
  const left = Math.min(...places.map(place => place[0]));
  const top = Math.min(...places.map(place => place[1]));
  return places.length ? [x - left, y - top] : [0, 0];
}

function placesOf(part: JSONObject): Position[] {
  const places: unknown[] = Object.values(objectAt(part, 'layout'));
  return places.filter(isPosition);
}
