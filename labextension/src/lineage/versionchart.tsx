import * as React from 'react';
import { IVersion } from '../api/lineage';
import { valueText } from '../editor/source';
import { chartText, line, scale } from './chart';
import { IPoint, IVersionsProps, pointsOf } from './timeline';
import { timeText } from './words';

/** The size of the chart in pixels; how wide until that is known. */
const WIDTH = 900;
const HEIGHT = 220;
const MARGIN = 28;

/** The room that a number needs. */
const NUMBER = 26;

/** The height of a chart without a metric. */
const FLAT = 70;

/** The room for the numbers on the left. */
const AXIS = 64;

/** Points over the versions; without a metric they stand in a line. */
export function VersionChart(
  props: IVersionsProps & { metric: string | null }
): JSX.Element {
  const { versions, metric } = props;
  const points = metric
    ? pointsOf(versions, metric)
    : versions.map((_, at) => ({ at, value: 0 }));
  const { chart, width, height, x, y } = useDrawn(props, points);
  const room = versions.length > 1 ? x(1) - x(0) : width;
  return (
    <svg
      ref={chart}
      className="claimed-Lineage-chart"
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={wordsOf(props, points)}
    >
      {metric && <Axis values={ends(points)} y={y} width={width} />}
      <polyline points={line(points, x, y)} />
      {points.map((point, index) => (
        <Point
          key={point.at}
          {...props}
          version={versions[point.at]}
          at={point.at}
          x={x(point.at)}
          y={y(point.value)}
          room={room}
          isLast={index === points.length - 1}
          beside={[-1, 1].map(by => versionAt(props, points[index + by]))}
          label={metric ? `${metric} = ${valueText(point.value)}` : ''}
        />
      ))}
    </svg>
  );
}

/** The chart, how large it is, and where it has values. */
function useDrawn(
  { versions, metric }: IVersionsProps & { metric: string | null },
  points: readonly IPoint[]
) {
  const chart = React.useRef<SVGSVGElement>(null);
  const width = useWidth(chart);
  const [height, left] = metric ? [HEIGHT, AXIS] : [FLAT, 0];
  const size: Parameters<typeof scale>[2] = [width, height, MARGIN, left];
  return { chart, width, height, ...scale(points, versions.length, size) };
}

/** How wide a chart is: its letters stay as large as they are everywhere. */
function useWidth(chart: React.RefObject<SVGSVGElement>): number {
  const [width, setWidth] = React.useState(WIDTH);
  React.useLayoutEffect(() => {
    const watch = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width > 0) {
        setWidth(Math.round(contentRect.width));
      }
    });
    watch.observe(chart.current!);
    return () => watch.disconnect();
  }, [chart]);
  return width;
}

function wordsOf(
  { versions, metric, trans }: IVersionsProps & { metric: string | null },
  points: readonly IPoint[]
): string {
  return metric
    ? chartText(metric, points, trans)
    : trans._n('%1 version', '%1 versions', versions.length);
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
  width: number;
}): JSX.Element {
  const { values, y, width } = props;
  return (
    <g data-axis aria-hidden="true">
      {values.map(value => (
        <React.Fragment key={value}>
          <line x1={AXIS} x2={width} y1={y(value)} y2={y(value)} />
          <text x={0} y={y(value) + 4}>
            {valueText(value)}
          </text>
        </React.Fragment>
      ))}
    </g>
  );
}

/** The node of the version at a point, if there is one. */
function versionAt(
  { versions }: IVersionsProps,
  point: IPoint | undefined
): string | undefined {
  return point && versions[point.at].node.id;
}

interface IPointProps extends IVersionsProps {
  version: IVersion;
  at: number;
  x: number;
  y: number;
  /** How far it is to the next one. */
  room: number;
  isLast: boolean;
  /** The nodes at the points before and after. */
  beside: (string | undefined)[];
  label: string;
}

function Point(props: IPointProps): JSX.Element {
  const { model, version, at, x, y, room, isLast } = props;
  const { node, same } = version;
  const isSelected = model.place.selected === node.id;
  const point = useFocusAmong(isSelected);
  const text = pointText(props);
  const half = Math.min(14, room / 2);
  const isNumbered = at % Math.ceil(NUMBER / room) === 0 || isSelected;
  return (
    <g
      ref={point}
      role="button"
      tabIndex={isSelected || isLast ? 0 : -1}
      aria-label={text}
      aria-pressed={isSelected}
      data-same={same || undefined}
      onClick={() => void model.select(node.id)}
      onKeyDown={event => onKey(event, props)}
    >
      <title>{text}</title>
      <rect x={x - half} y={y - 26} width={2 * half} height={40} />
      <circle cx={x} cy={y} r={Math.max(2.5, Math.min(6, room * 0.45))} />
      {isNumbered && (
        <text x={x} y={y - 12}>
          {at + 1}
        </text>
      )}
    </g>
  );
}

/** Enter selects a point, arrows go to the next one. */
function onKey(
  event: React.KeyboardEvent,
  { model, version, beside }: IPointProps
): void {
  const targets: { [key: string]: string | undefined } = {
    Enter: version.node.id,
    ' ': version.node.id,
    ArrowLeft: beside[0],
    ArrowRight: beside[1]
  };
  const target = event.altKey ? undefined : targets[event.key];
  if (target) {
    event.preventDefault();
    void model.select(target);
  }
}

/** Takes the focus from a point beside it when it is selected. */
function useFocusAmong(isSelected: boolean): React.RefObject<SVGGElement> {
  const point = React.useRef<SVGGElement>(null);
  React.useEffect(() => {
    const chart = point.current?.ownerSVGElement;
    if (isSelected && chart?.contains(document.activeElement)) {
      point.current?.focus();
    }
  }, [isSelected]);
  return point;
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
