import { IComponent } from '../api/types';

/** The components of one group of one category. */
export interface IGroup {
  name: string;
  components: IComponent[];
}

export interface ICategory {
  name: string;
  count: number;
  groups: IGroup[];
}

/** Components by category, then by group; every level in alphabetical order. */
export function groupComponents(components: IComponent[]): ICategory[] {
  const byCategory = collect(components, c => c.category || 'other');
  return [...byCategory].map(([name, members]) => ({
    name,
    count: members.length,
    groups: [...collect(members, c => c.group || 'Other')].map(
      ([group, items]) => ({
        name: group,
        components: items.sort((a, b) => a.title.localeCompare(b.title))
      })
    )
  }));
}

/** Stands before the name of a catalog in a query. */
const CATALOG = 'catalog:';

/** The query that finds all components of a catalog, and no other. */
export function catalogQuery(catalog: string): string {
  return CATALOG + asWord(catalog);
}

/**
 * The components that fit every word of a query.
 *
 * A word fits when the name, the title, the description, a tag, a required
 * library, the author or the catalog holds it, in any case; `catalog:x` fits
 * the components of the catalog x. An empty query fits all.
 */
export function searchComponents(
  components: IComponent[],
  query: string
): IComponent[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return components.filter(component => {
    const text = searchText(component);
    return words.every(word =>
      word.startsWith(CATALOG)
        ? word === catalogQuery(component.catalog).toLowerCase()
        : text.includes(word)
    );
  });
}

function asWord(name: string): string {
  return name.trim().replace(/\s+/g, '-');
}

function searchText(component: IComponent): string {
  return [
    component.name,
    component.title,
    component.description,
    component.category,
    component.group,
    component.author,
    component.catalog,
    component.container ? 'container' : '',
    ...component.tags,
    ...component.requirements
  ]
    .join('\n')
    .toLowerCase();
}

function collect<T>(items: T[], key: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    found.set(key(item), [...(found.get(key(item)) ?? []), item]);
  }
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}
