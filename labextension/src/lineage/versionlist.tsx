import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IVersion } from '../api/lineage';
import { valueText } from '../editor/source';
import { NodeState } from './cells';
import { openMenu } from './menu';
import { nodeEntries } from './nodemenu';
import { IVersionsProps } from './timeline';
import { shortRun, timeText } from './words';

interface IListProps extends IVersionsProps {
  metrics: string[];
  /** The versions that are to be compared. */
  ticked: readonly string[];
  tick: (id: string) => void;
}

/** The versions in a table, the newest first. */
export function VersionList(props: IListProps): JSX.Element {
  const { versions, metrics, trans } = props;
  const newestFirst = versions
    .map((version, at) => ({ version, at }))
    .reverse();
  return (
    <div className="claimed-Lineage-versions">
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col">{trans.__('Created')}</th>
            <th scope="col">{trans.__('State')}</th>
            <th scope="col">{trans.__('Content')}</th>
            {metrics.map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">{trans.__('Run')}</th>
            <th scope="col">{trans.__('Tags')}</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map(one => (
            <Line key={one.version.node.id} {...props} {...one} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line(
  props: IListProps & { version: IVersion; at: number }
): JSX.Element {
  const { model, version, at, metrics, trans } = props;
  const { node, same } = version;
  return (
    <tr
      data-shown={model.place.selected === node.id || undefined}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        openMenu(nodeEntries(props, node), event.clientX, event.clientY);
      }}
    >
      <Tick {...props} />
      <th scope="row">
        <button
          className="claimed-Link"
          onClick={() => void model.select(node.id)}
        >
          {at + 1}
        </button>
      </th>
      <td>{timeText(node.created)}</td>
      <td>
        <NodeState state={node.state} trans={trans} />
      </td>
      <td>{same ? trans.__('= as before') : newWord(at, trans)}</td>
      {metrics.map(name => (
        <td key={name}>{metricText(version, name)}</td>
      ))}
      <td title={node.run ?? undefined}>{node.run && shortRun(node.run)}</td>
      <td>{node.tags.join(', ')}</td>
    </tr>
  );
}

function newWord(at: number, trans: TranslationBundle): string {
  return at === 0 ? trans.__('first') : trans.__('new');
}

function metricText({ metrics }: IVersion, name: string): string {
  return name in metrics ? valueText(metrics[name]) : '–';
}

function Tick(
  props: IListProps & { version: IVersion; at: number }
): JSX.Element {
  const { version, at, ticked, tick, trans } = props;
  const { id } = version.node;
  return (
    <td>
      <input
        type="checkbox"
        aria-label={trans.__('Compare version %1', at + 1)}
        checked={ticked.includes(id)}
        onChange={() => tick(id)}
      />
    </td>
  );
}
