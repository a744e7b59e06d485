import { IDescription, IPort, typeName } from '../api/types';

/** An output of a task, or an input. */
export interface IEnd {
  task: string;
  side: 'in' | 'out';
  port: string;
}

/** A wire that is to be: an input, and the output that is to feed it. */
export interface IWire {
  source: string;
  output: string;
  target: string;
  input: string;
}

/** A port as far as types go; gives: what another task gets of an output. */
interface ITyped {
  name: string;
  type: string;
  gives?: string;
}

/** What an output gives, in the words of the type table. */
export function givenBy(port: ITyped): string {
  return port.gives ?? port.type;
}

/** Whether an input of a type reads what has another, as the server said. */
export function reads(
  { types }: IDescription,
  wanted: string,
  given: string
): boolean {
  const at = types.given.indexOf(given);
  return types.reads[wanted]?.includes(at) ?? false;
}

/** A wire between two ends that were joined, whichever was taken first. */
export function wireOf(a: IEnd, b: IEnd): IWire | null {
  const [from, to] = a.side === 'out' ? [a, b] : [b, a];
  return from.side === 'out' && to.side === 'in'
    ? { source: from.task, output: from.port, target: to.task, input: to.port }
    : null;
}

/** A reason against a wire: what to say, and what it speaks of. */
export type Refusal =
  | { why: 'type'; wire: IWire; wanted: string; given: string }
  | { why: 'circle'; wire: IWire }
  | { why: 'side' };

/**
 * Why a wire cannot be; null when it can.
 *
 * downstream: the tasks that wait for the wire's target, and itself.
 */
export function refusal(
  description: IDescription,
  wire: IWire | null,
  downstream?: ReadonlySet<string>
): Refusal | null {
  if (!wire) {
    return { why: 'side' };
  }
  const waiting = downstream ?? tasksAfter(description, wire.target);
  if (waiting.has(wire.source)) {
    return { why: 'circle', wire };
  }
  const { tasks } = description;
  const from = tasks.find(task => task.name === wire.source);
  const to = tasks.find(task => task.name === wire.target);
  const output = from?.outputs.find(port => port.name === wire.output);
  const input = to?.inputs.find(port => port.name === wire.input);
  if (!output || !input || reads(description, input.type, givenBy(output))) {
    return null; // of what is not known the server will speak
  }
  const [wanted, given] = [typeName(input.type), typeName(givenBy(output))];
  return { why: 'type', wire, wanted, given };
}

/** A task and all that wait for it, near and far. */
export function tasksAfter({ edges }: IDescription, task: string): Set<string> {
  return reach(task, edges, 'source', 'target');
}

/** A task and all that it waits for, near and far. */
export function tasksBefore(
  { edges }: IDescription,
  task: string
): Set<string> {
  return reach(task, edges, 'target', 'source');
}

function reach(
  task: string,
  edges: IDescription['edges'],
  from: 'source' | 'target',
  to: 'source' | 'target'
): Set<string> {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    next.set(edge[from], [...(next.get(edge[from]) ?? []), edge[to]]);
  }
  const found = new Set([task]);
  for (const name of found) {
    next.get(name)?.forEach(other => found.add(other)); // a set grows as it is read
  }
  return found;
}

/** All ends that one end can be joined to. */
export function partners(description: IDescription, end: IEnd): IEnd[] {
  const side = end.side === 'out' ? 'in' : 'out';
  const waits =
    end.side === 'out'
      ? tasksBefore(description, end.task)
      : tasksAfter(description, end.task);
  return description.tasks.flatMap(task => {
    if (waits.has(task.name)) {
      return [];
    }
    const ports: IPort[] = side === 'in' ? task.inputs : task.outputs;
    return ports
      .map(port => ({ task: task.name, side, port: port.name }) as IEnd)
      .filter(other => !refusal(description, wireOf(end, other), new Set()));
  });
}

/**
 * The wires from some outputs to some inputs, where types match exactly one
 * way: an output that fits one input, which only that output fits.
 */
export function onlyWay(
  description: IDescription,
  outputs: ITyped[],
  inputs: ITyped[]
): [output: string, input: string][] {
  const fits = (output: ITyped, input: ITyped) =>
    reads(description, input.type, givenBy(output));
  return outputs.flatMap(output => {
    const fed = inputs.filter(input => fits(output, input));
    const rivals = outputs.filter(other => fed[0] && fits(other, fed[0]));
    return fed.length === 1 && rivals.length === 1
      ? [[output.name, fed[0].name] as [string, string]]
      : [];
  });
}
