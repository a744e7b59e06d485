import type { IGraphNode } from '../data';
import { IBrush } from './brush';
import { colorOf, drawBody, drawSign } from './cards';
import * as facts from './facts';
import { STACK, trace } from './outline';

/** The smallest mark, and from what width on a card has room for a sign, in pixels of the screen. */
const LEAST = 3;
const SIGNED = 84;

/** A shape with a sign and a name, in letters that stay as large as they are on the screen. */
export function drawNamed(brush: IBrush, v: number): void {
  const { context, scene, letters, style, scale, trans } = brush;
  const vertex = scene.shown.vertices[v];
  const area = scene.areaOf(v);
  const [x, y] = [area.left - brush.left, area.top - brush.top];
  const [width, height] = [area.right - area.left, area.bottom - area.top];
  drawBody(brush, vertex, x, y, width, height);
  const { node, group } = vertex;
  const name = node ? node.name : facts.shortTitle(group!, trans);
  const isRound = (node ?? group!).kind === 'artifact';
  const size = sizeAt(scale) / scale;
  const hasSign = width * scale > SIGNED;
  const before = hasSign ? 1.6 * size + 14 : isRound ? height / 4 : 12;
  const sign = hasSign && node ? stateSignOf(node) : '';
  const after = (isRound ? height / 4 : 8) + (sign ? 1.2 * size : 0);
  const room = width - before - after;
  const lines = Math.floor((height - 4) / (size * 1.12));
  const broken = letters.wrap(
    name,
    room,
    size,
    Math.max(1, Math.min(3, lines))
  );
  if (hasSign) {
    drawSign(brush, vertex, x + 0.55 * size + 14, y + height / 2, size);
  }
  context.font = letters.font(size);
  context.fillStyle = style.stateColor(node?.state ?? null);
  context.fillText(sign, x + width - after, y + height / 2);
  context.fillStyle = style.text;
  broken.forEach((line, i) => {
    const down = (i - (broken.length - 1) / 2) * size * 1.12;
    context.fillText(line, x + before, y + height / 2 + down);
  });
}

/** The sign of a state that is worth a look from here: that all went well is not. */
function stateSignOf(node: IGraphNode): string {
  const isGood = node.kind === 'execution' && node.state === 'COMPLETE';
  return isGood ? '' : facts.stateSign(node.state);
}

/** The size of names in pixels of the screen: a little smaller where there is little room. */
function sizeAt(scale: number): number {
  return Math.min(12, Math.max(9.5, 8 + 7 * scale));
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
