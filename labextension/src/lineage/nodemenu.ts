import { ILineageNode } from '../api/lineage';
import { nodeSubject } from './export/subject';
import { IEntry } from './menu';
import { linkOf, NOWHERE } from './place';
import { IShellProps } from './props';
import { shortType } from './words';

/** All that can be done to a node, wherever it is shown. */
export function nodeEntries(props: IShellProps, node: ILineageNode): IEntry[] {
  return [
    ...lookEntries(props, node),
    'line',
    ...pairEntries(props, node),
    'line',
    ...openEntries(props, node),
    'line',
    copyEntries(props, node)
  ];
}

function lookEntries(props: IShellProps, node: ILineageNode): IEntry[] {
  const { model, trans } = props;
  const { graph } = model;
  const { id } = node;
  const isDrawn = model.place.view === 'graph' && !!graph.node(id);
  const focus: IEntry = {
    label: trans.__('Focus Here'),
    execute: () => model.focus(id)
  };
  if (!isDrawn) {
    return [focus];
  }
  const has = (direction: 'up' | 'down') =>
    graph.beside(id, direction).length > 0;
  return [
    focus,
    {
      label: trans.__('Show What It Was Made From'),
      enabled: graph.missing(id, 'up') > 0,
      execute: () => model.expand(id, 'up')
    },
    {
      label: trans.__('Show What Was Made of It'),
      enabled: graph.missing(id, 'down') > 0,
      execute: () => model.expand(id, 'down')
    },
    {
      label: trans.__('Put Away What Is Before'),
      enabled: has('up'),
      execute: () => graph.collapse(id, 'up')
    },
    {
      label: trans.__('Put Away What Is Behind'),
      enabled: has('down'),
      execute: () => graph.collapse(id, 'down')
    }
  ];
}

/** What needs another node, too. */
function pairEntries(
  { model, actions, trans }: IShellProps,
  node: ILineageNode
): IEntry[] {
  const { selected } = model.place;
  const other = selected !== node.id ? selected : null;
  const name = other ? model.nameOf(other) : '';
  const wait = (what: 'path' | 'compare') => () => model.await({ what, node });
  return other
    ? [
        {
          label: trans.__('Path between “%1” and This', name),
          execute: () => model.showWays(other, node.id)
        },
        {
          label: trans.__('Compare with “%1”', name),
          execute: () => actions.compare([other, node.id])
        }
      ]
    : [
        { label: trans.__('Path to…'), execute: wait('path') },
        { label: trans.__('Compare with…'), execute: wait('compare') }
      ];
}

function openEntries(props: IShellProps, node: ILineageNode): IEntry[] {
  const { model, actions, trans } = props;
  const entries: IEntry[] = [];
  if (node.kind === 'artifact') {
    entries.push({
      label: trans.__('Open Content'),
      execute: () => actions.openContent(node)
    });
  }
  // Neither an import nor a pipeline has executed a notebook.
  if (shortType(node.type) === 'ContainerExecution') {
    entries.push({
      label: trans.__('Open Notebook as It Was'),
      execute: () => actions.openNotebook(node)
    });
  }
  if (node.run) {
    const run = node.run;
    entries.push(
      {
        label: trans.__('Show Run'),
        execute: () => actions.openRun(run)
      },
      {
        label: trans.__('Lineage of the Whole Run'),
        execute: () => model.focus(`run:${run}`)
      }
    );
  }
  return [...entries, ...keepEntries(props, node)];
}

/** Its versions, its tags, its lineage as a file. */
function keepEntries(props: IShellProps, node: ILineageNode): IEntry[] {
  const { model, actions, trans } = props;
  return [
    {
      label: trans.__('Versions'),
      execute: () => model.go({ selected: node.id, view: 'timeline' })
    },
    {
      label: trans.__('Tag…'),
      execute: async () => {
        await model.select(node.id);
        actions.askTag();
      }
    },
    {
      label: trans.__('Export Lineage…'),
      execute: () => actions.exportLineage(nodeSubject(node, trans))
    }
  ];
}

function copyEntries(
  { actions, trans }: IShellProps,
  node: ILineageNode
): IEntry {
  const place = { ...NOWHERE, focus: node.id, selected: node.id };
  const entries: IEntry[] = [
    {
      label: trans.__('Link to This'),
      execute: () => actions.copyLink(linkOf(place))
    },
    { label: trans.__('Id'), execute: () => actions.copy(node.id) }
  ];
  const { uri, digest } = node;
  if (uri) {
    entries.push({
      label: trans.__('URI'),
      execute: () => actions.copy(uri)
    });
  }
  if (digest) {
    entries.push({
      label: trans.__('Digest'),
      execute: () => actions.copy(digest)
    });
  }
  return { label: trans.__('Copy'), entries };
}
