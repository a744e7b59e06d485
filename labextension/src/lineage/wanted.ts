import { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { IPlace, NOWHERE, asPlace } from './place';

/** The place that a command is told; null when it is told nothing. */
export function wantedPlace(args: ReadonlyPartialJSONObject): IPlace | null {
  const { node, run, query, path, place } = args;
  if (place) {
    return asPlace(place as ReadonlyPartialJSONObject);
  }
  if (typeof node === 'string') {
    return { ...NOWHERE, focus: node, selected: node };
  }
  if (typeof run === 'string') {
    return { ...NOWHERE, focus: `run:${run}` };
  }
  if (typeof query === 'string') {
    return { ...NOWHERE, query, view: 'table' };
  }
  return typeof path === 'string' ? { ...NOWHERE, path, view: 'table' } : null;
}
