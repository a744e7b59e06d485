import { IComponent, ITask } from '../api/types';
import { Dropped } from '../editor/drop';
import { Position } from '../editor/document';
import { componentChoice, IQuestions, ISpot } from './questions';
import { relativePath } from './clipboard';

/** The files that are components by themselves. */
const RUNNABLE = /\.(ipynb|py|pipeline)$/i;

/** Where a card's title is under the pointer that drops it, in pixels. */
const GRIP = [116, 24] as const;

/** How far apart files are that are dropped together, in pixels. */
const CASCADE = 40;

/** What a drop does: places tasks, or gives a file to an input. */
export async function takeDrop(
  questions: IQuestions,
  what: Dropped,
  spot: ISpot | null,
  task: string | null
): Promise<void> {
  const { drawing, components } = questions;
  if (what.kind === 'component') {
    const all = await components();
    const found = all.find(({ reference }) => reference === what.reference);
    if (found) {
      drawing.addComponent(found, { at: spot ? placeOf(spot, 0) : undefined });
    }
    return;
  }
  const [files, data] = split(what.paths, path => RUNNABLE.test(path));
  takeFiles(questions, files, spot);
  if (data.length > 0) {
    await takeData(questions, data[0], spot, task);
  }
}

/** Places files that are components by themselves. */
export function takeFiles(
  { drawing, trans }: IQuestions,
  paths: string[],
  spot: ISpot | null
): void {
  if (paths.includes(drawing.editor.path)) {
    drawing.asker.say(trans.__('A pipeline cannot contain itself.'));
    return;
  }
  paths.forEach((path, count) =>
    drawing.addFile(path, { at: spot ? placeOf(spot, count) : undefined })
  );
}

/** The corner of a card that is held by its title; several lie in a cascade. */
function placeOf({ canvas: [x, y] }: ISpot, count: number): Position {
  return [x - GRIP[0] + count * CASCADE, y - GRIP[1] + count * CASCADE];
}

/** Gives a file to an input: of the card it was let go on, or of a new one. */
async function takeData(
  questions: IQuestions,
  path: string,
  spot: ISpot | null,
  name: string | null
): Promise<void> {
  const { drawing, components, trans } = questions;
  const value = relativePath(path, drawing.editor.path).replace(/^\.\//, '');
  const task = drawing.editor.description?.tasks.find(
    task => task.name === name
  );
  if (task) {
    giveFile(questions, task, value, spot);
    return;
  }
  const all = await components();
  const pairs = all.flatMap(component =>
    component.inputs
      .filter(({ kind, optional }) => kind === 'artifact' && !optional)
      .map(input => ({ component, input }))
  );
  drawing.asker.ask({
    heading: trans.__('What takes %1', value),
    none: trans.__('No component takes a file.'),
    at: spot?.screen,
    choices: byNeed(pairs).map(({ component, input }) => ({
      ...componentChoice(component),
      id: `${component.reference} ${input.name}`,
      detail: trans.__('as its input %1', input.name)
    })),
    choose: id => {
      const pair = pairs.find(
        ({ component, input }) => `${component.reference} ${input.name}` === id
      )!;
      const inputs = { [pair.input.name]: { value } };
      drawing.addComponent(pair.component, { at: spot?.canvas, inputs });
    }
  });
}

/** Those that need nothing else come first: they are where data comes in. */
function byNeed<T extends { component: IComponent }>(pairs: T[]): T[] {
  const need = ({ component }: T) =>
    component.inputs.filter(input => !input.optional).length +
    (component.category === 'input' ? 0 : 1);
  return [...pairs].sort((a, b) => need(a) - need(b));
}

function giveFile(
  { drawing, trans }: IQuestions,
  task: ITask,
  value: string,
  spot: ISpot | null
): void {
  const files = task.inputs.filter(({ kind }) => kind === 'artifact');
  const free = files.filter(({ source, optional }) => !source && !optional);
  const give = (input: string) => {
    drawing.document.setInput(task.name, input, { value });
    drawing.editor.select(task.name);
  };
  const [only, ...more] = free.length === 1 ? free : files;
  if (only && more.length === 0) {
    give(only.name);
    return;
  }
  drawing.asker.ask({
    heading: trans.__('Which input of %1 takes %2', task.name, value),
    none: trans.__('%1 takes no file.', task.name),
    at: spot?.screen,
    choices: files.map(({ name, description }) => ({
      id: name,
      title: name,
      detail: description
    })),
    choose: give
  });
}

function split<T>(items: T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter(item => !test(item))];
}
