import { ASPECT } from './fold';

/** The size of a part, and where it is put. */
export interface IBounds {
  width: Float64Array;
  height: Float64Array;
  left: Float64Array;
  top: Float64Array;
}

/** Between parts that nothing joins. */
const MARGIN = 72;

/** Puts parts in rows, the highest first, so that the whole is about as wide as a screen. */
export function packParts(width: Float64Array, height: Float64Array): IBounds {
  const count = width.length;
  const left = new Float64Array(count);
  const top = new Float64Array(count);
  let [area, widest] = [0, 0];
  for (let part = 0; part < count; part++) {
    area += (width[part] + MARGIN) * (height[part] + MARGIN);
    widest = Math.max(widest, width[part]);
  }
  const room = Math.max(widest, Math.sqrt(area * ASPECT));
  const order = Array.from({ length: count }, (_, part) => part);
  order.sort((a, b) => height[b] - height[a] || a - b);
  let [x, y, row] = [0, 0, 0];
  for (const part of order) {
    if (x > 0 && x + width[part] > room) {
      [x, y, row] = [0, y + row + MARGIN, 0];
    }
    left[part] = x;
    top[part] = y;
    x += width[part] + MARGIN;
    row = Math.max(row, height[part]);
  }
  return { width, height, left, top };
}
