import { TranslationBundle } from '@jupyterlab/translation';
import { RecentSearches } from './recent';
import { IChoice } from './searchmodel';

/** How many of the searches before are offered. */
const BEFORE = 5;

/** What a new user can begin with. */
export function examples(trans: TranslationBundle): IChoice[] {
  const example = (text: string, about: string): IChoice => ({ text, about });
  return [
    example('type:Model', trans.__('all models')),
    example(
      'kind:artifact after:1d',
      trans.__('what was made since yesterday')
    ),
    example('state:FAILED', trans.__('what failed')),
    example('user:me', trans.__('what is mine')),
    example('tag:candidate', trans.__('what has the tag “candidate”')),
    example(
      'changed:code',
      trans.__('what was run, or made, with changed code')
    ),
    example('+type:Model type:Dataset', trans.__('data behind the models'))
  ];
}

/** What is offered while nothing is typed: searches before, then examples. */
export function offered(
  recent: RecentSearches,
  trans: TranslationBundle
): IChoice[] {
  const before = recent.searches
    .slice(0, BEFORE)
    .map(text => ({ text, about: trans.__('searched before') }));
  const known = new Set(before.map(({ text }) => text));
  return [...before, ...examples(trans).filter(({ text }) => !known.has(text))];
}
