import { iconOf } from '../../../icons';
import type { IGraphNode } from '../data';

/** The size that icons are drawn in. */
const VIEW = 24;

const paths = new Map<string, Path2D>();

/** Draws the icon of an execution's component into a square. */
export function drawIcon(
  context: CanvasRenderingContext2D,
  node: Pick<IGraphNode, 'component' | 'task' | 'name'>,
  x: number,
  y: number,
  size: number
): void {
  const [category, name = ''] = (node.component ?? '').split('/');
  const path = pathOf(iconOf(category, name || node.task || node.name).svgstr);
  context.save();
  context.translate(x, y);
  context.scale(size / VIEW, size / VIEW);
  context.fill(path);
  context.restore();
}

function pathOf(svg: string): Path2D {
  let path = paths.get(svg);
  if (!path) {
    path = new Path2D();
    for (const [, data] of svg.matchAll(/\sd="([^"]+)"/g)) {
      path.addPath(new Path2D(data));
    }
    paths.set(svg, path);
  }
  return path;
}

/** Adds the shape of an artifact's type to the path, as everywhere in CLAIMED. */
export function traceType(
  context: CanvasRenderingContext2D | Path2D,
  type: string,
  x: number,
  y: number,
  size: number
): void {
  const half = size / 2;
  const corners = (points: [number, number][]) =>
    points.forEach(([px, py], i) =>
      i === 0
        ? context.moveTo(x + px * half, y + py * half)
        : context.lineTo(x + px * half, y + py * half)
    );
  if (type === 'Model') {
    corners([
      [0, -1.1],
      [1.1, 0],
      [0, 1.1],
      [-1.1, 0]
    ]);
  } else if (/Metrics$/.test(type)) {
    context.moveTo(x + half, y);
    context.arc(x, y, half, 0, 2 * Math.PI);
  } else if (type === 'HTML' || type === 'Markdown') {
    corners([
      [-0.85, -1],
      [0.25, -1],
      [0.85, -0.4],
      [0.85, 1],
      [-0.85, 1]
    ]);
  } else {
    context.rect(x - half * 0.9, y - half * 0.9, size * 0.9, size * 0.9);
    return;
  }
  context.closePath();
}
