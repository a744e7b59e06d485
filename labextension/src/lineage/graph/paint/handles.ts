import type { Direction } from '../data';
import type { Scene } from '../scene/scene';
import { IArea } from '../scene/grid';
import { IBrush } from './brush';

/** The tab that hangs from a card where more can be shown. */
const TAB = { width: 46, height: 17, in: 10 };

const SIZE = 10.5;

/** Where the tab of a side is. */
export function tabArea(scene: Scene, v: number, side: Direction): IArea {
  const { left, right, bottom } = scene.areaOf(v);
  const x = side === 'up' ? left + TAB.in : right - TAB.in - TAB.width;
  const top = bottom - TAB.height / 2 + 3;
  return { left: x, top, right: x + TAB.width, bottom: top + TAB.height };
}

/** What is written on it. */
export function tabText(side: Direction, count: number): string {
  const number = count > 999 ? '999+' : `+${count}`;
  return side === 'up' ? `‹ ${number}` : `${number} ›`;
}

/** Tabs for neighbours that are in the store and not here. */
export function drawTabs(brush: IBrush, v: number): void {
  const { context, scene, style, letters, missing } = brush;
  const { node } = scene.shown.vertices[v];
  for (const side of ['up', 'down'] as const) {
    const count = node ? missing(node.id, side) : 0;
    if (count === 0) {
      continue;
    }
    const { left, top, right, bottom } = tabArea(scene, v, side);
    const [x, y] = [left - brush.left, top - brush.top];
    context.beginPath();
    context.roundRect(x, y, right - left, bottom - top, TAB.height / 2);
    context.fillStyle = style.raised;
    context.strokeStyle = style.border;
    context.lineWidth = 1;
    context.fill();
    context.stroke();
    context.font = letters.font(SIZE, true);
    context.fillStyle = style.text;
    context.textAlign = 'center';
    context.fillText(
      tabText(side, count),
      x + TAB.width / 2,
      y + TAB.height / 2 + 0.5
    );
    context.textAlign = 'start';
  }
}
