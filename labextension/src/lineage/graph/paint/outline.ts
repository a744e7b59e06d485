import type { IVertex } from '../grouping';

type Path = CanvasRenderingContext2D | Path2D;

/** The shape says what a thing is: artifacts are round, executions have corners, contexts are cut. */
export function trace(
  path: Path,
  { node, group }: IVertex,
  x: number,
  y: number,
  width: number,
  height: number
): void {
  const kind = node?.kind ?? group?.kind;
  if (kind === 'artifact') {
    path.roundRect(x, y, width, height, Math.min(width, height) / 2);
  } else if (kind === 'execution') {
    path.roundRect(x, y, width, height, Math.min(6, height / 5));
  } else {
    const cut = Math.min(12, height / 3);
    path.moveTo(x + cut, y);
    path.lineTo(x + width - cut, y);
    path.lineTo(x + width, y + height / 2);
    path.lineTo(x + width - cut, y + height);
    path.lineTo(x + cut, y + height);
    path.lineTo(x, y + height / 2);
    path.closePath();
  }
}

/** How far a closed group's next cards stand out from behind it, in pixels. */
export const STACK = 4;
