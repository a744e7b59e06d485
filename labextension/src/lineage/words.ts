import { Time } from '@jupyterlab/coreutils';
import { TranslationBundle } from '@jupyterlab/translation';
import { ILineageNode } from '../api/lineage';
import { State } from '../api/types';
import { valueText } from '../editor/source';
import { stateLabel } from '../runs/format';
import type { Grouping } from './graph/data';
import { View } from './place';

/** How many characters of a URI are told. */
const URI = 26;

/** How many of a run's id. */
const RUN_END = 6;

/** A type without what is before its last dot: `Model` of `system.Model`. */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** What a node is, in a word. */
export function typeWord(
  { kind, type }: Pick<ILineageNode, 'kind' | 'type'>,
  trans: TranslationBundle
): string {
  const short = shortType(type);
  if (kind === 'execution') {
    switch (short) {
      case 'ContainerExecution':
        return trans.__('Task run');
      case 'DAGExecution':
        return trans.__('Pipeline run');
      case 'ImporterExecution':
        return trans.__('Import');
    }
  }
  if (kind === 'context') {
    switch (short) {
      case 'Pipeline':
        return trans.__('Pipeline');
      case 'PipelineRun':
        return trans.__('Run');
    }
  }
  return short;
}

const STATES: State[] = [
  'NEW',
  'RUNNING',
  'COMPLETE',
  'FAILED',
  'CACHED',
  'CANCELED'
];

/** The state of an execution, which the badge of a run knows to show; else null. */
export function runState(state: string | null): State | null {
  return STATES.find(known => known === state) ?? null;
}

/** A state as a person says it; one that is not known in its own letters. */
export function stateWord(
  state: string | null,
  trans: TranslationBundle
): string {
  const known = runState(state);
  if (known) {
    return stateLabel(known, trans);
  }
  return state
    ? state.charAt(0) + state.slice(1).toLowerCase().replace(/_/g, ' ')
    : '';
}

export function viewWord(view: View, trans: TranslationBundle): string {
  switch (view) {
    case 'graph':
      return trans.__('Graph');
    case 'table':
      return trans.__('Table');
    case 'timeline':
      return trans.__('Timeline');
  }
}

export function groupingWord(
  grouping: Grouping,
  trans: TranslationBundle
): string {
  switch (grouping) {
    case 'none':
      return trans.__('No groups');
    case 'repeats':
      return trans.__('Group repeats');
    case 'run':
      return trans.__('Group by run');
    case 'pipeline':
      return trans.__('Group by pipeline');
    case 'type':
      return trans.__('Group by type');
  }
}

/** A time to the second, in the user's own way of writing it. */
export function timeText(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString();
}

/** A value as one line; a digest by its beginning. */
export function plainText(value: unknown): string {
  return typeof value === 'string' && /^\w+:[0-9a-f]{32,}$/.test(value)
    ? shortDigest(value)
    : valueText(value);
}

/** How long ago a time is, in as few letters as can be. */
export function agoText(milliseconds: number): string {
  return Time.formatHuman(new Date(milliseconds), 'narrow');
}

/** The end of a run's id, by which it differs from those of the same day. */
export function shortRun(run: string): string {
  return run.length > RUN_END + 3 ? `…${run.slice(-RUN_END)}` : run;
}

/** Where a node belongs, in a line: `German credit · train · ada`. */
export function whereText(node: ILineageNode): string {
  return [node.pipeline, node.task, node.user].filter(Boolean).join(' · ');
}

/** The beginning of a content's digest, enough to tell it from others. */
export function shortDigest(digest: string): string {
  const [method, hex] = digest.includes(':')
    ? digest.split(':', 2)
    : ['', digest];
  return [method, hex.slice(0, 12)].filter(Boolean).join(':');
}

/** A URI that is not too long to be read; its end tells more than its beginning. */
export function shortUri(uri: string): string {
  const [, scheme, rest] = /^(\w+:\/\/)?(.*)$/s.exec(uri)!;
  return rest.length > URI ? `${scheme ?? ''}…${rest.slice(-URI)}` : uri;
}

/** A text as a query takes it for one word. */
export function quoted(text: string): string {
  return /^[\w.:/-]+$/.test(text)
    ? text
    : `"${text.replace(/["\\]/g, '\\$&')}"`;
}
