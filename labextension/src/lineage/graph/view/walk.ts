import type { Scene } from '../scene/scene';

export type Step = 'left' | 'right' | 'up' | 'down';

/** How much a step aside counts against one in the direction that is meant. */
const ASIDE = 3;

/**
 * Where an arrow key leads from a vertex: along an edge to the left or right,
 * to the next one of the column up or down; -1 where nothing is.
 */
export function walk(scene: Scene, v: number, step: Step): number {
  if (step === 'left' || step === 'right') {
    return alongEdge(scene, v, step);
  }
  const from = middle(scene, v);
  const near = { ...scene.areaOf(v) };
  let [best, least] = [-1, Infinity];
  for (let reach = 400; best < 0 && reach < 1e7; reach *= 4) {
    const area =
      step === 'up'
        ? { ...near, top: near.top - reach }
        : { ...near, bottom: near.bottom + reach };
    for (const w of scene.verticesIn(area)) {
      const away = (middle(scene, w).y - from.y) * (step === 'up' ? -1 : 1);
      if (w !== v && away > 0 && away < least) {
        [best, least] = [w, away];
      }
    }
  }
  return best;
}

/** The neighbour whose edge is nearest to the vertex's own height. */
function alongEdge(scene: Scene, v: number, step: 'left' | 'right'): number {
  const { sources, targets } = scene.shown;
  const isLeft = step === 'left';
  const { start, items } = isLeft ? scene.edgesOf.into : scene.edgesOf.out;
  const ends = isLeft ? sources : targets;
  const from = middle(scene, v);
  let [best, least] = [-1, Infinity];
  for (let slot = start[v]; slot < start[v + 1]; slot++) {
    const w = ends[items[slot]];
    const to = middle(scene, w);
    const away = Math.abs(to.x - from.x) + ASIDE * Math.abs(to.y - from.y);
    if (away < least) {
      [best, least] = [w, away];
    }
  }
  return best;
}

/** The vertex nearest to a point. */
export function nearest(scene: Scene, x: number, y: number): number {
  for (let reach = 100; scene.size > 0 && reach < 1e9; reach *= 4) {
    const found = scene.hit(x, y, reach);
    if (found >= 0) {
      return found;
    }
  }
  return -1;
}

function middle(scene: Scene, v: number): { x: number; y: number } {
  const { left, top, right, bottom } = scene.areaOf(v);
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}
