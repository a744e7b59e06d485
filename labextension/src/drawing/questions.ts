import { TranslationBundle } from '@jupyterlab/translation';
import { IComponent, IDescription, IPort, typeName } from '../api/types';
import { Position } from '../editor/document';
import { containerIcon, iconOf } from '../icons';
import { IChoice } from './asker';
import { Drawing } from './drawing';
import { IEnd, givenBy, partners, reads, refusal, wireOf } from './wiring';
import { refusalText } from './words';

/** What the questions about a drawing are asked with. */
export interface IQuestions {
  drawing: Drawing;
  /** The components that can be placed. */
  components: () => Promise<IComponent[]>;
  trans: TranslationBundle;
}

/** A place on the screen, and the same on the canvas. */
export interface ISpot {
  screen: { x: number; y: number };
  canvas: Position;
}

/** Asks for a component and places it. */
export async function askComponent(
  { drawing, components, trans }: IQuestions,
  spot?: ISpot
): Promise<void> {
  const question = {
    heading: trans.__('Add a task'),
    none: trans.__('Reading the catalogs…'),
    choices: [],
    at: spot?.screen,
    choose: () => undefined
  };
  drawing.asker.ask(question); // at once: what is typed now is for it
  const all = await components();
  drawing.asker.ask({
    ...question,
    none: trans.__('No component fits.'),
    choices: all.map(componentChoice),
    choose: id =>
      drawing.addComponent(
        all.find(item => item.reference === id)!,
        {
          at: spot?.canvas
        }
      )
  });
}

/** Asks for a component that can be joined to an end, and joins it. */
export async function askPartner(
  { drawing, components, trans }: IQuestions,
  end: IEnd,
  spot?: ISpot
): Promise<void> {
  const { description } = drawing.editor;
  const task = description?.tasks.find(({ name }) => name === end.task);
  const ports: IPort[] | undefined =
    end.side === 'out' ? task?.outputs : task?.inputs;
  const port = ports?.find(({ name }) => name === end.port);
  if (!description || !port) {
    return;
  }
  const isIn = end.side === 'out';
  const pairs = fittingPairs(await components(), description, port, end.side);
  const type = typeName(port.type);
  drawing.asker.ask({
    heading: isIn
      ? trans.__('What takes %1 (%2)', end.port, type)
      : trans.__('What gives %1 (%2)', end.port, type),
    none: trans.__('No component fits %1.', type),
    at: spot?.screen,
    choices: pairs.map(({ component, other }, at) => ({
      ...componentChoice(component),
      id: String(at),
      detail: isIn
        ? trans.__('as its input %1', other.name)
        : trans.__('by its output %1', other.name)
    })),
    choose: at => addPartner(drawing, end, pairs[Number(at)], spot?.canvas)
  });
}

/** A component, and the port of it that is to be joined. */
interface IPair {
  component: IComponent;
  other: IPort;
}

/** The ports of components that fit a port of a task, which is on a side. */
function fittingPairs(
  components: IComponent[],
  description: IDescription,
  port: IPort,
  side: IEnd['side']
): IPair[] {
  const pairs = components.flatMap(component => {
    const others: IPort[] =
      side === 'out' ? component.inputs : component.outputs;
    const fits = (other: IPort) =>
      side === 'out'
        ? reads(description, other.type, givenBy(port))
        : reads(description, port.type, givenBy(other));
    return others.filter(fits).map(other => ({ component, other }));
  });
  return pairs.sort((a, b) => distance(a) - distance(b));
}

/** How far a pair is from what is usually meant: an input that must be fed. */
function distance({ component, other }: IPair): number {
  const isOptional = 'optional' in other && other.optional ? 1 : 0;
  // Where data comes in is where a pipeline begins, seldom where it goes on.
  const isSource =
    'optional' in other && component.category === 'input' ? 2 : 0;
  return isOptional + isSource;
}

function addPartner(
  drawing: Drawing,
  end: IEnd,
  { component, other }: IPair,
  at?: Position
): void {
  if (end.side === 'out') {
    const output = `${end.task}.${end.port}`;
    drawing.addComponent(component, {
      at,
      inputs: { [other.name]: { output } }
    });
  } else {
    drawing.addBefore(component, other.name, end, at);
  }
}

/** Joins an end to a task: where one port fits at once, else the user says which. */
export function joinTask(
  { drawing, trans }: IQuestions,
  end: IEnd,
  task: string | null,
  at?: { x: number; y: number }
): void {
  const { description } = drawing.editor;
  const found = description
    ? partners(description, end).filter(other => !task || other.task === task)
    : [];
  const join = (other: IEnd | undefined) => {
    const wire = other && wireOf(end, other);
    if (wire) {
      drawing.connect(wire);
    }
  };
  if (task && found.length === 1) {
    join(found[0]);
  } else if (task && found.length === 0) {
    drawing.asker.say(
      trans.__('Nothing of %1 fits %2.', task, `${end.task}.${end.port}`)
    );
  } else {
    drawing.asker.ask({
      heading: trans.__('Connect %1', `${end.task}.${end.port}`),
      none: trans.__('Nothing fits.'),
      at,
      choices: found.map(other => ({
        id: `${other.task}.${other.port}`,
        title: other.port,
        detail: other.task
      })),
      choose: id =>
        join(found.find(other => `${other.task}.${other.port}` === id))
    });
  }
}

/** Asks which port of the selected task to connect, and then with which. */
export function askConnection(questions: IQuestions): void {
  const { drawing, trans } = questions;
  const task = drawing.editor.selected;
  if (!task) {
    drawing.asker.say(trans.__('Select the task whose output is to be wired.'));
    return;
  }
  const ends = [
    ...task.outputs.map(port => ({ port, side: 'out' }) as const),
    ...task.inputs.map(port => ({ port, side: 'in' }) as const)
  ];
  drawing.asker.ask({
    heading: trans.__('Connect which port of %1?', task.name),
    none: trans.__('No such port.'),
    choices: ends.map(({ port, side }, at) => ({
      id: String(at),
      title: port.name,
      detail:
        side === 'out'
          ? trans.__('output, %1', typeName(port.type))
          : trans.__('input, %1', typeName(port.type))
    })),
    choose: at => {
      const { port, side } = ends[Number(at)];
      joinTask(questions, { task: task.name, side, port: port.name }, null);
    }
  });
}

/** Asks for a task and goes there. */
export function askTask({ drawing, trans }: IQuestions): void {
  drawing.asker.ask({
    heading: trans.__('Find a task'),
    none: trans.__('No task is like that.'),
    choices: drawing.cards.map(({ task }) => ({
      id: task.name,
      title: task.name,
      detail: `${task.title} · ${task.component}`,
      icon: iconOf(task.category, task.component)
    })),
    choose: id => drawing.find(id)
  });
}

/** Says why two ends cannot be joined. */
export function sayRefusal(
  { drawing, trans }: IQuestions,
  end: IEnd,
  other: IEnd
): void {
  const { description } = drawing.editor;
  const why = description && refusal(description, wireOf(end, other));
  if (why) {
    drawing.asker.say(refusalText(why, trans));
  }
}

export function componentChoice(component: IComponent): IChoice {
  return {
    id: component.reference,
    title: component.title,
    detail: component.description,
    icon: component.container
      ? containerIcon
      : iconOf(component.category, component.name)
  };
}
