import { TranslationBundle } from '@jupyterlab/translation';
import { stateWord, typeWord } from '../../words';
import type { IVertex } from '../grouping';
import type { GraphModel } from '../model';
import { groupKinds, groupStates, groupTitle, timeText } from '../paint/facts';

/** What is spoken of a node or a group: name, kind, state, how many lead to it and follow. */
export function spoken(
  { node, group }: IVertex,
  model: GraphModel,
  trans: TranslationBundle
): string {
  if (group) {
    const action = trans.__('Press Enter to open');
    const title = groupTitle(group, trans);
    return [title, groupKinds(group, trans), action].join(', ');
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
  { node, group }: IVertex,
  trans: TranslationBundle
): string[] {
  if (group) {
    const states = groupStates(group)
      .map(([state, count]) => `${stateWord(state, trans)}: ${count}`)
      .join(', ');
    const hint = trans.__('Click to open');
    return [groupTitle(group, trans), groupKinds(group, trans), states, hint];
  }
  const { name, state, created, pipeline, task, run, component } = node!;
  const { user, uri, tags } = node!;
  return [
    name,
    [typeWord(node!, trans), stateWord(state, trans), timeText(created)]
      .filter(Boolean)
      .join(' · '),
    [pipeline, task].filter(Boolean).join(' · '),
    run ? trans.__('Run %1', run) : '',
    component ?? '',
    user ?? '',
    uri ?? '',
    tags.map(tag => `#${tag}`).join(' ')
  ].filter(Boolean);
}
