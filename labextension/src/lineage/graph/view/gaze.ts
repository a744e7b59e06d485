import { READABLE } from '../paint/lod';
import type { IArea } from '../scene/grid';
import type { Scene } from '../scene/scene';
import type { Camera } from './camera';

/** From which scale on all of a new picture is shown; else the middle of where one begins. */
const WHOLE = 0.35;

/** Where one begins to look at a picture. */
export function beginning(
  camera: Camera,
  scene: Scene,
  anchor: string | null
): [number, number, number] {
  const whole = camera.fitted();
  const v = anchor === null ? undefined : scene.shown.at.get(anchor);
  return whole[2] >= WHOLE || v === undefined
    ? whole
    : camera.filled(...middleOf(scene, v), READABLE);
}

export function middleOf(scene: Scene, v: number): [number, number] {
  const { left, top, right, bottom } = scene.areaOf(v);
  return [(left + right) / 2, (top + bottom) / 2];
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
  const areas = [...verticesOf(scene, ids)].map(v => scene.areaOf(v));
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
