import { TranslationBundle } from '@jupyterlab/translation';
import type { GraphModel, IGraphChange } from '../model';
import { IBrush } from '../paint/brush';
import { Clusters } from '../paint/clusters';
import { drawGlow } from '../paint/glow';
import { READABLE, REGIONS, detailAt } from '../paint/lod';
import { paintArea } from '../paint/painter';
import { IStyle, readStyle } from '../paint/style';
import { Letters } from '../paint/text';
import { contains, meets } from '../scene/grid';
import type { Scene } from '../scene/scene';
import { Arranger, IArranged } from './arranger';
import { Camera } from './camera';
import { areaAround, beginning, middleOf, verticesOf } from './gaze';
import { Minimap } from './minimap';
import { Motion } from './motion';
import { NearLayer } from './near';
import { Tiles, fitCanvas } from './tiles';
import { Timing } from './timing';

/** For how long new nodes are marked, in ms. */
const FRESH = 2600;

/** The canvas, the camera in front of it, and the frames. */
export class Stage {
  constructor(
    readonly host: HTMLElement,
    readonly model: GraphModel,
    readonly trans: TranslationBundle
  ) {
    this.arranger = new Arranger(model);
    this._near = new NearLayer(model, trans);
    host.append(this._canvas, this._near.node, this._minimap.node);
    this.arranger.arranged.connect(this._onArranged, this);
    model.changed.connect(this._onChanged, this);
    model.selectedChanged.connect(this.redraw, this);
    model.hoveredChanged.connect(this.redraw, this);
    model.revealRequested.connect((_, id) => this.reveal(id), this);
  }

  readonly arranger: Arranger;
  readonly camera = new Camera();
  hasFocus = false;

  get scene(): Scene {
    return this.arranger.scene;
  }

  /** Takes the size of the host. */
  resize(): void {
    const { clientWidth, clientHeight } = this.host;
    const { camera } = this;
    const isSame =
      clientWidth === camera.width && clientHeight === camera.height;
    if (isSame || clientWidth === 0) {
      return; // nothing is drawn while it is hidden
    }
    [camera.width, camera.height] = [clientWidth, clientHeight];
    if (this._isUntouched) {
      this._begin(this._anchor);
    }
    this.redraw();
  }

  /** Reads the colours of the theme anew. */
  restyle(): void {
    this._style = null;
    this._tiles.clear();
    this.redraw();
  }

  showAll(isAtOnce = false): void {
    this.go(this.camera.fitted(), isAtOnce);
  }

  /** Brings a node into the middle, near enough to be read. */
  zoomTo(id: string): void {
    const v = this.scene.shown.at.get(id);
    if (v !== undefined) {
      const scale = Math.max(this.camera.scale, READABLE);
      this.go(this.camera.centred(...middleOf(this.scene, v), scale));
    }
  }

  /** Brings a node into sight if it is not, and near if it can't be read. */
  reveal(id: string): void {
    const v = this.scene.shown.at.get(id);
    if (v === undefined) {
      this._revealLater = id; // it is being laid out
      return;
    }
    const { area, scale } = this.camera;
    const isSeen = contains(area, this.scene.areaOf(v));
    if (!isSeen || detailAt(scale) === 'far') {
      this.zoomTo(id);
    }
  }

  zoom(factor: number): void {
    const { camera } = this;
    const from: [number, number, number] = [camera.x, camera.y, camera.scale];
    camera.zoom(factor);
    this._isUntouched = false;
    const to: [number, number, number] = [camera.x, camera.y, camera.scale];
    this._motion.start(from, to);
  }

  go(to: [number, number, number], isAtOnce = false): void {
    this._isUntouched = false;
    const { x, y, scale } = this.camera;
    this._motion.start([x, y, scale], to, isAtOnce);
  }

  /** The camera was moved by hand. */
  moved(): void {
    this._motion.stop();
    this._isUntouched = false;
    this.redraw();
  }

  redraw(): void {
    if (!this._frame && !this._isDisposed) {
      this._frame = requestAnimationFrame(now => this._draw(now));
    }
  }

  /** What paints into a context whose corner is at a point of the picture. */
  brush(
    context: CanvasRenderingContext2D,
    scale: number,
    left: number,
    top: number
  ): IBrush {
    const { model, scene, trans } = this;
    const style = (this._style ??= readStyle(this.host));
    const letters = (this._letters ??= new Letters(style.font));
    const { path } = model;
    const lit = path.length ? (this._lit ??= verticesOf(scene, path)) : null;
    const missing: IBrush['missing'] = (id, side) => model.missing(id, side);
    return {
      context,
      scene,
      style,
      letters,
      trans,
      scale,
      lit,
      missing,
      left,
      top
    };
  }

  dispose(): void {
    this._isDisposed = true;
    cancelAnimationFrame(this._frame);
    this.arranger.dispose();
  }

  private _onChanged(_: GraphModel, { what }: IGraphChange): void {
    if (what === 'highlight') {
      this._lit = null;
      this._tiles.clear(true);
      this._showPath();
      this.redraw();
    } else if (what === 'graph') {
      this._timing.begin();
    }
  }

