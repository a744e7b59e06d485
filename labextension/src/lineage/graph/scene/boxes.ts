import type { IVertex } from '../grouping';

/** The measures of cards in pixels at full size. */
export const CARD = {
  width: 208,
  artifact: 60,
  /** An artifact whose name takes two lines. */
  named: 76,
  execution: 78,
  highest: 206
};

/** How many letters of an artifact's name have room in one line, about. */
const LETTERS = 19;

/** The room of a port at the side of an execution. */
const PORT = 17;

/**
 * How high a card is. What the whole store has on its sides decides, not what
 * is shown, so that a card stays as it is when more of its sides is shown.
 */
export function heightOf({ node, group }: IVertex): number {
  if (node?.kind === 'artifact' || group?.kind === 'artifact') {
    return (node?.name.length ?? 0) > LETTERS ? CARD.named : CARD.artifact;
  }
  const ports = node ? Math.max(node.up, node.down) : 0;
  const wanted = 26 + PORT * ports;
  return Math.min(CARD.highest, Math.max(CARD.execution, wanted));
}
