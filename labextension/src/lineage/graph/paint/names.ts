import { GAP } from '../layout/shapes';
import { FADED, IBrush, isEdgeLit } from './brush';
import { STACK } from './outline';

const SIZE = 10;
/** What a name may take of the gap between columns. */
const ROOM = GAP.column - 26;
/** How near two names may come before the later one is left out. */
const APART = 11;

/** The names of inputs and outputs, at the side of the execution that they belong to. */
export function drawEdgeNames(brush: IBrush, vertices: number[]): void {
  const { context, scene, letters, style } = brush;
  const { into, out } = scene.edgesOf;
  context.font = letters.font(SIZE);
  context.fillStyle = style.quiet;
  context.strokeStyle = style.background;
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.textBaseline = 'middle';
  for (const v of vertices) {
    const { node, group } = scene.shown.vertices[v];
    if ((node ?? group!).kind === 'artifact') {
      continue;
    }
    const { left, right } = scene.areaOf(v);
    for (const [sides, heights, x, side] of [
      [into, scene.ports.meets, left - 11, 'right'],
      [out, scene.ports.leaves, right + (group ? 2 * STACK : 0) + 7, 'left']
    ] as const) {
      context.textAlign = side;
      drawSide(
        brush,
        sides.items.subarray(sides.start[v], sides.start[v + 1]),
        heights,
        x
      );
    }
  }
  context.textAlign = 'start';
}

function drawSide(
  brush: IBrush,
  edges: Int32Array,
  heights: Float64Array,
  x: number
): void {
  const { context, letters, left, top, scene } = brush;
  let before = -Infinity;
  for (const edge of [...edges].sort((a, b) => heights[a] - heights[b])) {
    const { names } = scene.shown;
    if (names[edge] && heights[edge] - before >= APART) {
      context.globalAlpha = isEdgeLit(brush, edge) ? 1 : FADED;
      const name = letters.fit(names[edge], ROOM, SIZE);
      // A rim in the background's colour keeps wires away from the letters.
      context.strokeText(name, x - left, heights[edge] - top - 7);
      context.fillText(name, x - left, heights[edge] - top - 7);
      before = heights[edge];
    }
  }
  context.globalAlpha = 1;
}
