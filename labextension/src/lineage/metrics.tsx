import * as React from 'react';
import { INodeDetail, IValues } from '../api/lineage';
import { Breakable } from '../breakable';
import { valueText } from '../editor/source';
import { Sparkline } from './chart';
import { IDetailProps } from './detailprops';
import { pointsOf } from './timeline';

/** How many metrics are shown until one asks for all. */
const FEW = 8;

/** The metrics, each with how it went over the versions. */
export function Metrics(props: IDetailProps): JSX.Element | null {
  const { model, trans } = props;
  const { versions } = model.detail;
  const metrics = measured(props);
  const [isWhole, setWhole] = React.useState(false);
  const names = Object.keys(metrics);
  const shown = isWhole ? names : names.slice(0, FEW);
  if (names.length === 0) {
    return null;
  }
  return (
    <section>
      <h3>{trans.__('Metrics')}</h3>
      <table className="claimed-Lineage-values">
        <tbody>
          {shown.map(name => (
            <tr key={name}>
              <th scope="row">
                <Breakable name={name} />
              </th>
              <td title={String(metrics[name])}>{valueText(metrics[name])}</td>
              <td>
                {versions && (
                  <History {...props} metric={name} versions={versions} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < names.length && (
        <button className="claimed-Link" onClick={() => setWhole(true)}>
          {trans.__('Show all %1', names.length)}
        </button>
      )}
    </section>
  );
}

/** What an artifact says of itself, and what those who read it measured, as the timeline has it. */
function measured({ model, detail }: IDetailProps): INodeDetail['metrics'] {
  const { versions } = model.detail;
  const version = versions?.versions[versions.current];
  const isThis = version?.node.id === detail.node.id;
  const isArtifact = detail.node.kind === 'artifact';
  return {
    ...detail.metrics,
    ...(isThis && isArtifact ? version.metrics : {})
  };
}

function History(
  props: IDetailProps & {
    metric: string;
    versions: NonNullable<IDetailProps['model']['detail']['versions']>;
  }
): JSX.Element | null {
  const { model, detail, metric, versions, trans } = props;
  const points = pointsOf(versions.versions, metric);
  return points.length < 2 ? null : (
    <button
      className="claimed-Lineage-history"
      title={trans.__('Show the timeline')}
      onClick={() =>
        void model.go({ selected: detail.node.id, view: 'timeline' })
      }
    >
      <Sparkline
        metric={metric}
        points={points}
        count={versions.versions.length}
        current={versions.current}
        trans={trans}
      />
    </button>
  );
}

/** Names and values; nothing when there are none. */
export function Values(props: {
  title: string;
  values: IValues;
  closed?: boolean;
}): JSX.Element | null {
  const { title, values, closed } = props;
  const names = Object.keys(values);
  if (names.length === 0) {
    return null;
  }
  const table = (
    <table className="claimed-Lineage-values">
      <tbody>
        {names.map(name => (
          <tr key={name}>
            <th scope="row">
              <Breakable name={name} />
            </th>
            <td title={fullText(values[name])}>{listText(values[name])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
  return closed ? (
    <details className="claimed-Section">
      <summary>{title}</summary>
      {table}
    </details>
  ) : (
    <section>
      <h3>{title}</h3>
      {table}
    </section>
  );
}

/** A value as one line; a list of names or numbers without its signs. */
function listText(value: unknown): string {
  const isPlain = (one: unknown) =>
    typeof one === 'number' || (typeof one === 'string' && one !== '');
  return Array.isArray(value) && value.length > 0 && value.every(isPlain)
    ? value.map(valueText).join(', ')
    : valueText(value);
}

function fullText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
