import type { IGraphNode } from '../data';
import type { IVertex } from '../grouping';
import { IBrush } from './brush';
import { colorOf, drawBody, drawSign } from './cards';
import * as facts from './facts';
import { STACK, trace } from './outline';
import type { IWrapped } from './text';

/** The smallest mark, and from what width on a card has room for signs, in pixels of the screen. */
const LEAST = 3;
const SIGNED = 84;
/** The smallest letters, in pixels of the screen, and how much smaller than usual a long name may be. */
const SMALLEST = 9.5;
const SMALLER = 0.88;
/** From line to line, in sizes of the letters, and of the smallest ones; how many lines there are at most. */
const STEP = 1.12;
const TIGHT = 1.06;
const LINES = 3;
/** How far a name keeps from a round end. */
const ROUND = 15;

/** A shape with a sign and a name, in letters that stay as large as they are on the screen. */
export function drawNamed(brush: IBrush, v: number): void {
  const { context, scene, letters, style } = brush;
  const vertex = scene.shown.vertices[v];
  const area = scene.areaOf(v);
  const [x, y] = [area.left - brush.left, area.top - brush.top];
  const [width, height] = [area.right - area.left, area.bottom - area.top];
  drawBody(brush, vertex, x, y, width, height);
  const fitted = fitName(brush, vertex, width, height);
  const { size, step, before, after, lines, sign, hasIcon } = fitted;
  const middle = y + height / 2;
  if (hasIcon) {
    drawSign(brush, vertex, x + 0.55 * size + 14, middle, size);
  }
  context.font = letters.font(size);
  context.fillStyle = style.stateColor(vertex.node?.state ?? null);
  context.fillText(sign, x + width - after, middle);
  context.fillStyle = style.text;
  lines.forEach((line, i) => {
    const down = (i - (lines.length - 1) / 2) * step;
    context.fillText(line, x + before, middle + down);
  });
}

/** A name as it is written into a shape. */
interface IFitted extends IWrapped {
  size: number;
  /** From line to line. */
  step: number;
  /** How far the name keeps from the sides. */
  before: number;
  after: number;
  /** The sign of its state, and whether there is room for that of its kind, too. */
  sign: string;
  hasIcon: boolean;
}

/** Makes a name fit: in smaller letters, then without its icon, before a word is broken or cut. */
function fitName(
  brush: IBrush,
  vertex: IVertex,
  width: number,
  height: number
): IFitted {
  const { scale } = brush;
  const size = sizeAt(scale);
  const small = Math.max(SMALLEST, size * SMALLER);
  const tries: [number, boolean][] =
    width * scale > SIGNED
      ? [
          [size, true],
          [small, true],
          [small, false]
        ]
      : [
          [size, false],
          [small, false]
        ];
  const fitted: IFitted[] = [];
  for (const [pixels, hasIcon] of tries) {
    const one = written(brush, vertex, width, height, pixels, hasIcon);
    if (one.flaw === 'none') {
      return one;
    }
    fitted.push(one);
  }
  return (
    fitted.find(({ flaw }) => flaw === 'broken') ?? fitted[fitted.length - 1]
  );
}

function written(
  { letters, trans, scale }: IBrush,
  { node, group }: IVertex,
  width: number,
  height: number,
  pixels: number,
  hasIcon: boolean
): IFitted {
  const name = node ? node.name : facts.shortTitle(group!, trans);
  const size = pixels / scale;
  const isRound = (node ?? group!).kind === 'artifact';
  const sign = node && width * scale > SIGNED ? stateSignOf(node) : '';
  const side = isRound ? Math.min(height / 4, ROUND) : 8;
  const before = hasIcon ? 1.6 * size + 14 : isRound ? side : 12;
  const after = side + (sign ? 1.2 * size : 0);
  const room = width - before - after;
  const isTight = pixels === SMALLEST;
  const step = size * (isTight ? TIGHT : STEP);
  const most = Math.floor((height - (isTight ? 2 : 4)) / step);
  const wrapped = letters.wrap(
    name,
    room,
    size,
    Math.max(1, Math.min(LINES, most))
  );
  return { size, step, before, after, sign, hasIcon, ...wrapped };
}

/** The sign of a state that is worth a look from here: that all went well is not. */
function stateSignOf(node: IGraphNode): string {
  const isGood = node.kind === 'execution' && node.state === 'COMPLETE';
  return isGood ? '' : facts.stateSign(node.state);
}

/** The size of names in pixels of the screen: a little smaller where there is little room. */
function sizeAt(scale: number): number {
  return Math.min(12, Math.max(SMALLEST, 8 + 7 * scale));
}

/** Marks of one colour each, all at once: there may be thousands. */
export function drawMarks(brush: IBrush, vertices: number[]): void {
  const { context, scene, scale } = brush;
  const colors = new Map<string, Path2D>();
  const least = LEAST / scale;
  const isSmall = scale < 0.12;
  for (const v of vertices) {
    const vertex = scene.shown.vertices[v];
    const color = colorOf(brush, vertex);
    let path = colors.get(color);
    if (!path) {
      colors.set(color, (path = new Path2D()));
    }
    const area = scene.areaOf(v);
    const width = Math.max(area.right - area.left, least);
    const height = Math.max(area.bottom - area.top, least);
    const [x, y] = [area.left - brush.left, area.top - brush.top];
    if (isSmall) {
      path.rect(x, y, width, height);
    } else {
      for (let i = vertex.group ? 2 : 0; i >= 0; i--) {
        trace(
          path,
          vertex,
          x + 2 * i * STACK,
          y + 2 * i * STACK,
          width,
          height
        );
      }
    }
  }
  colors.forEach((path, color) => {
    context.fillStyle = color;
    context.fill(path);
  });
}
