import {
  IDescription,
  IDiagnostic,
  IEdge,
  IOutput,
  IRun,
  ITask,
  ITaskInput,
  ITaskRun,
  typeName
} from '../api/types';
import { Layout, Position } from './document';
import { layoutGraph } from './layout';

/** A task on the canvas: what its card shows. */
export interface ICard {
  task: ITask;
  position: Position;
  width: number;
  height: number;
  /** Inputs that are drawn as ports: artifacts, and parameters that are wired. */
  inputs: ITaskInput[];
  outputs: IOutput[];
  /** Inputs that hold a value of their own, told in one quiet line. */
  settings: ITaskInput[];
  diagnostics: IDiagnostic[];
  run: ITaskRun | null;
}

export interface IGraph {
  cards: ICard[];
  edges: IEdge[];
  /** The types of the artifacts in the graph, for the legend. */
  types: string[];
}

export const CARD_WIDTH = 264;
const HEADER = 62;
const TITLE_LINE = 18;
const TITLE_CHARACTERS = 27;
const PORT = 24;
const FOOTER = 34;

/**
 * What the canvas draws of a described document.
 *
 * layout: where the document puts its tasks; the others are laid out.
 */
export function buildGraph(
  description: IDescription,
  layout: Layout,
  run: IRun | null
): IGraph {
  const cards = description.tasks.map(task => {
    const card = buildCard(task, description);
    return { ...card, run: run?.tasks[task.name] ?? null };
  });
  const auto = layoutGraph(
    cards.map(({ task, width, height }) => ({ id: task.name, width, height })),
    description.edges
  );
  const placed = cards.map(card => ({
    ...card,
    position: layout.get(card.task.name) ?? auto.get(card.task.name) ?? [0, 0]
  }));
  return { cards: placed, edges: description.edges, types: typesOf(cards) };
}

function buildCard(task: ITask, description: IDescription): ICard {
  const wired = new Set(
    description.edges.filter(e => e.target === task.name).map(e => e.input)
  );
  const isPort = (input: ITaskInput) =>
    input.kind === 'artifact' || wired.has(input.name);
  const inputs = artifactsFirst(task.inputs.filter(isPort));
  const outputs = artifactsFirst(task.outputs);
  const settings = task.inputs.filter(input => !isPort(input));
  const ports = inputs.length + outputs.length + (settings.length ? 1 : 0);
  const titleLines = Math.ceil(task.title.length / TITLE_CHARACTERS);
  return {
    task,
    position: [0, 0],
    width: CARD_WIDTH,
    height: HEADER + titleLines * TITLE_LINE + ports * PORT + FOOTER,
    inputs,
    outputs,
    settings,
    diagnostics: description.diagnostics.filter(d => d.task === task.name),
    run: null
  };
}

function artifactsFirst<T extends { kind: string }>(ports: T[]): T[] {
  const isArtifact = (port: T) => port.kind === 'artifact';
  return [...ports.filter(isArtifact), ...ports.filter(p => !isArtifact(p))];
}

function typesOf(cards: ICard[]): string[] {
  const ports = cards.flatMap(card => [...card.inputs, ...card.outputs]);
  const artifacts = ports.filter(port => port.kind === 'artifact');
  return [...new Set(artifacts.map(port => typeName(port.type)))].sort();
}
