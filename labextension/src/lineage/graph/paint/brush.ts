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
  /** The vertices that stand out; null when none does. */
  lit: ReadonlySet<number> | null;
  /** How many neighbours of a node are not shown. */
  missing: (id: string, direction: 'up' | 'down') => number;
  /** The corner of what is painted: taken off, so that numbers stay small enough to be exact. */
  left: number;
  top: number;
}

/** How much of what does not stand out is still to be seen. */
export const FADED = 0.18;

/** Whether a vertex stands out, or nothing does. */
export function isLit({ lit }: IBrush, v: number): boolean {
  return lit === null || lit.has(v);
}

/** Whether an edge is between two that stand out, or nothing does. */
export function isEdgeLit(brush: IBrush, edge: number): boolean {
  const { sources, targets } = brush.scene.shown;
  return isLit(brush, sources[edge]) && isLit(brush, targets[edge]);
}
