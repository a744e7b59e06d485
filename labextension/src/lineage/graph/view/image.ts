import { paintArea } from '../paint/painter';
import type { Stage } from './stage';

/** What browsers can still make of a canvas, in pixels. */
const LONGEST = 8000;
const LARGEST = 40_000_000;
const MARGIN = 40;

/** The whole picture as a PNG, as large as it can be read where that is possible. */
export function pictureOf(stage: Stage): Promise<Blob> {
  const { left, top, right, bottom } = stage.scene.bounds;
  const wide = right - left + 2 * MARGIN;
  const high = bottom - top + 2 * MARGIN;
  const scale = Math.min(
    2,
    LONGEST / Math.max(wide, high),
    Math.sqrt(LARGEST / (wide * high))
  );
  const canvas = document.createElement('canvas');
  canvas.width = Math.ceil(wide * scale);
  canvas.height = Math.ceil(high * scale);
  const context = canvas.getContext('2d')!;
  const [x, y] = [left - MARGIN, top - MARGIN];
  const brush = stage.brush(context, scale, x, y);
  context.fillStyle = brush.style.background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const area = { left: x, top: y, right: x + wide, bottom: y + high };
  paintArea(brush, area);
  return new Promise((resolve, reject) =>
    canvas.toBlob(blob =>
      blob
        ? resolve(blob)
        : reject(
            new Error(stage.trans.__('The picture is too large to be saved'))
          )
    )
  );
}
