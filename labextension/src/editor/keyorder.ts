/** The fields of each part of a document, in the order they are written in. */
export const FIELDS = {
  Pipeline: [
    'format',
    'name',
    'description',
    'parameters',
    'tasks',
    'outputs',
    'on_exit',
    'timeout',
    'image',
    'layout',
    'canvas'
  ],
  PipelineParameter: ['type', 'default', 'description'],
  PipelineOutput: ['output', 'description'],
  Task: [
    'component',
    'description',
    'inputs',
    'when',
    'for_each',
    'retry',
    'timeout',
    'resources',
    'image',
    'kubernetes',
    'cache',
    'after',
    'environment'
  ],
  Source: ['value', 'parameter', 'output', 'secret'],
  ForEach: ['value', 'parameter', 'output', 'secret', 'input', 'max_parallel'],
  Retry: ['attempts', 'backoff', 'on'],
  Kubernetes: [
    'secrets_as_env',
    'secrets_as_volumes',
    'config_maps_as_env',
    'config_maps_as_volumes',
    'volumes',
    'empty_dirs',
    'node_selector',
    'tolerations',
    'node_affinity',
    'image_pull_policy',
    'image_pull_secrets',
    'labels',
    'annotations'
  ],
  SecretVolume: ['secret', 'path', 'optional'],
  ConfigMapVolume: ['config_map', 'path', 'optional'],
  Volume: ['claim', 'path', 'sub_path', 'read_only'],
  EmptyDir: ['name', 'path', 'medium', 'size'],
  Toleration: ['key', 'operator', 'value', 'effect', 'seconds'],
  NodeAffinity: ['match_expressions', 'match_fields', 'weight'],
  Match: ['key', 'operator', 'values'],
  Canvas: ['notes', 'groups', 'wires'],
  Note: ['text', 'position', 'size', 'color'],
  Group: ['title', 'tasks', 'collapsed'],
  Wire: ['label', 'via']
} satisfies { [part: string]: string[] };

/** Where in a document each part stands; `*` is any name. */
const PLACES: [string, keyof typeof FIELDS][] = [
  ['', 'Pipeline'],
  ['parameters/*', 'PipelineParameter'],
  ['outputs/*', 'PipelineOutput'],
  ['tasks/*', 'Task'],
  ['tasks/*/inputs/*', 'Source'],
  ['tasks/*/for_each', 'ForEach'],
  ['tasks/*/retry', 'Retry'],
  ['tasks/*/kubernetes', 'Kubernetes'],
  ['canvas', 'Canvas'],
  ['canvas/notes/*', 'Note'],
  ['canvas/groups/*', 'Group'],
  ['canvas/wires/*', 'Wire']
];

/** The objects whose keys are names, which are written in alphabetical order. */
const NAMES = [
  'parameters',
  'tasks',
  'outputs',
  'layout',
  'tasks/*/inputs',
  'tasks/*/resources',
  'canvas/notes',
  'canvas/groups',
  'canvas/wires'
];

/** Tells which of two keys of one object comes first. */
export type KeyOrder = (a: string, b: string) => number;

/**
 * The order of the keys of the object at a path.
 *
 * given: its keys as they are now; what the user wrote inside a value stays in
 * that order, for it may mean something.
 */
export function keyOrder(path: readonly string[], given: string[]): KeyOrder {
  const part = PLACES.find(([place]) => isAt(path, place))?.[1];
  if (part) {
    return byRank(FIELDS[part]);
  }
  return NAMES.some(place => isAt(path, place)) ? alphabetical : byRank(given);
}

function byRank(fields: readonly string[]): KeyOrder {
  const ranks = new Map(fields.map((field, rank) => [field, rank]));
  const rank = (key: string) => ranks.get(key) ?? fields.length;
  return (a, b) => rank(a) - rank(b) || alphabetical(a, b);
}

function alphabetical(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isAt(path: readonly string[], place: string): boolean {
  const parts = place ? place.split('/') : [];
  return (
    parts.length === path.length &&
    parts.every((part, at) => part === '*' || part === path[at])
  );
}
