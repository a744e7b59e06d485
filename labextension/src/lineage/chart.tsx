import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { valueText } from '../editor/source';
import { IPoint } from './timeline';

/**
 * Where values are drawn: larger ones higher, ends not at the very edge.
 *
 * size: width, height, margin, and what is kept free on the left; in pixels.
 */
export function scale(
  points: readonly IPoint[],
  count: number,
  [width, height, margin, left]: [number, number, number, number]
): { x: (at: number) => number; y: (value: number) => number } {
  const values = points.map(({ value }) => value);
  const low = Math.min(...values);
  const span = Math.max(...values) - low;
  const room = width - left - 2 * margin;
  const step = count > 1 ? room / (count - 1) : 0;
  return {
    x: at => left + (count > 1 ? margin + at * step : (width - left) / 2),
    y: value =>
      span > 0
        ? height - margin - ((value - low) / span) * (height - 2 * margin)
        : height / 2
  };
}

/** The points of a line through all values. */
export function line(
  points: readonly IPoint[],
  x: (at: number) => number,
  y: (value: number) => number
): string {
  return points.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ');
}

/** How a metric went, in a sentence. */
export function chartText(
  metric: string,
  points: readonly IPoint[],
  trans: TranslationBundle
): string {
  const values = points.map(({ value }) => value);
  return trans.__(
    '%1 over %2 versions: from %3 to %4, lowest %5, highest %6',
    metric,
    points.length,
    valueText(values[0]),
    valueText(values[values.length - 1]),
    valueText(Math.min(...values)),
    valueText(Math.max(...values))
  );
}

interface ISparklineProps {
  metric: string;
  points: readonly IPoint[];
  /** How many versions there are, with those that have no value. */
  count: number;
  /** The version that is looked at. */
  current: number;
  trans: TranslationBundle;
}

/** A metric over the versions, as small as a word. */
export function Sparkline(props: ISparklineProps): JSX.Element {
  const { metric, points, count, current, trans } = props;
  const [width, height] = [96, 24];
  const { x, y } = scale(points, count, [width, height, 4, 0]);
  const text = chartText(metric, points, trans);
  const now = points.find(({ at }) => at === current);
  return (
    <svg
      className="claimed-Sparkline"
      role="img"
      aria-label={text}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      <title>{text}</title>
      <polyline points={line(points, x, y)} />
      {now && <circle cx={x(now.at)} cy={y(now.value)} r={3} />}
    </svg>
  );
}
