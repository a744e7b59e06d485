import { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import type { Grouping } from './graph/data';

export type View = 'graph' | 'table' | 'timeline';

export const VIEWS: readonly View[] = ['graph', 'table', 'timeline'];
export const GROUPINGS: readonly Grouping[] = [
  'none',
  'repeats',
  'run',
  'pipeline',
  'type'
];

/** Where one is in the lineage: all that a link to it has to say. */
export interface IPlace {
  /** In the query language; empty finds everything. */
  query: string;
  /** Contents path of a file, instead of a query: where it was used. */
  path: string | null;
  /** What the graph begins at: a node's id, or `run:<run id>`. */
  focus: string | null;
  /** The ends of the ways that are shown. */
  from: string | null;
  to: string | null;
  view: View;
  /** Null: as it suits what is drawn. */
  grouping: Grouping | null;
  /** The node that the panel is about. */
  selected: string | null;
}

export const NOWHERE: IPlace = {
  query: '',
  path: null,
  focus: null,
  from: null,
  to: null,
  view: 'graph',
  grouping: null,
  selected: null
};

/** What each field of a place is called in a link. */
const NAMES: { [field in keyof IPlace]: string } = {
  focus: 'lineage',
  query: 'lineage-query',
  path: 'lineage-path',
  from: 'lineage-from',
  to: 'lineage-to',
  view: 'lineage-view',
  grouping: 'lineage-group',
  selected: 'lineage-node'
};

/** What the part of a URL from its `?` begins with when it is a link to a place. */
const LINK = /[?&]lineage(?=[=&#]|$)/;

/** The query of a URL that leads to a place; what is as usual is left out. */
export function linkOf(place: IPlace): string {
  const query = new URLSearchParams({ [NAMES.focus]: place.focus ?? '' });
  for (const field of Object.keys(NAMES) as (keyof IPlace)[]) {
    const value = place[field];
    if (field !== 'focus' && value !== null && value !== NOWHERE[field]) {
      query.set(NAMES[field], value);
    }
  }
  // Slashes and colons may stand in a query, and are easier to read so. A plus
  // for a blank is no blank to all who pass a link on, and has a meaning here.
  return `?${query}`
    .replace(/\+/g, '%20')
    .replace(/%2F/g, '/')
    .replace(/%3A/g, ':');
}

/** The place that the query of a URL leads to; null when it is no such link. */
export function placeOfLink(search: string): IPlace | null {
  if (!LINK.test(search)) {
    return null;
  }
  const query = new URLSearchParams(search);
  return asPlace(
    Object.fromEntries(
      Object.entries(NAMES).map(([field, name]) => [field, query.get(name)])
    )
  );
}

/** The query of a URL without what a link to a place has put there. */
export function withoutLink(search: string): string {
  const query = new URLSearchParams(search);
  Object.values(NAMES).forEach(name => query.delete(name));
  const rest = query.toString();
  return rest ? `?${rest}` : '';
}

/** What was kept, read again; what is not understood is as usual. */
export function asPlace(kept: ReadonlyPartialJSONObject): IPlace {
  const text = (field: keyof IPlace) => {
    const value = kept[field];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    query: text('query') ?? '',
    path: text('path'),
    focus: text('focus'),
    from: text('from'),
    to: text('to'),
    view: VIEWS.find(view => view === kept.view) ?? NOWHERE.view,
    grouping: GROUPINGS.find(grouping => grouping === kept.grouping) ?? null,
    selected: text('selected')
  };
}

/** Whether a step from one place to the other is one to come back from. */
export function isFar(from: IPlace, to: IPlace): boolean {
  const near: (keyof IPlace)[] = ['grouping', 'selected'];
  const fields = Object.keys(NAMES) as (keyof IPlace)[];
  return fields.some(
    field => !near.includes(field) && from[field] !== to[field]
  );
}
