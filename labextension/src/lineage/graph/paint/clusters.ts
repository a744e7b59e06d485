import type { IVertex } from '../grouping';
import { plainType } from '../data';
import type { Scene } from '../scene/scene';
import { IBrush } from './brush';

/** The side of the cells that get a label, in pixels of the screen: from this to twice as much. */
const CELL = 220;
/** Fewer than this many marks need no label. */
const FEW = 12;
const SIZE = 11;

interface ICluster {
  label: string;
  /** How many runs are there; 0 where it is not known. */
  runs: number;
  x: number;
  y: number;
}

/** Says what the marks are, where they are too small to be read: of each region what most of it is. */
export class Clusters {
  constructor(private readonly _scene: Scene) {}

  /** Writes labels onto the screen; the context is not scaled. */
  draw(brush: IBrush, width: number): void {
    const { context, letters, style, scale, left, top, trans } = brush;
    context.font = letters.font(SIZE, true);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { label, runs, x, y } of this._at(scale)) {
      const name = letters.fit(label, CELL * 0.6, SIZE, true);
      const count = runs > 1 ? trans._n('%1 run', '%1 runs', runs) : '';
      const text = [name, count].filter(Boolean).join(' · ');
      const wide = letters.width(text, true) * SIZE + 12;
      const at = (x - left) * scale;
      if (at < 0 || at > width) {
        continue;
      }
      // What is on the screen at all is whole.
      const sx = Math.max(wide / 2 + 4, Math.min(width - wide / 2 - 4, at));
      const sy = (y - top) * scale;
      context.globalAlpha = 0.88;
      context.fillStyle = style.card;
      context.beginPath();
      context.roundRect(sx - wide / 2, sy - 9, wide, 18, 9);
      context.fill();
      context.globalAlpha = 1;
      context.fillStyle = style.text;
      context.fillText(text, sx, sy + 0.5);
    }
    context.textAlign = 'start';
  }

  /** The labels of a scale; the same for scales that are near to each other. */
  private _at(scale: number): ICluster[] {
    const size = 2 ** Math.ceil(Math.log2(CELL / scale));
    let clusters = this._known.get(size);
    if (!clusters) {
      clusters = this._find(size);
      this._known.set(size, clusters);
    }
    return clusters;
  }

  private _find(size: number): ICluster[] {
    const cells = new Map<string, Map<string, number[]>>();
    this._scene.shown.vertices.forEach((vertex, v) => {
      const label = labelOf(vertex);
      const { left, top } = this._scene.areaOf(v);
      const key = `${Math.floor(left / size)} ${Math.floor((1.6 * top) / size)}`;
      const cell = cells.get(key) ?? new Map<string, number[]>();
      cells.set(key, cell);
      const same = cell.get(label);
      if (same) {
        same.push(v);
      } else {
        cell.set(label, [v]);
      }
    });
    return [...cells.values()].flatMap(cell => this._most(cell));
  }

  private _most(cell: Map<string, number[]>): ICluster[] {
    const [label, which] = [...cell].reduce((best, next) =>
      next[1].length > best[1].length ? next : best
    );
    if (which.length < FEW || !label) {
      return [];
    }
    const runs = new Set<string | null>();
    let [x, y] = [0, 0];
    for (const v of which) {
      const { left, top, right, bottom } = this._scene.areaOf(v);
      x += (left + right) / 2 / which.length;
      y += (top + bottom) / 2 / which.length;
      runs.add(this._scene.shown.vertices[v].node?.run ?? null);
    }
    runs.delete(null);
    return [{ label, runs: runs.size, x, y }];
  }

  private readonly _known = new Map<number, ICluster[]>();
}

/** What is said of a region that holds mostly such things. */
function labelOf({ node, group }: IVertex): string {
  return group ? group.label : (node!.pipeline ?? plainType(node!.type));
}