  private _onArranged(_: Arranger, { scene, before, change }: IArranged): void {
    const { camera } = this;
    camera.bounds = scene.bounds;
    this._lit = null;
    this._clusters = new Clusters(scene);
    this._tiles.clear(change.what !== 'graph');
    if (change.what === 'graph') {
      this._begin(change.anchor);
    } else if (change.what === 'groups') {
      this._hold(before, change.anchor);
    }
    if (change.what === 'extend') {
      this._isUntouched &&= camera.width === 0; // what one sees is to stay
      this._showPath();
    }
    this._markFresh(change);
    if (this._revealLater !== null) {
      const id = this._revealLater;
      this._revealLater = null;
      this.reveal(id);
    }
    this.redraw();
  }

  /** Brings what stands out into sight, if some of it is not. */
  private _showPath(): void {
    const whole = areaAround(this.scene, this.model.path);
    if (whole && !contains(this.camera.area, whole)) {
      this.go(this.camera.around(whole));
    }
  }

  /** Goes where one begins to look at a new picture. */
  private _begin(anchor: string | null): void {
    const { camera, scene } = this;
    camera.bounds = scene.bounds;
    this._anchor = anchor;
    this._isUntouched = true;
    this._motion.stop();
    camera.go(beginning(camera, scene, anchor, this.model.start));
  }

  /** Keeps a node where it is on the screen though the picture is another. */
  private _hold(before: Scene, anchor: string | null): void {
    const was = anchor === null ? undefined : before.shown.at.get(anchor);
    const is = anchor === null ? undefined : this.scene.shown.at.get(anchor);
    if (was === undefined || is === undefined) {
      this._begin(this._anchor);
      return;
    }
    const [from, to] = [before.areaOf(was), this.scene.areaOf(is)];
    if (!meets(this.camera.area, from)) {
      this._begin(anchor); // what nobody sees cannot hold the rest
      return;
    }
    this.camera.x += to.left - from.left;
    this.camera.y += to.top - from.top;
  }

  private _markFresh({ what, fresh }: IGraphChange): void {
    if (what === 'extend' && fresh.size) {
      const { at } = this.scene.shown;
      this._fresh = [...new Set([...fresh].map(id => at.get(id)!))];
      this._freshUntil = performance.now() + FRESH;
    } else {
      this._fresh = [];
    }
  }

  private _draw(now: number): void {
    this._frame = 0;
    this._motion.step(now);
    const { camera } = this;
    const ratio = window.devicePixelRatio || 1;
    const [wide, high] = [camera.width, camera.height];
    if (wide === 0 || high === 0) {
      return;
    }
    fitCanvas(this._canvas, wide, high, ratio);
    const context = this._canvas.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, wide, high);
    const isWhole = this._tiles.draw(context, camera, ratio);
    this._drawOver(context, ratio, now);
    this._near.update(this.scene, camera);
    this._minimap.update(
      this.brush(context, camera.scale, 0, 0),
      camera,
      ratio
    );
    if (isWhole && !this.arranger.isBusy) {
      this._timing.end();
    }
    if (!isWhole || (!this._motion.isMoving && this._tiles.prepare(camera))) {
      this.redraw();
    }
  }

  private _drawOver(
    context: CanvasRenderingContext2D,
    ratio: number,
    now: number
  ): void {
    const { scale, x, y } = this.camera;
    const brush = this.brush(context, scale, x, y);
    if (scale < REGIONS && !brush.lit) {
      this._clusters?.draw(brush, this.camera.width);
    }
    const zoom = scale * ratio;
    context.setTransform(zoom, 0, 0, zoom, 0, 0);
    const left = Math.max(0, (this._freshUntil - now) / FRESH);
    drawGlow(brush, {
      selected: this.scene.vertexOf(this.model.selected),
      hovered: this.scene.vertexOf(this.model.hovered),
      fresh: this._fresh,
      freshness: this._fresh.length ? Math.min(1, 2 * left) : 0,
      hasFocus: this.hasFocus
    });
    if (left > 0 && this._fresh.length) {
      this.redraw();
    }
  }

  private readonly _canvas = document.createElement('canvas');
  private readonly _near: NearLayer;
  private readonly _minimap = new Minimap((x, y) =>
    this.go(this.camera.centred(x, y, this.camera.scale), true)
  );
  private readonly _tiles = new Tiles((context, area, scale) =>
    paintArea(this.brush(context, scale, area.left, area.top), area)
  );
  private readonly _motion = new Motion(
    at => this.camera.go(at),
    () => this.redraw()
  );
  private readonly _timing = new Timing();
  private _clusters: Clusters | null = null;
  private _style: IStyle | null = null;
  private _letters: Letters | null = null;
  private _lit: ReadonlySet<number> | null = null;
  private _fresh: readonly number[] = [];
  private _freshUntil = 0;
  private _anchor: string | null = null;
  /** Whether the camera is still where a picture begins. */
  private _isUntouched = true;
  private _revealLater: string | null = null;
  private _frame = 0;
  private _isDisposed = false;
}
