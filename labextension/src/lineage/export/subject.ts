import { TranslationBundle } from '@jupyterlab/translation';
import { ExportSelector, ILineageNode } from '../../api/lineage';
import type { ExplorerModel } from '../explorer';
import { RUN } from '../names';
import { IChoice, IExportSubject, scopesOf, wholeRun } from './choice';

/** How many terms, and how many letters, a query may have; the server takes no more. */
const TERMS = 100;
const LETTERS = 2000;

/** What stands between the nodes that a query names. */
const OR = ' or ';

type Scopes = IChoice<ExportSelector>[];

/** A node, or the run that it is of. */
export function nodeSubject(
  node: ILineageNode,
  trans: TranslationBundle
): IExportSubject {
  const { name } = node;
  const title = trans.__('Export the lineage of “%1”', name);
  return { name, title, scopes: scopesOf(node, trans) };
}

/** What the graph is about: a node, a run, or what was found. */
export function graphSubject(
  model: ExplorerModel,
  trans: TranslationBundle
): IExportSubject | null {
  const { place, part, graph } = model;
  // Without a search the graph is that of the newest run.
  const start = place.focus ?? part.subject?.start[0] ?? '';
  if (start.startsWith(RUN)) {
    const name = model.nameOf(start);
    const title = trans.__('Export the lineage of a run of “%1”', name);
    const run = wholeRun(start.slice(RUN.length), trans);
    const all = place.focus === null ? foundScopes(model, trans) : [];
    return { name, title, scopes: [run, ...all] };
  }
  if (place.focus === null) {
    return foundSubject(model, trans);
  }
  const node = graph.node(place.focus);
  return node ? nodeSubject(node, trans) : null;
}

/** All that was found, also what is not loaded; null when there is nothing. */
export function foundSubject(
  model: ExplorerModel,
  trans: TranslationBundle
): IExportSubject | null {
  const { search, nodes } = model.results;
  if (!search || nodes.length === 0) {
    return null;
  }
  const name = search.query || search.path || trans.__('lineage');
  const title = trans.__('Export the lineage of what was found');
  return { name, title, scopes: foundScopes(model, trans) };
}

/** The same subject, but what is selected of it comes first, or why it cannot be had. */
export function selectedFirst(
  subject: IExportSubject,
  selected: readonly ILineageNode[],
  trans: TranslationBundle
): IExportSubject {
  const count = selected.length;
  if (count === 0) {
    return subject;
  }
  const most = nameable(selected).length;
  if (count > most) {
    const note = trans.__(
      '%1 rows are selected, but only %2 can be exported on their own. Select fewer, or search for them.',
      count,
      most
    );
    return { ...subject, note };
  }
  const some = {
    value: queryFor(selected),
    label: trans._n('The selected row', 'The %1 selected rows', count),
    about: trans._n(
      'All runs that it belongs to',
      'All runs that they belong to',
      count
    )
  };
  return { ...subject, scopes: [some, ...subject.scopes] };
}

function foundScopes(
  { results }: ExplorerModel,
  trans: TranslationBundle
): Scopes {
  const { search, nodes } = results;
  if (!search) {
    return [];
  }
  const { query, path } = search;
  if (path !== null) {
    return [usedScope(path, nodes, trans)];
  }
  const all: Scopes[number] = query
    ? {
        value: { query },
        label: trans.__('All that was found'),
        about: trans.__('All runs in which “%1” finds something', query)
      }
    : {
        value: { query },
        label: trans.__('Everything'),
        about: trans.__('All runs that there are')
      };
  return [all];
}

/** Where a file was used: no query says that, but what was found can be named. */
function usedScope(
  path: string,
  nodes: readonly ILineageNode[],
  trans: TranslationBundle
): Scopes[number] {
  const named = nameable(nodes);
  return {
    value: queryFor(named),
    label:
      nodes.length > named.length
        ? trans.__('The newest %1 that were found', named.length)
        : trans.__('All that was found'),
    about: trans.__('All runs in which “%1” was used', path)
  };
}

/** As many of the nodes as one query can name, from the first on. */
function nameable(nodes: readonly ILineageNode[]): readonly ILineageNode[] {
  let letters = -OR.length;
  const end = nodes.findIndex(({ id }, index) => {
    letters += OR.length + id.length;
    return index >= TERMS || letters > LETTERS;
  });
  return end < 0 ? nodes : nodes.slice(0, end);
}

/** The query that finds some nodes, and nothing else. */
function queryFor(nodes: readonly ILineageNode[]): { query: string } {
  return { query: nodes.map(({ id }) => id).join(OR) };
}
