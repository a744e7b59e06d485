import { plainType } from '../data';
import { IStrokes, SWING, bow, pull } from '../scene/strokes';
import { FADED, IBrush, isEdgeLit } from './brush';
import { detailAt } from './lod';

/** How many wires are stroked at once: one path of all would be slow. */
const BATCH = 400;
/** Below this scale a curve can't be told from a line. */
const STRAIGHT = 0.1;
/** From how many pixels of the picture on a wire is long. */
const LONG = 8000;
/** How strong wires are: faded ones, then by how many leave what they leave. */
const WEIGHTS = [FADED, 1, 0.5, 0.3, 0.16];
const MANY = [40, 120, 400];
/** The size of the head of an arrow. */
const HEAD = 7;

/** Wires in the colour of what they carry. */
export function drawWires(brush: IBrush, strokes: number[]): void {
  const { context, scene, scale, style, lit } = brush;
  const detail = detailAt(scale);
  const list = scene.strokes;
  const byColor = new Map<string, number[]>();
  for (const i of strokes) {
    const color =
      detail === 'far' ? style.quiet : wireColor(brush, list.edge[i]);
    const isFaint = detail === 'far' && isLong(list, i);
    const isFaded = !isEdgeLit(brush, list.edge[i]);
    const crowded = isFaint ? 3 : crowdOf(brush, list.edge[i]);
    const key = `${color} ${isFaded ? 0 : 1 + crowded}`;
    const same = byColor.get(key);
    if (same) {
      same.push(i);
    } else {
      byColor.set(key, [i]);
    }
  }
  const width = detail === 'far' ? 0.8 / scale : Math.max(1.5, 0.9 / scale);
  const usual = detail === 'far' ? crowd(strokes.length) : 0.75;
  byColor.forEach((same, key) => {
    context.strokeStyle = context.fillStyle = key.slice(0, -2);
    const isPath = lit !== null && !key.endsWith('0');
    context.lineWidth = width * (isPath ? 2 : 1);
    context.globalAlpha = isPath ? 1 : usual * WEIGHTS[Number(key.slice(-1))];
    strokeAll(brush, list, same);
  });
  context.globalAlpha = 1;
}

/** How much of a wire's source is lost among its wires: from 0, it has few, to 3. */
function crowdOf({ scene }: IBrush, edge: number): number {
  const { start } = scene.edgesOf.out;
  const source = scene.shown.sources[edge];
  const count = start[source + 1] - start[source];
  return MANY.filter(many => count > many).length;
}

/** Whether a wire goes over so many columns that it says little, and covers much. */
function isLong({ x1, x2, y1, y2 }: IStrokes, i: number): boolean {
  return Math.hypot(x2[i] - x1[i], y2[i] - y1[i]) > LONG;
}

/** The more wires there are, the less of each is seen. */
function crowd(count: number): number {
  return Math.max(0.12, Math.min(0.55, 60 / Math.sqrt(count * 20)));
}

/** The colour of the artifact at an edge's end. */
export function wireColor({ scene, style }: IBrush, edge: number): string {
  const { sources, targets, vertices } = scene.shown;
  for (const v of [sources[edge], targets[edge]]) {
    const thing = vertices[v].node ?? vertices[v].group!;
    if (thing.kind === 'artifact') {
      return style.typeColor(plainType(thing.type));
    }
  }
  return style.quiet;
}

function strokeAll(brush: IBrush, list: IStrokes, which: number[]): void {
  const { context, scale } = brush;
  const isStraight = scale < STRAIGHT;
  for (let from = 0; from < which.length; from += BATCH) {
    context.beginPath();
    for (let at = from; at < Math.min(which.length, from + BATCH); at++) {
      traceStroke(brush, list, which[at], isStraight);
    }
    context.stroke();
  }
  if (detailAt(scale) !== 'far') {
    context.beginPath();
    which.forEach(i => list.isEnd[i] && traceHead(brush, list, i));
    context.fill();
  }
}

export function traceStroke(
  { context, left, top }: Pick<IBrush, 'context' | 'left' | 'top'>,
  { x1, y1, x2, y2, on }: IStrokes,
  i: number,
  isStraight: boolean
): void {
  const [ax, ay, bx, by] = [
    x1[i] - left,
    y1[i] - top,
    x2[i] - left,
    y2[i] - top
  ];
  context.moveTo(ax, ay);
  if (bx < ax) {
    traceBack(context, ax, ay, bx, by);
  } else if (isStraight || ay === by) {
    context.lineTo(bx, by);
  } else {
    const away = pull(ax, bx);
    context.bezierCurveTo(ax + away, ay, bx - away, by, bx, by);
  }
  if (on[i] > x2[i]) {
    context.lineTo(on[i] - left, by);
  }
}

/** A wire that leads back bows over what lies between. */
function traceBack(
  context: CanvasRenderingContext2D,
  ax: number,
  ay: number,
  bx: number,
  by: number
): void {
  const top = bow(ax, ay, bx, by);
  const [right, left] = [ax + SWING, bx - SWING];
  context.bezierCurveTo(right, ay, right, top, ax, top);
  context.lineTo(bx, top);
  context.bezierCurveTo(left, top, left, by, bx, by);
}

export function traceHead(
  { context, left, top }: Pick<IBrush, 'context' | 'left' | 'top'>,
  { x2, y2 }: IStrokes,
  i: number
): void {
  const [x, y] = [x2[i] - left, y2[i] - top];
  context.moveTo(x, y);
  context.lineTo(x - HEAD, y - HEAD / 2);
  context.lineTo(x - HEAD, y + HEAD / 2);
  context.closePath();
}
