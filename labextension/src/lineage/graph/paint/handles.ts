import type { Direction } from '../data';
import type { IArea } from '../scene/grid';
import type { Scene } from '../scene/scene';
import { IBrush } from './brush';
import { detailAt } from './lod';

/** What hangs from a card: more of a side, or the way back into its group. */
export type Tab = Direction | 'group';

const TABS: Tab[] = ['up', 'down', 'group'];
/** Their size in pixels; how far they keep from a card's sides, from each other, and reach under it. */
const SIZE = { width: 46, height: 17, in: 12, apart: 2, under: 2 };
const LETTERS = 10.5;

/** A tab, how many it stands for, and where it is. */
export interface ITab {
  tab: Tab;
  count: number;
  area: IArea;
}

/**
 * The tabs that a vertex has, below its card. Where cards are smaller than
 * they are read, tabs keep the size that they have on the screen.
 */
export function tabsOf(
  scene: Scene,
  v: number,
  missing: IBrush['missing'],
  scale: number
): ITab[] {
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
  const unit = unitAt(scale);
  return TABS.filter(tab => counts[tab] > 0).map(tab => {
    const area = tabArea(scene.areaOf(v), tab, unit, counts.group > 0);
    return { tab, count: counts[tab], area };
  });
}

/** The vertices whose tabs lie on top of the picture: between small cards there is no room for all. */
export function looseTabs(
  scale: number,
  selected: number,
  hovered: number
): number[] {
  const which = {
    near: [],
    middle: [selected, hovered],
    far: [selected] // the pointer is on some mark wherever it is
  }[detailAt(scale)];
  return [...new Set<number>(which)].filter(v => v >= 0);
}

/** How large a pixel of a tab is in the picture. */
function unitAt(scale: number): number {
  return detailAt(scale) === 'near' ? 1 : 1 / scale;
}

/** In the corners of a card; beside each other where that is too narrow. */
function tabArea(
  { left, right, bottom }: IArea,
  tab: Tab,
  unit: number,
  hasGroup: boolean
): IArea {
  const { width, height } = {
    width: SIZE.width * unit,
    height: SIZE.height * unit
  };
  const middle = (left + right) / 2;
  const aside =
    (SIZE.apart * unit + (hasGroup ? width + SIZE.apart * unit : 0)) / 2;
  const inner = SIZE.in * unit;
  const x = {
    up: Math.min(left + inner, middle - aside - width),
    down: Math.max(right - inner - width, middle + aside),
    group: middle - width / 2
  }[tab];
  const top = bottom - SIZE.under * unit;
  return { left: x, top, right: x + width, bottom: top + height };
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
  const { context, scene, style, letters, missing, scale } = brush;
  const unit = unitAt(scale);
  for (const { tab, count, area } of tabsOf(scene, v, missing, scale)) {
    const [x, y] = [area.left - brush.left, area.top - brush.top];
    const [width, height] = [area.right - area.left, area.bottom - area.top];
    context.beginPath();
    context.roundRect(x, y, width, height, [0, 0, 7 * unit, 7 * unit]);
    context.fillStyle = style.raised;
    context.strokeStyle = style.border;
    context.lineWidth = unit;
    context.fill();
    context.stroke();
    context.font = letters.font(LETTERS * unit, true);
    context.fillStyle = style.text;
    context.textAlign = 'center';
    context.fillText(tabText(tab, count), x + width / 2, y + height / 2 + unit);
    context.textAlign = 'start';
  }
}
