import type { IShown } from '../grouping';
import { placeBeside } from '../layout/beside';
import type { ILayout, ILayoutInput } from '../layout/shapes';
import { CARD, heightOf } from './boxes';
import { IPlacement, Scene } from './scene';

/** What is to be laid out of what is shown. */
export function inputOf({ vertices, sources, targets }: IShown): ILayoutInput {
  return {
    widths: new Float32Array(vertices.length).fill(CARD.width),
    heights: Float32Array.from(vertices, heightOf),
    sources,
    targets
  };
}

export function sceneOf(shown: IShown, layout: ILayout): Scene {
  return new Scene(shown, layout, inputOf(shown).heights);
}

/** The picture with what is shown now: what was there stays where it was, the rest finds a spot beside. */
export function sceneBeside(old: Scene, shown: IShown): Scene {
  const input = inputOf(shown);
  const { x, y } = old.placement;
  const before = oldNumbers(old.shown, shown);
  // What grew in the store meanwhile would grow into what lies below.
  before.forEach((was, v) => {
    input.heights[v] = was < 0 ? input.heights[v] : old.heights[was];
  });
  if (isSame(old.shown, shown, before)) {
    return old.with(shown);
  }
  const spots = {
    x: Float64Array.from(before, v => (v < 0 ? NaN : x[v])),
    y: Float64Array.from(before, v => (v < 0 ? NaN : y[v]))
  };
  placeBeside(input, spots, old.placement);
  const placement: IPlacement = {
    ...spots,
    ...keptWays(old, shown, before),
    placeX: old.placement.placeX,
    placeY: old.placement.placeY
  };
  return new Scene(shown, placement, input.heights);
}

/** Whether only what nodes say is other than it was. */
function isSame(
  old: IShown,
  { vertices, sources, targets }: IShown,
  before: Int32Array
): boolean {
  const areEqual = (one: ArrayLike<number>, two: ArrayLike<number>) =>
    one.length === two.length &&
    Array.prototype.every.call(one, (value, i) => value === two[i]);
  return (
    vertices.length === old.vertices.length &&
    before.every((was, v) => was === v) &&
    areEqual(sources, old.sources) &&
    areEqual(targets, old.targets)
  );
}

/** The number that each vertex had; -1 for new ones. A new group takes the place of what it takes in. */
function oldNumbers(old: IShown, shown: IShown): Int32Array {
  const single = (id: string) => {
    const v = old.at.get(id);
    return v !== undefined && old.vertices[v].id === id ? v : -1;
  };
  return Int32Array.from(shown.vertices, ({ id, group }) => {
    const was = single(id);
    const member = group?.members.find(node => single(node.id) >= 0);
    return was < 0 && member ? single(member.id) : was;
  });
}

/** The ways of edges that were there; new ones go straight. */
function keptWays(
  { shown: old, placement }: Scene,
  { sources, targets }: IShown,
  before: Int32Array
): { first: Int32Array; last: Int32Array } {
  const count = old.vertices.length;
  const known = new Map<number, number>();
  placement.first.forEach((first, edge) => {
    if (first >= 0) {
      known.set(old.sources[edge] * count + old.targets[edge], edge);
    }
  });
  const first = new Int32Array(sources.length).fill(-1);
  const last = first.slice();
  for (let edge = 0; edge < sources.length && known.size > 0; edge++) {
    const [from, to] = [before[sources[edge]], before[targets[edge]]];
    const was = from < 0 || to < 0 ? undefined : known.get(from * count + to);
    if (was !== undefined) {
      first[edge] = placement.first[was];
      last[edge] = placement.last[was];
    }
  }
  return { first, last };
}
