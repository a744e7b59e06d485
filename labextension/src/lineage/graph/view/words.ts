import { TranslationBundle } from '@jupyterlab/translation';
import { stateWord, typeWord } from '../../words';
import type { IVertex } from '../grouping';
import type { GraphModel } from '../model';
import type { Scene } from '../scene/scene';
import { groupKinds, groupStates, groupTitle, timeText } from '../paint/facts';

/** How many names of a side a tip has. */
const MANY = 12;

/** What is spoken of a node or a group: name, kind, state, how many lead to it and follow. */
export function spoken(
  { node, group }: IVertex,
  model: GraphModel,
  trans: TranslationBundle
): string {
  if (group) {
    const action = trans.__('Press Enter to open');
    const title = groupTitle(group, trans);
    return [title, groupKinds(group, trans), action].filter(Boolean).join(', ');
  }
  const { id, name, kind, state, up, down } = node!;
  const word = {
    artifact: trans.__('artifact'),
    execution: trans.__('execution'),
    context: trans.__('context')
  }[kind];
  const sides = [
    [trans._n('%1 input', '%1 inputs', up), model.missing(id, 'up')],
    [trans._n('%1 output', '%1 outputs', down), model.missing(id, 'down')]
  ] as const;
  const counts = sides.map(([text, missing]) =>
    missing ? trans.__('%1, %2 of them not shown', text, missing) : text
  );
  const what = `${typeWord(node!, trans)} ${word}`;
  const how = stateWord(state, trans);
  return [name, what, how, ...counts].filter(Boolean).join(', ');
}

/** The lines that a pointer gets to see: everything whole. */
export function tipLines(
  scene: Scene,
  v: number,
  trans: TranslationBundle
): string[] {
  const { node, group } = scene.shown.vertices[v];
  if (group) {
    const states = groupStates(group)
      .map(([state, count]) => `${stateWord(state, trans)}: ${count}`)
      .join(', ');
    const hint = trans.__('Click to open');
    return [
      group.by === 'run'
        ? trans.__('Run %1', group.label)
        : groupTitle(group, trans),
      groupKinds(group, trans),
      states,
      hint
    ].filter(Boolean);
  }
  const { name, kind, state, created, pipeline, task, run, component } = node!;
  const { user, uri, tags } = node!;
  const what = [typeWord(node!, trans), stateWord(state, trans)];
  const isExecution = kind === 'execution';
  const [reads, makes] = isExecution ? sideNames(scene, v) : ['', ''];
  return [
    name,
    [...what, timeText(created)].filter(Boolean).join(' · '),
    reads && trans.__('Inputs: %1', reads),
    makes && trans.__('Outputs: %1', makes),
    [pipeline, task].filter(Boolean).join(' · '),
    run ? trans.__('Run %1', run) : '',
    component ?? '',
    user ?? '',
    uri ?? '',
    tags.map(tag => `#${tag}`).join(' ')
  ].filter(Boolean);
}

/** The names on both sides of an execution, as many as one can take in. */
function sideNames({ edgesOf, shown }: Scene, v: number): string[] {
  return [edgesOf.into, edgesOf.out].map(({ start, items }) => {
    const edges = Array.from(items.subarray(start[v], start[v + 1]));
    const names = [...new Set(edges.map(edge => shown.names[edge]))];
    const more = names.length > MANY ? '…' : '';
    return names.slice(0, MANY).filter(Boolean).join(', ') + more;
  });
}
