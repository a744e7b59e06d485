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

/**
 * The components that fit every word of a query.
 *
 * A word fits when the name, the title, the description, a tag or a required
 * library holds it, in any case. An empty query fits all.
 */
export function searchComponents(
  components: IComponent[],
  query: string
): IComponent[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return components.filter(component => {
    const text = searchText(component);
    return words.every(word => text.includes(word));
  });
}

function searchText(component: IComponent): string {
  return [
    component.name,
    component.title,
    component.description,
    component.category,
    component.group,
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
