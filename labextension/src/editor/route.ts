import { EdgeProps, getBezierPath } from '@xyflow/react';
import { Position } from './document';

/** How far a wire bends where it goes through a point, in pixels. */
const BEND = 20;

/** The points of a wire, with both its ends. */
export function ends(edge: EdgeProps, via: Position[]): Position[] {
  return [[edge.sourceX, edge.sourceY], ...via, [edge.targetX, edge.targetY]];
}

/** The way of a wire through its points, and the middle of it. */
export function route(
  edge: EdgeProps,
  via: Position[]
): { path: string; middle: Position } {
  if (via.length === 0) {
    const [path, x, y] = getBezierPath(edge);
    return { path, middle: [x, y] };
  }
  const [first, ...rest] = ends(edge, via);
  let path = `M${first[0]},${first[1]}`;
  let [x, y] = first;
  for (const [nextX, nextY] of rest) {
    const bend = Math.max(BEND, Math.abs(nextX - x) / 2);
    path += ` C${x + bend},${y} ${nextX - bend},${nextY} ${nextX},${nextY}`;
    [x, y] = [nextX, nextY];
  }
  return { path, middle: via[Math.floor(via.length / 2)] };
}
