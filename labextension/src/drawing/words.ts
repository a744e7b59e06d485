import { TranslationBundle } from '@jupyterlab/translation';
import { Refusal } from './wiring';

/** Why a wire cannot be, in one line. */
export function refusalText(why: Refusal, trans: TranslationBundle): string {
  if (why.why === 'side') {
    return trans.__('A wire leads from an output to an input.');
  }
  const { source, output, target, input } = why.wire;
  if (why.why === 'circle') {
    return source === target
      ? trans.__('%1 cannot wait for itself.', target)
      : trans.__(
          '%1 already waits for %2: the wire would close a circle.',
          source,
          target
        );
  }
  return trans.__(
    '%1 takes %2, but %3 is %4.',
    `${target}.${input}`,
    why.wanted,
    `${source}.${output}`,
    why.given
  );
}
