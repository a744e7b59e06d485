import { Layout, Position } from '../editor/document';
import { CARD_WIDTH, ICard } from '../editor/graph';

/** A rectangle on the canvas, in pixels from the origin. */
export interface IRect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** What is left free between cards that are placed for the user. */
const GAP = 32;

/** What is left free between a card and the next one along a wire. */
export const STEP = 72;

export function rectOf(card: ICard): IRect {
  const [x, y] = card.position;
  return { x, y, width: card.width, height: card.height };
}

/** What encloses some boxes; null when there are none. */
export function bounds(boxes: IRect[]): IRect | null {
  if (boxes.length === 0) {
    return null;
  }
  const x = Math.min(...boxes.map(box => box.x));
  const y = Math.min(...boxes.map(box => box.y));
  const right = Math.max(...boxes.map(box => box.x + box.width));
  const bottom = Math.max(...boxes.map(box => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}

/** The nearest free place at or below a wanted one. */
export function freePlace(
  wanted: Position,
  taken: IRect[],
  size = { width: CARD_WIDTH, height: 150 }
): Position {
  const [x] = wanted;
  let [, y] = wanted;
  for (let tries = 0; tries < taken.length + 1; tries++) {
    const hit = taken.find(
      box =>
        x < box.x + box.width + GAP / 2 &&
        box.x < x + size.width + GAP / 2 &&
        y < box.y + box.height + GAP / 2 &&
        box.y < y + size.height + GAP / 2
    );
    if (!hit) {
      break;
    }
    y = hit.y + hit.height + GAP;
  }
  return [x, y];
}

export type Edge = 'left' | 'center' | 'right' | 'top' | 'middle' | 'bottom';

/** Places for cards so that they stand in one line. */
export function aligned(cards: ICard[], edge: Edge): Layout {
  const all = bounds(cards.map(rectOf));
  return new Map(
    all ? cards.map(card => [card.task.name, alignedOne(card, edge, all)]) : []
  );
}

function alignedOne(card: ICard, edge: Edge, all: IRect): Position {
  const [x, y] = card.position;
  switch (edge) {
    case 'left':
      return [all.x, y];
    case 'center':
      return [all.x + (all.width - card.width) / 2, y];
    case 'right':
      return [all.x + all.width - card.width, y];
    case 'top':
      return [x, all.y];
    case 'middle':
      return [x, all.y + (all.height - card.height) / 2];
    case 'bottom':
      return [x, all.y + all.height - card.height];
  }
}

/** Places for cards with the same space between each two. */
export function distributed(cards: ICard[], axis: 'x' | 'y'): Layout {
  const all = bounds(cards.map(rectOf));
  if (!all || cards.length < 3) {
    return new Map();
  }
  const size = axis === 'x' ? 'width' : 'height';
  const sorted = [...cards].sort((a, b) => rectOf(a)[axis] - rectOf(b)[axis]);
  const filled = sorted.reduce((sum, card) => sum + card[size], 0);
  const space = (all[size] - filled) / (cards.length - 1);
  let at = all[axis];
  return new Map(
    sorted.map(card => {
      const [x, y] = card.position;
      const place: Position = axis === 'x' ? [at, y] : [x, at];
      at += card[size] + space;
      return [card.task.name, place];
    })
  );
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The card that is next in a direction; null when there is none. */
export function neighbour(
  cards: ICard[],
  from: ICard,
  direction: Direction
): ICard | null {
  const middle = ({ x, y, width, height }: IRect) => [
    x + width / 2,
    y + height / 2
  ];
  const [x, y] = middle(rectOf(from));
  const ahead = (card: ICard) => {
    const [cx, cy] = middle(rectOf(card));
    const along = { left: x - cx, right: cx - x, up: y - cy, down: cy - y };
    const aside =
      direction === 'left' || direction === 'right'
        ? Math.abs(cy - y)
        : Math.abs(cx - x);
    return { card, along: along[direction], aside };
  };
  const found = cards
    .filter(card => card !== from)
    .map(ahead)
    .filter(({ along, aside }) => along > 10 && along > aside / 3)
    .sort((a, b) => a.along + 2 * a.aside - (b.along + 2 * b.aside));
  return found[0]?.card ?? null;
}
