import { READABLE } from '../paint/lod';
import type { IArea } from '../scene/grid';
import type { Scene } from '../scene/scene';
import type { Camera } from './camera';

/** From which scale on all of a new picture is shown; else the middle of where one begins. */
const WHOLE = 0.4;

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

/** What some nodes lie in; null when none of them is in the picture. */
export function areaAround(scene: Scene, ids: readonly string[]): IArea | null {
  const { at } = scene.shown;
  const areas = ids
    .filter(id => at.has(id))
    .map(id => scene.areaOf(at.get(id)!));
  return areas.length === 0
    ? null
    : {
        left: Math.min(...areas.map(({ left }) => left)),
        top: Math.min(...areas.map(({ top }) => top)),
        right: Math.max(...areas.map(({ right }) => right)),
        bottom: Math.max(...areas.map(({ bottom }) => bottom))
      };
}
