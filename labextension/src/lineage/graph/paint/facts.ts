import { TranslationBundle } from '@jupyterlab/translation';
import { shortRun, stateWord, typeWord } from '../../words';
import type { IGraphNode } from '../data';
import type { IGroup } from '../grouping';

/** A sign for each state, so that colour is never the only one. */
const SIGNS: { [state: string]: string } = {
  NEW: '○',
  RUNNING: '◔',
  COMPLETE: '✓',
  FAILED: '✕',
  CACHED: '↺',
  CANCELED: '⊘',
  PENDING: '○',
  MARKED_FOR_DELETION: '⚠',
  DELETED: '✕',
  ABANDONED: '⊘',
  REFERENCE: '↗'
};

/** States of artifacts that are as one expects, which nobody needs to be told. */
const USUAL = ['LIVE', 'UNKNOWN', 'STATE_UNSPECIFIED', ''];

/** The order in which states of a group are told: what needs a look first. */
const TOLD = [
  'FAILED',
  'RUNNING',
  'CANCELED',
  'DELETED',
  'NEW',
  'CACHED',
  'COMPLETE'
];

export function stateSign(state: string | null): string {
  return SIGNS[state ?? ''] ?? '';
}

/** Whether an artifact is there no more, or will not be. */
export function isGone({ kind, state }: IGraphNode): boolean {
  const gone = ['DELETED', 'ABANDONED', 'MARKED_FOR_DELETION'];
  return kind === 'artifact' && gone.includes(state ?? '');
}

/** A state in words; nothing where it goes without saying. */
export function stateText(
  { state }: Pick<IGraphNode, 'state'>,
  trans: TranslationBundle
): string {
  return USUAL.includes(state ?? '') ? '' : stateWord(state, trans);
}

let format: Intl.DateTimeFormat | null = null;

/** When a node was made, as short as it can be told. */
export function timeText(created: number): string {
  format ??= new Intl.DateTimeFormat(undefined, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
  return created > 0 ? format.format(created) : '';
}

/** What a node belongs to: its tags, else its pipeline and its run. */
export function placeText({ tags, pipeline, run }: IGraphNode): string {
  if (tags.length) {
    return tags.map(tag => `#${tag}`).join(' ');
  }
  return [pipeline, run && shortRun(run)].filter(Boolean).join(' · ');
}

export function groupTitle(group: IGroup, trans: TranslationBundle): string {
  const { by, members, label, kind } = group;
  const count = members.length;
  switch (by) {
    case 'run':
      return trans.__('Run %1', shortRun(label));
    case 'pipeline':
      return label;
    case 'type':
      return `${count} × ${typeWord(group, trans)}`;
    default:
      return kind === 'execution'
        ? trans._n('%1 run of %2', '%1 runs of %2', count, label)
        : `${count} × ${label}`;
  }
}

/** The same where there is little room: what it is first. */
export function shortTitle(group: IGroup, trans: TranslationBundle): string {
  const { by, members, label } = group;
  switch (by) {
    case 'run':
      return shortRun(label);
    case 'pipeline':
      return label;
    case 'type':
      return `${typeWord(group, trans)} ×${members.length}`;
    default:
      return `${label} ×${members.length}`;
  }
}

/** What a group holds: its type, or kinds and their numbers. */
export function groupKinds(
  { by, members, kind, type }: IGroup,
  trans: TranslationBundle
): string {
  if (type) {
    return by === 'type' ? '' : typeWord({ kind, type }, trans);
  }
  const executions = members.filter(n => n.kind === 'execution').length;
  const artifacts = members.filter(n => n.kind === 'artifact').length;
  return [
    by === 'run' && members[0].pipeline,
    executions && trans._n('%1 execution', '%1 executions', executions),
    artifacts && trans._n('%1 artifact', '%1 artifacts', artifacts)
  ]
    .filter(Boolean)
    .join(', ');
}

/** How many of a group are in which state, the most urgent first. */
export function groupStates({ members }: IGroup): [string, number][] {
  const counts = new Map<string, number>();
  for (const { kind, state } of members) {
    if (state && (kind === 'execution' || !USUAL.includes(state))) {
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
  }
  return [...counts].sort(([a], [b]) => TOLD.indexOf(a) - TOLD.indexOf(b));
}
