import { TranslationBundle } from '@jupyterlab/translation';
import type { Scene } from '../scene/scene';
import type { IStyle } from './style';
import type { Letters } from './text';

/** What is known while a piece of the picture is painted. */
export interface IBrush {
  context: CanvasRenderingContext2D;
  scene: Scene;
  style: IStyle;
  letters: Letters;
  trans: TranslationBundle;
  /** Pixels of the screen for one of the picture. */
  scale: number;
  /** What stands out; null when nothing does. */
  lit: ReadonlySet<string> | null;
  /** How many neighbours of a node are not shown. */
  missing: (id: string, direction: 'up' | 'down') => number;
  /** The corner of what is painted: taken off, so that numbers stay small enough to be exact. */
  left: number;
  top: number;
}

/** How much of what does not stand out is still to be seen. */
export const FADED = 0.18;

/** Whether a vertex stands out, or nothing does. */
export function isLit({ scene, lit }: IBrush, v: number): boolean {
  if (!lit) {
    return true;
  }
  const { id, group } = scene.shown.vertices[v];
  return lit.has(id) || !!group?.members.some(node => lit.has(node.id));
}
