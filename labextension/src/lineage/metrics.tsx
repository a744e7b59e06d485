import * as React from 'react';
import { IValues } from '../api/lineage';
import { valueText } from '../editor/source';
import { Sparkline } from './chart';
import { IDetailProps } from './detailprops';
import { pointsOf } from './timeline';

/** The metrics, each with how it went over the versions. */
export function Metrics(props: IDetailProps): JSX.Element | null {
  const { model, detail, trans } = props;
  const names = Object.keys(detail.metrics);
  const { versions } = model.detail;
  if (names.length === 0) {
    return null;
  }
  return (
    <section>
      <h3>{trans.__('Metrics')}</h3>
      <table className="claimed-Lineage-values">
        <tbody>
          {names.map(name => (
            <tr key={name}>
              <th scope="row">{breakable(name)}</th>
              <td title={String(detail.metrics[name])}>
                {valueText(detail.metrics[name])}
              </td>
              <td>
                {versions && (
                  <History {...props} metric={name} versions={versions} />
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
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
            <th scope="row">{breakable(name)}</th>
            <td title={fullText(values[name])}>{valueText(values[name])}</td>
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

function fullText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A name that may go on in the next line where a word of it ends. */
function breakable(name: string): string {
  return name.replace(/([_./-])/g, '$1\u200b');
}
