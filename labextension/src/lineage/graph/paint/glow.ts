import { IBrush, isEdgeLit } from './brush';
import { drawTabs, looseTabs } from './handles';
import { detailAt } from './lod';
import { drawEdgeNames } from './names';
import { trace } from './outline';
import { traceHead, traceStroke, wireColor } from './wires';

/** How many wires of one node are drawn anew in each frame, at most. */
const MANY = 400;

/** From how many on they are drawn thinner. */
const CROWD = 60;

/** What is drawn on top of the picture in each frame. */
export interface IGlow {
  selected: number;
  hovered: number;
  /** The vertices that just came, and how fresh they are, from 1 to 0. */
  fresh: readonly number[];
  freshness: number;
  hasFocus: boolean;
}

export function drawGlow(brush: IBrush, glow: IGlow): void {
  const { context, style } = brush;
  const { selected, hovered, fresh, freshness } = glow;
  context.textBaseline = 'middle';
  if (freshness > 0) {
    context.globalAlpha = freshness;
    fresh.forEach(v => ring(brush, v, style.brand, 2.5, 4));
    context.globalAlpha = 1;
  }
  for (const v of new Set([selected, hovered])) {
    if (v >= 0) {
      // While a path stands out, only the pointer brings out what is not on it.
      const isAll = v === hovered || brush.lit === null;
      drawWiresOf(brush, v, isAll);
    }
  }
  if (detailAt(brush.scale) === 'near') {
    const ends = [selected, hovered].filter(v => v >= 0);
    drawEdgeNames(brush, [...new Set(ends.flatMap(v => around(brush, v)))]);
  }
  if (hovered >= 0 && hovered !== selected) {
    ring(brush, hovered, style.quiet, 1.5, 2);
  }
  if (selected >= 0) {
    ring(brush, selected, style.brand, glow.hasFocus ? 3 : 2, 3);
    if (detailAt(brush.scale) === 'near') {
      drawTabs(brush, selected);
    }
  }
  looseTabs(brush.scale, selected, hovered).forEach(v => drawTabs(brush, v));
}

function ring(
  { context, scene, scale, left, top }: IBrush,
  v: number,
  color: string,
  thick: number,
  away: number
): void {
  const area = scene.areaOf(v);
  const out = away / scale;
  context.lineWidth = thick / scale;
  context.strokeStyle = color;
  context.beginPath();
  trace(
    context,
    scene.shown.vertices[v],
    area.left - left - out,
    area.top - top - out,
    area.right - area.left + 2 * out,
    area.bottom - area.top + 2 * out
  );
  context.stroke();
}

/** The edges of a vertex, or as many of them as can be drawn in each frame. */
function edgesOf({ scene }: IBrush, v: number): number[] {
  const { out, into } = scene.edgesOf;
  return [out, into].flatMap(({ start, items }) =>
    Array.from(
      items.subarray(start[v], Math.min(start[v + 1], start[v] + MANY))
    )
  );
}

/** A vertex and its neighbours. */
function around(brush: IBrush, v: number): number[] {
  const { sources, targets } = brush.scene.shown;
  const ends = edgesOf(brush, v).flatMap(e => [sources[e], targets[e]]);
  return [v, ...ends];
}

/** The wires of one node, all the way. */
function drawWiresOf(brush: IBrush, v: number, isAll: boolean): void {
  const { context, scene, scale } = brush;
  const edges = edgesOf(brush, v).filter(e => isAll || isEdgeLit(brush, e));
  const isCrowd = edges.length > CROWD;
  context.lineWidth = Math.max(
    isCrowd ? 1.5 : 2.5,
    (isCrowd ? 1 : 1.6) / scale
  );
  context.globalAlpha = isCrowd ? 0.5 : 1;
  for (const edge of edges) {
    const way = scene.wayOf(edge);
    context.strokeStyle = context.fillStyle = wireColor(brush, edge);
    context.beginPath();
    for (let i = 0; i < way.count; i++) {
      traceStroke(brush, way, i, false);
    }
    context.stroke();
    if (scale > 0.3) {
      context.beginPath();
      traceHead(brush, way, way.count - 1);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}
