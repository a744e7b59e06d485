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
import { layoutParts } from './pack';

/** A task on the canvas: what its card shows. */
export interface ICard {
  task: ITask;
  position: Position;
  width: number;
  height: number;
  /** What is drawn as ports: artifacts, and parameters that are wired. */
  inputs: ITaskInput[];
  outputs: IOutput[];
  /** Inputs and outputs that are values, told in one quiet line. */
  settings: ITaskInput[];
  values: IOutput[];
  /** Whether these are shown as ports too. */
  isOpen: boolean;
  diagnostics: IDiagnostic[];
  run: ITaskRun | null;
}

export interface IGraph {
  cards: ICard[];
  edges: IEdge[];
  /** The types of the artifacts in the graph, for the legend. */
  types: string[];
}

/** The measures of a card in pixels, as the style sheet has them. */
export const CARD_WIDTH = 232;
const HEADER = 46;
const TITLE_LINE = 18;
const TITLE_CHARACTERS = 23;
const PORT = 22;
const FOOTER = 32;
/** The same from afar, when the title stands alone in large letters. */
const FAR_REST = 108;
const FAR_TITLE_LINE = 28;
const FAR_TITLE_CHARACTERS = 14;

/**
 * What the canvas draws of a described document.
 *
 * layout: where the document puts its tasks; the others are laid out.
 * open: the tasks that show their values as ports.
 * previous: what is drawn now; cards that stay as they are stay the same.
 */
export function buildGraph(
  description: IDescription,
  layout: Layout,
  run: IRun | null,
  previous: IGraph | null = null,
  open: ReadonlySet<string> = new Set()
): IGraph {
  const cards = description.tasks.map(task => {
    const card = buildCard(task, description, open.has(task.name));
    return { ...card, run: run?.tasks[task.name] ?? null };
  });
  const auto = layoutParts(
    cards.map(({ task, width, height }) => ({ id: task.name, width, height })),
    description.edges
  );
  const placed = cards.map(card => ({
    ...card,
    position: layout.get(card.task.name) ?? auto.get(card.task.name) ?? [0, 0]
  }));
  return {
    cards: reused(placed, previous?.cards ?? []),
    edges: description.edges,
    types: typesOf(cards)
  };
}

/** The cards, those that have not changed as the very objects they were. */
function reused(cards: ICard[], old: ICard[]): ICard[] {
  const known = new Map(old.map(card => [card.task.name, card]));
  return cards.map(card => {
    const before = known.get(card.task.name);
    return before && JSON.stringify(before) === JSON.stringify(card)
      ? before
      : card;
  });
}

function buildCard(
  task: ITask,
  description: IDescription,
  isOpen: boolean
): ICard {
  const { edges } = description;
  const fed = edges.filter(e => e.target === task.name).map(e => e.input);
  const used = edges.filter(e => e.source === task.name).map(e => e.output);
  const [inputs, settings] = ports(task.inputs, fed, isOpen);
  const [outputs, values] = ports(task.outputs, used, isOpen);
  const quiet = settings.length + values.length > 0 || isOpen ? 1 : 0;
  const lines = inputs.length + outputs.length + quiet;
  const titleLines = Math.ceil(task.title.length / TITLE_CHARACTERS);
  const farLines = Math.ceil(task.title.length / FAR_TITLE_CHARACTERS);
  return {
    task,
    position: [0, 0],
    width: CARD_WIDTH,
    height: Math.max(
      HEADER + titleLines * TITLE_LINE + lines * PORT + FOOTER,
      FAR_REST + farLines * FAR_TITLE_LINE
    ),
    inputs,
    outputs,
    settings,
    values,
    isOpen,
    diagnostics: description.diagnostics.filter(d => d.task === task.name),
    run: null
  };
}

/** What is drawn as a port, artifacts first, and what is not. */
function ports<T extends { name: string; kind: string }>(
  all: T[],
  wired: string[],
  isOpen: boolean
): [T[], T[]] {
  const artifacts = all.filter(port => port.kind === 'artifact');
  const values = all.filter(port => port.kind !== 'artifact');
  const isWired = (port: T) => isOpen || wired.includes(port.name);
  return [
    [...artifacts, ...values.filter(isWired)],
    values.filter(port => !isWired(port))
  ];
}

function typesOf(cards: ICard[]): string[] {
  const ports = cards.flatMap(card => [...card.inputs, ...card.outputs]);
  const artifacts = ports.filter(port => port.kind === 'artifact');
  return [...new Set(artifacts.map(port => typeName(port.type)))].sort();
}
