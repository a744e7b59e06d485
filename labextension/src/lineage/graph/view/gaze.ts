import { READABLE } from '../paint/lod';
import { CARD } from '../scene/boxes';
import type { IArea } from '../scene/grid';
import type { Scene } from '../scene/scene';
import type { Camera } from './camera';

/** From which scale on all of a new picture is shown, and how small a part of it may be. */
const WHOLE = 0.35;
const NAMED = 0.5;

/** How many edges there are from what one asked for to what is seen with it: past one execution. */
const STEPS = 2;

/**
 * Where one begins to look at a picture: all of it, if it can be read. Else
 * what one asked for and what is about it, as large as there is room for it;
 * where one asked for many, as many of them as can be read.
 *
 * anchor: what is to be in sight in any case.  start: what one asked for; none
 * is all nodes.
 */
export function beginning(
  camera: Camera,
  scene: Scene,
  anchor: string | null,
  start: ReadonlySet<string>
): [number, number, number] {
  const whole = camera.fitted();
  if (whole[2] >= WHOLE) {
    return whole;
  }
  const starts = [...verticesOf(scene, [...start])];
  // Of several none is more asked for than the others.
  const only = starts.length === 1 ? starts[0] : -1;
  const v = scene.shown.at.get(anchor ?? '') ?? only;
  if (v < 0) {
    const all = scene.shown.vertices.map((_, w) => w);
    const most = mostIn(camera, scene, starts.length ? starts : all);
    return camera.filled(...most, NAMED);
  }
  const near = around(scene, [...neighbours(scene, v)])!;
  const fit = camera.around(near)[2];
  const middle = fit >= NAMED ? centre(near) : middleOf(scene, v);
  return camera.filled(...middle, Math.max(NAMED, Math.min(READABLE, fit)));
}

/** A vertex and what is a few edges from it. */
function neighbours({ edgesOf, shown }: Scene, v: number): Set<number> {
  const found = new Set([v]);
  const sides = [
    [edgesOf.into, shown.sources],
    [edgesOf.out, shown.targets]
  ] as const;
  for (const [{ start, items }, ends] of sides) {
    let last = [v];
    for (let step = 0; step < STEPS; step++) {
      last = last.flatMap(w =>
        Array.from(items.subarray(start[w], start[w + 1]), edge => ends[edge])
      );
      last.forEach(w => found.add(w));
    }
  }
  return found;
}

/** The middle of the place where the most of some vertices are seen at once. */
function mostIn(
  { width, height }: Camera,
  scene: Scene,
  vertices: readonly number[]
): [number, number] {
  const at = new Map(vertices.map(v => [v, middleOf(scene, v)]));
  const columns = densest(vertices, v => at.get(v)![0], width / NAMED);
  const rows = densest(columns, v => at.get(v)![1], height / NAMED);
  const area = around(scene, rows);
  return area ? centre(area) : [0, 0];
}

/** The most that lie within some room along a line; the first where there are several such. */
function densest(
  vertices: readonly number[],
  place: (v: number) => number,
  room: number
): number[] {
  const sorted = [...vertices].sort((a, b) => place(a) - place(b));
  const within = Math.max(0, room - CARD.width);
  let [first, from, most] = [0, 0, 0];
  sorted.forEach((v, to) => {
    while (place(v) - place(sorted[first]) > within) {
      first++;
    }
    if (to + 1 - first > most) {
      [from, most] = [first, to + 1 - first];
    }
  });
  return sorted.slice(from, from + most);
}

function centre({ left, top, right, bottom }: IArea): [number, number] {
  return [(left + right) / 2, (top + bottom) / 2];
}

export function middleOf(scene: Scene, v: number): [number, number] {
  return centre(scene.areaOf(v));
}

/** The vertices that show some nodes, as far as they are in the picture. */
export function verticesOf(
  { shown }: Scene,
  ids: readonly string[]
): Set<number> {
  const found = ids.map(id => shown.at.get(id) ?? -1);
  return new Set(found.filter(v => v >= 0));
}

/** What some nodes lie in; null when none of them is in the picture. */
export function areaAround(scene: Scene, ids: readonly string[]): IArea | null {
  return around(scene, [...verticesOf(scene, ids)]);
}

/** What some vertices lie in; null without any. */
function around(scene: Scene, vertices: readonly number[]): IArea | null {
  const areas = vertices.map(v => scene.areaOf(v));
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  return areas.length === 0
    ? null
    : {
        left: least(areas.map(({ left }) => left)),
        top: least(areas.map(({ top }) => top)),
        right: most(areas.map(({ right }) => right)),
        bottom: most(areas.map(({ bottom }) => bottom))
      };
}
