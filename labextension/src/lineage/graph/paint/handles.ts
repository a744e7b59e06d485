import type { Direction } from '../data';
import type { IArea } from '../scene/grid';
import type { Scene } from '../scene/scene';
import { IBrush } from './brush';

/** What hangs from a card: more of a side, or the way back into its group. */
export type Tab = Direction | 'group';

const TABS: Tab[] = ['up', 'down', 'group'];
const SIZE = { width: 46, height: 17, in: 12 };
const LETTERS = 10.5;

/** How many each tab of a vertex stands for; only those that it has. */
export function tabsOf(
  scene: Scene,
  v: number,
  missing: IBrush['missing']
): [Tab, number][] {
  const { vertices, groupOf } = scene.shown;
  const { node } = vertices[v];
  if (!node) {
    return [];
  }
  const counts: { [tab in Tab]: number } = {
    up: missing(node.id, 'up'),
    down: missing(node.id, 'down'),
    group: groupOf.get(node.id)?.members.length ?? 0
  };
  return TABS.filter(tab => counts[tab] > 0).map(tab => [tab, counts[tab]]);
}

/** Where a tab is, below its card. */
export function tabArea(scene: Scene, v: number, tab: Tab): IArea {
  const { left, right, bottom } = scene.areaOf(v);
  const x = {
    up: left + SIZE.in,
    down: right - SIZE.in - SIZE.width,
    group: (left + right - SIZE.width) / 2
  }[tab];
  const top = bottom - 2;
  return { left: x, top, right: x + SIZE.width, bottom: top + SIZE.height };
}

/** What is written on it. */
export function tabText(tab: Tab, count: number): string {
  const number = count > 999 ? '999+' : String(count);
  return { up: `‹ +${number}`, down: `+${number} ›`, group: `− ${number}` }[
    tab
  ];
}

/** Tabs for neighbours that are in the store and not here, and to close a group. */
export function drawTabs(brush: IBrush, v: number): void {
  const { context, scene, style, letters, missing } = brush;
  for (const [tab, count] of tabsOf(scene, v, missing)) {
    const area = tabArea(scene, v, tab);
    const [x, y] = [area.left - brush.left, area.top - brush.top];
    context.beginPath();
    context.roundRect(x, y, SIZE.width, SIZE.height, [0, 0, 7, 7]);
    context.fillStyle = style.raised;
    context.strokeStyle = style.border;
    context.lineWidth = 1;
    context.fill();
    context.stroke();
    context.font = letters.font(LETTERS, true);
    context.fillStyle = style.text;
    context.textAlign = 'center';
    const [middle, line] = [x + SIZE.width / 2, y + SIZE.height / 2 + 1];
    context.fillText(tabText(tab, count), middle, line);
    context.textAlign = 'start';
  }
}
