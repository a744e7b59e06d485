import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IVersion } from '../api/lineage';
import { valueText } from '../editor/source';
import { Hint, RetryHint } from '../hint';
import { NodeState } from './cells';
import { chartText, scale } from './chart';
import { openMenu } from './menu';
import { nodeEntries } from './nodemenu';
import { IShellProps } from './props';
import { useSignal } from './signals';
import { metricsOf, pointsOf } from './timeline';
import { timeText } from './words';

/** The size of the chart, in its own units. */
const WIDTH = 900;
const HEIGHT = 220;
const MARGIN = 28;

/** The versions of an artifact over time: a chart of a metric above their list. */
export function Timeline(props: IShellProps): JSX.Element {
  const { model, trans } = props;
  const { timeline, place } = model;
  useSignal(timeline.changed);
  useSignal(model.changed);
  const { versions, status } = timeline;
  if (place.selected === null) {
    return (
      <Hint
        text={trans.__(
          'Select something in the graph or the table: here are its versions over time.'
        )}
      />
    );
  }
  if (status === 'error') {
    return (
      <RetryHint
        text={timeline.error}
        retry={() => timeline.load(place.selected!)}
        trans={trans}
      />
    );
  }
  if (status === 'loading' && versions.length === 0) {
    return <Hint text={trans.__('Loading versions…')} busy />;
  }
  return <Versions {...props} versions={versions} />;
}

type IVersionsProps = IShellProps & { versions: readonly IVersion[] };

function Versions(props: IVersionsProps): JSX.Element {
  const { model, actions, versions, trans } = props;
  const metrics = metricsOf(versions);
  const [wanted, setWanted] = React.useState('');
  const [ticked, setTicked] = React.useState<readonly string[]>([]);
  const metric = metrics.includes(wanted) ? wanted : metrics[0];
  const tick = (id: string) =>
    setTicked(old =>
      old.includes(id) ? old.filter(one => one !== id) : [...old, id].slice(-2)
    );
  return (
    <div className="claimed-Lineage-timeline">
      <div className="claimed-Lineage-bar">
        <strong>{model.nameOf(model.place.selected!)}</strong>
        <span className="claimed-quiet">
          {trans._n('%1 version', '%1 versions', versions.length)}
        </span>
        {metrics.length > 0 && (
          <label>
            {trans.__('Metric')}{' '}
            <select
              className="jp-mod-styled"
              value={metric}
              onChange={event => setWanted(event.target.value)}
            >
              {metrics.map(name => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
        <span className="claimed-Lineage-space" />
        <button
          className="jp-Button jp-mod-styled jp-mod-accept"
          disabled={ticked.length !== 2}
          title={trans.__('Tick two versions to compare them')}
          onClick={() => void actions.compare([...ticked])}
        >
          {trans.__('Compare')}
        </button>
      </div>
      <Chart {...props} metric={metric ?? null} />
      <List {...props} metrics={metrics} ticked={ticked} tick={tick} />
    </div>
  );
}

/** Points over the versions; without a metric they stand in a line. */
function Chart(props: IVersionsProps & { metric: string | null }): JSX.Element {
  const { versions, metric, trans } = props;
  const points = metric
    ? pointsOf(versions, metric)
    : versions.map((_, at) => ({ at, value: 0 }));
  const height = metric ? HEIGHT : 70;
  const { x, y } = scale(points, versions.length, WIDTH, height, MARGIN);
  const text = metric
    ? chartText(metric, points, trans)
    : trans._n('%1 version', '%1 versions', versions.length);
  return (
    <svg
      className="claimed-Lineage-chart"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="group"
      aria-label={text}
    >
      <polyline
        points={points.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')}
      />
      {points.map(({ at, value }) => (
        <Point
          key={at}
          {...props}
          version={versions[at]}
          at={at}
          x={x(at)}
          y={y(value)}
          label={metric ? `${metric} = ${valueText(value)}` : ''}
        />
      ))}
    </svg>
  );
}

function Point(
  props: IVersionsProps & {
    version: IVersion;
    at: number;
    x: number;
    y: number;
    label: string;
  }
): JSX.Element {
  const { model, version, at, x, y, label, trans } = props;
  const { node, same } = version;
  const text = [
    trans.__('Version %1', at + 1),
    timeText(node.created),
    label,
    same && trans.__('same content as the version before')
  ]
    .filter(Boolean)
    .join(', ');
  const select = () => void model.select(node.id);
  return (
    <g
      role="button"
      tabIndex={0}
      aria-label={text}
      aria-pressed={model.place.selected === node.id}
      data-same={same || undefined}
      onClick={select}
      onKeyDown={event => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          select();
        }
      }}
    >
      <title>{text}</title>
      <circle cx={x} cy={y} r={6} />
      <text x={x} y={y - 12}>
        {at + 1}
      </text>
    </g>
  );
}

function List(
  props: IVersionsProps & {
    metrics: string[];
    ticked: readonly string[];
    tick: (id: string) => void;
  }
): JSX.Element {
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
  props: IShellProps & {
    version: IVersion;
    at: number;
    metrics: string[];
    ticked: readonly string[];
    tick: (id: string) => void;
  }
): JSX.Element {
  const { model, version, at, metrics, ticked, tick, trans } = props;
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
      <td>
        <input
          type="checkbox"
          aria-label={trans.__('Compare version %1', at + 1)}
          checked={ticked.includes(node.id)}
          onChange={() => tick(node.id)}
        />
      </td>
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
      <td>{same ? trans.__('= as before') : sizeless(at, trans)}</td>
      {metrics.map(name => (
        <td key={name}>{metricText(version, name)}</td>
      ))}
      <td title={node.run ?? undefined}>{node.run}</td>
      <td>{node.tags.join(', ')}</td>
    </tr>
  );
}

function sizeless(at: number, trans: TranslationBundle): string {
  return at === 0 ? trans.__('first') : trans.__('new');
}

function metricText({ metrics }: IVersion, name: string): string {
  return name in metrics ? valueText(metrics[name]) : '–';
}
