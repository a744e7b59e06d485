import { bench, describe } from 'vitest';
import { layoutParts } from '../../labextension/src/editor/pack';

/** A graph as wide as it is long, with wires over many layers. */
function graph(count: number) {
  const boxes = Array.from({ length: count }, (_, at) => ({
    id: String(at),
    width: 232,
    height: 180
  }));
  const links = boxes.slice(1).flatMap((_, at) => [
    { source: String(Math.floor(at / 3)), target: String(at + 1) },
    { source: String(Math.max(0, at - 40)), target: String(at + 1) }
  ]);
  return { boxes, links };
}

describe('layout', () => {
  for (const count of [1000, 5000]) {
    const { boxes, links } = graph(count);
    bench(`${count} tasks`, () => void layoutParts(boxes, links), {
      iterations: 10
    });
  }
});
