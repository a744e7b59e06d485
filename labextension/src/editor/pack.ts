import { IBox, IGap, ILink, layoutGraph } from './layout';

type Places = Map<string, [number, number]>;

/** From how many times as high as wide on a layout is packed. */
const TALL = 1.5;

/** How wide a packed layout is to be for its height. */
const ASPECT = 1.6;

/**
 * Places boxes along their links, and parts that no link joins beside each
 * other where one below the other would make a tower.
 */
export function layoutParts(
  boxes: IBox[],
  links: ILink[],
  gap: IGap = { x: 72, y: 28 }
): Places {
  const whole = layoutGraph(boxes, links, gap);
  const size = extent(whole, boxes);
  return size.height > size.width * TALL
    ? pack(partsOf(boxes, links), links, gap)
    : whole;
}

/** Lays out each part, and puts them in rows, in their order. */
function pack(parts: IBox[][], links: ILink[], gap: IGap): Places {
  const laid = parts.map(part => {
    const names = new Set(part.map(({ id }) => id));
    const own = links.filter(({ source }) => names.has(source));
    const places = layoutGraph(part, own, gap);
    return { places, ...extent(places, part) };
  });
  const area = laid.reduce(
    (sum, { width, height }) => sum + (width + gap.x) * (height + gap.y),
    0
  );
  const widest = Math.max(...laid.map(({ width }) => width));
  const room = Math.max(widest, Math.sqrt(area * ASPECT));
  const all: Places = new Map();
  let [left, top, row] = [0, 0, 0];
  for (const { places, width, height } of laid) {
    if (left > 0 && left + width > room) {
      [left, top, row] = [0, top + row + gap.y, 0];
    }
    for (const [id, [x, y]] of places) {
      all.set(id, [x + left, y + top]);
    }
    left += width + gap.x;
    row = Math.max(row, height);
  }
  return all;
}

/** The boxes that links join, near and far; in the order of the boxes. */
function partsOf(boxes: IBox[], links: ILink[]): IBox[][] {
  const leader = new Map(boxes.map(({ id }) => [id, id]));
  const find = (id: string): string => {
    let top = id;
    while (leader.get(top) !== top) {
      top = leader.get(top)!;
    }
    leader.set(id, top);
    return top;
  };
  for (const { source, target } of links) {
    if (leader.has(source) && leader.has(target)) {
      leader.set(find(target), find(source));
    }
  }
  const parts = new Map<string, IBox[]>();
  for (const box of boxes) {
    const top = find(box.id);
    parts.set(top, [...(parts.get(top) ?? []), box]);
  }
  return [...parts.values()];
}

function extent(
  places: Places,
  boxes: IBox[]
): { width: number; height: number } {
  let [width, height] = [0, 0];
  for (const box of boxes) {
    const [x, y] = places.get(box.id)!;
    width = Math.max(width, x + box.width);
    height = Math.max(height, y + box.height);
  }
  return { width, height };
}
