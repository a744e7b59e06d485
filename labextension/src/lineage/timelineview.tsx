import * as React from 'react';
import { IVersion } from '../api/lineage';
import { Hint, RetryHint } from '../hint';
import { IShellProps } from './props';
import { useSignal } from './signals';
import { IVersionsProps, metricsOf } from './timeline';
import { VersionChart } from './versionchart';
import { VersionList } from './versionlist';

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

function Versions(props: IVersionsProps): JSX.Element {
  const { versions } = props;
  const metrics = metricsOf(versions);
  const [wanted, setWanted] = React.useState('');
  const [ticked, setTicked] = React.useState<readonly string[]>([]);
  const metric = metrics.includes(wanted) ? wanted : (metrics[0] ?? null);
  const tick = (id: string) =>
    setTicked(old =>
      old.includes(id) ? old.filter(one => one !== id) : [...old, id].slice(-2)
    );
  return (
    <div className="claimed-Lineage-timeline">
      <VersionsBar {...{ ...props, metrics, metric, setWanted, ticked }} />
      <VersionChart {...props} metric={metric} />
      <VersionList {...props} metrics={metrics} ticked={ticked} tick={tick} />
    </div>
  );
}

interface IBarProps extends IVersionsProps {
  metrics: string[];
  metric: string | null;
  setWanted: (metric: string) => void;
  ticked: readonly string[];
}

/** What the versions are of, which metric is drawn, and which two are compared. */
function VersionsBar(props: IBarProps): JSX.Element {
  const { actions, versions, metric, ticked, trans } = props;
  return (
    <div className="claimed-Lineage-bar">
      <strong>{nameOf(props)}</strong>
      <span className="claimed-quiet">
        {trans._n('%1 version', '%1 versions', versions.length)}
      </span>
      {metric !== null && <MetricChoice {...props} metric={metric} />}
      <span className="claimed-Lineage-space" />
      <button
        className="jp-Button jp-mod-styled"
        disabled={ticked.length !== 2}
        title={trans.__('Tick two versions to compare them')}
        onClick={() => void actions.compare(inOrder(versions, ticked))}
      >
        {trans.__('Compare')}
      </button>
    </div>
  );
}

/** What the selected version is called. */
function nameOf({ model, versions }: IVersionsProps): string {
  const id = model.place.selected!;
  const version = versions.find(({ node }) => node.id === id);
  return version?.node.name ?? model.nameOf(id);
}

/** The ticked versions, the older one first. */
function inOrder(
  versions: readonly IVersion[],
  ticked: readonly string[]
): string[] {
  return versions.map(({ node }) => node.id).filter(id => ticked.includes(id));
}

function MetricChoice(props: IBarProps): JSX.Element {
  const { metrics, metric, setWanted, trans } = props;
  return (
    <label className="claimed-Lineage-choice">
      {trans.__('Metric')}
      <select
        className="jp-mod-styled"
        value={metric ?? undefined}
        onChange={event => setWanted(event.target.value)}
      >
        {metrics.map(name => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
