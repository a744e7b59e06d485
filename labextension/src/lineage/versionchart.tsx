import * as React from 'react';
import { IVersion } from '../api/lineage';
import { valueText } from '../editor/source';
import { chartText, line, scale } from './chart';
import { IPoint, IVersionsProps, pointsOf } from './timeline';
import { timeText } from './words';

/** The size of the chart, in its own units. */
const WIDTH = 900;
const HEIGHT = 220;
const MARGIN = 28;

/** The height of a chart without a metric. */
const FLAT = 70;

/** The room for the numbers on the left. */
const AXIS = 64;

/** Points over the versions; without a metric they stand in a line. */
export function VersionChart(
  props: IVersionsProps & { metric: string | null }
): JSX.Element {
  const { versions, metric, trans } = props;
  const points = metric
    ? pointsOf(versions, metric)
    : versions.map((_, at) => ({ at, value: 0 }));
  const size: [number, number, number, number] = metric
    ? [WIDTH, HEIGHT, MARGIN, AXIS]
    : [WIDTH, FLAT, MARGIN, 0];
  const { x, y } = scale(points, versions.length, size);
  const text = metric
    ? chartText(metric, points, trans)
    : trans._n('%1 version', '%1 versions', versions.length);
  return (
    <svg
      className="claimed-Lineage-chart"
      viewBox={`0 0 ${size[0]} ${size[1]}`}
      role="group"
      aria-label={text}
    >
      {metric && <Axis values={ends(points)} y={y} />}
      <polyline points={line(points, x, y)} />
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

/** The lowest and the highest value. */
function ends(points: readonly IPoint[]): number[] {
  const values = points.map(({ value }) => value);
  return [...new Set([Math.max(...values), Math.min(...values)])];
}

/** Values at lines across the chart. */
function Axis(props: {
  values: number[];
  y: (value: number) => number;
}): JSX.Element {
  const { values, y } = props;
  return (
    <g data-axis aria-hidden="true">
      {values.map(value => (
        <React.Fragment key={value}>
          <line x1={AXIS} x2={WIDTH} y1={y(value)} y2={y(value)} />
          <text x={0} y={y(value) + 4}>
            {valueText(value)}
          </text>
        </React.Fragment>
      ))}
    </g>
  );
}

interface IPointProps extends IVersionsProps {
  version: IVersion;
  at: number;
  x: number;
  y: number;
  label: string;
}

function Point(props: IPointProps): JSX.Element {
  const { model, version, at, x, y } = props;
  const { node, same } = version;
  const text = pointText(props);
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
      <rect x={x - 14} y={y - 26} width={28} height={40} />
      <circle cx={x} cy={y} r={6} />
      <text x={x} y={y - 12}>
        {at + 1}
      </text>
    </g>
  );
}

function pointText({ version, at, label, trans }: IPointProps): string {
  return [
    trans.__('Version %1', at + 1),
    timeText(version.node.created),
    label,
    version.same && trans.__('same content as the version before')
  ]
    .filter(Boolean)
    .join(', ');
}
