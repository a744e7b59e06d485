import type { IShown } from '../grouping';
import { ILists, listsBy } from '../layout/shapes';
import { CARD } from './boxes';
import { Grid, IArea, IRectangles } from './grid';
import { IBoxes, IPorts, findPorts } from './ports';
import {
  IStrokes,
  IWays,
  makeStrokes,
  rectanglesOf,
  strokesOf
} from './strokes';

/** Where the boxes lie, and which ways long edges take. */
export interface IPlacement extends IWays {
  x: Float64Array;
  y: Float64Array;
}

/** A picture: what is shown and where it lies, found by area. */
export class Scene {
  /** like: a picture of the same things in the same places, whose other nodes say something else. */
  constructor(
    readonly shown: IShown,
    readonly placement: IPlacement,
    readonly heights: Float32Array,
    like?: Scene
  ) {
    const { x, y } = placement;
    const widths = new Float32Array(x.length).fill(CARD.width);
    this.boxes = like?.boxes ?? { x, y, widths, heights };
    this.ports = like?.ports ?? findPorts(shown, this.boxes);
    this.strokes = like?.strokes ?? this._draw();
    this._rectangles = like?._rectangles ?? boxRectangles(this.boxes);
    this._vertexGrid = like?._vertexGrid ?? new Grid(this._rectangles);
    this._strokeGrid =
      like?._strokeGrid ?? new Grid(rectanglesOf(this.strokes));
    this.bounds = like?.bounds ?? boundsOf(this._rectangles);
  }

  static empty(): Scene {
    const none = new Int32Array(0);
    const nowhere = new Float64Array(0);
    const shown: IShown = {
      vertices: [],
      at: new Map(),
      sources: none,
      targets: none,
      names: [],
      weights: none,
      groups: new Map(),
      groupOf: new Map()
    };
    const placement = {
      x: nowhere,
      y: nowhere,
      first: none,
      last: none,
      placeX: nowhere,
      placeY: nowhere
    };
    return new Scene(shown, placement, new Float32Array(0));
  }

  readonly boxes: IBoxes;
  readonly ports: IPorts;
  readonly strokes: IStrokes;
  /** What all boxes lie in. */
  readonly bounds: IArea;

  get size(): number {
    return this.shown.vertices.length;
  }

  verticesIn(area: IArea): number[] {
    return this._vertexGrid.query(area);
  }

  strokesIn(area: IArea): number[] {
    return this._strokeGrid.query(area);
  }

  /** The same picture of what is shown now. */
  with(shown: IShown): Scene {
    return new Scene(shown, this.placement, this.heights, this);
  }

  /** The whole way of one edge. */
  wayOf(edge: number): IStrokes {
    const { sources, targets } = this.shown;
    const { boxes, ports, placement } = this;
    return strokesOf(edge, sources, targets, boxes, ports, placement);
  }

  /** The vertex at a point, or the nearest one within some distance; -1 without. */
  hit(x: number, y: number, near = 0): number {
    const around = {
      left: x - near,
      top: y - near,
      right: x + near,
      bottom: y + near
    };
    let [best, least] = [-1, Infinity];
    for (const v of this.verticesIn(around)) {
      const area = this.areaOf(v);
      const away = Math.hypot(
        Math.max(area.left - x, 0, x - area.right),
        Math.max(area.top - y, 0, y - area.bottom)
      );
      if (away < least) {
        [best, least] = [v, away];
      }
    }
    return best;
  }

  /** The vertex that shows a node, or that is a group; -1 without. */
  vertexOf(id: string | null): number {
    return this.shown.at.get(id ?? '') ?? -1;
  }

  areaOf(v: number): IArea {
    const { left, top, right, bottom } = this._rectangles;
    return { left: left[v], top: top[v], right: right[v], bottom: bottom[v] };
  }

  /** The edges that leave each vertex, and those that meet it. */
  get edgesOf(): { out: ILists; into: ILists } {
    const { sources, targets } = this.shown;
    return (this._edgesOf ??= {
      out: listsBy(sources, this.size),
      into: listsBy(targets, this.size)
    });
  }

  private _draw(): IStrokes {
    const { sources, targets } = this.shown;
    const { boxes, ports, placement } = this;
    return makeStrokes(sources, targets, boxes, ports, placement);
  }

  private readonly _rectangles: IRectangles;
  private readonly _vertexGrid: Grid;
  private readonly _strokeGrid: Grid;
  private _edgesOf: { out: ILists; into: ILists } | null = null;
}

function boxRectangles({ x, y, widths, heights }: IBoxes): IRectangles {
  return {
    count: x.length,
    left: x,
    top: y,
    right: x.map((left, v) => left + widths[v]),
    bottom: y.map((top, v) => top + heights[v])
  };
}

function boundsOf({ count, left, top, right, bottom }: IRectangles): IArea {
  const area = { left: 0, top: 0, right: 0, bottom: 0 };
  for (let i = 0; i < count; i++) {
    area.left = i ? Math.min(area.left, left[i]) : left[i];
    area.top = i ? Math.min(area.top, top[i]) : top[i];
    area.right = i ? Math.max(area.right, right[i]) : right[i];
    area.bottom = i ? Math.max(area.bottom, bottom[i]) : bottom[i];
  }
  return area;
}
