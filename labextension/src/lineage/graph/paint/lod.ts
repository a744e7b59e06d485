/** How much of a node is drawn: a mark, its name, or all of it. */
export type Detail = 'far' | 'middle' | 'near';

/** From which scale on names, and whole cards, can be read. */
const NAMES = 0.22;
const CARDS = 0.7;

export function detailAt(scale: number): Detail {
  return scale >= CARDS ? 'near' : scale >= NAMES ? 'middle' : 'far';
}

/** Below this scale regions get a label instead. */
export const REGIONS = 0.07;

/** The smallest scale at which a card can be read. */
export const READABLE = 0.85;
