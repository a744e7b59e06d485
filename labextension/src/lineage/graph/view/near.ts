import { TranslationBundle } from '@jupyterlab/translation';
import type { IGraphNode } from '../data';
import type { GraphModel } from '../model';
import { ITab, Tab, looseTabs, tabsOf } from '../paint/handles';
import { detailAt } from '../paint/lod';
import type { Scene } from '../scene/scene';
import type { Camera } from './camera';
import { Sheet } from './sheet';
import { spoken } from './words';

/** More than this many nodes are not near. */
const MANY = 80;

/**
 * What is near, as buttons that one finds without seeing: each node whose name
 * is read, and each tab that shows more. They lie on the picture, which paints
 * them.
 */
export class NearLayer {
  constructor(
    private readonly _model: GraphModel,
    private readonly _trans: TranslationBundle
  ) {
    this.node.append(this._near.node, this._loose.node);
  }

  readonly node = document.createElement('div');

  /** Follows the camera; the buttons are made anew only when others are near. */
  update(scene: Scene, camera: Camera): void {
    if (scene !== this._scene) {
      this._scene = scene;
      this._turn++;
    }
    this._showNear(scene, camera);
    this._showLoose(scene, camera);
  }

  private _showNear(scene: Scene, camera: Camera): void {
    const detail = detailAt(camera.scale);
    const found = detail === 'far' ? [] : scene.verticesIn(camera.area);
    const near = found.length > MANY ? [] : found.sort((a, b) => a - b);
    const key = `${this._turn} ${detail} ${near.join(' ')}`;
    const around = near.length ? scene.areaOf(near[0]) : null;
    this._near.show(key, around, () =>
      near.flatMap(v => [
        this._card(scene, v),
        ...(detail === 'near' ? this._tabsOf(scene, v, camera, this._near) : [])
      ])
    );
    this._near.follow(camera);
  }

  /** The tabs of what one looks at, where they lie on top of the picture. */
  private _showLoose(scene: Scene, camera: Camera): void {
    const { selected, hovered } = this._model;
    const ends = [selected, hovered].map(id => scene.vertexOf(id));
    const loose = looseTabs(camera.scale, ends[0], ends[1]);
    const key = loose.length
      ? `${this._turn} ${camera.scale} ${loose.join(' ')}`
      : '';
    const around = loose.length ? scene.areaOf(loose[0]) : null;
    this._loose.show(key, around, () =>
      loose.flatMap(v => this._tabsOf(scene, v, camera, this._loose))
    );
    this._loose.follow(camera);
  }

  private _card(scene: Scene, v: number): HTMLElement {
    const vertex = scene.shown.vertices[v];
    const card = this._near.button(scene.areaOf(v));
    card.dataset.id = vertex.id;
    card.setAttribute('aria-label', spoken(vertex, this._model, this._trans));
    card.addEventListener('click', () => this._model.select(vertex.id));
    return card;
  }

  private _tabsOf(
    scene: Scene,
    v: number,
    { scale }: Camera,
    sheet: Sheet
  ): HTMLElement[] {
    const missing = this._model.missing.bind(this._model);
    return tabsOf(scene, v, missing, scale).map(tab =>
      this._tab(scene.shown.vertices[v].node!, tab, sheet.button(tab.area))
    );
  }

  private _tab(
    { id, name }: IGraphNode,
    { tab, count }: ITab,
    button: HTMLElement
  ): HTMLElement {
    const label = this._label(tab, count, name);
    button.classList.add('claimed-mod-tab');
    button.dataset.tab = tab;
    button.dataset.of = id;
    button.title = label;
    button.setAttribute('aria-label', label);
    // It goes with what it shows: the keys are to stay with the graph.
    button.addEventListener('mousedown', event => event.preventDefault());
    button.addEventListener('click', () => {
      if (tab === 'group') {
        this._model.toggleGroup(id);
      } else {
        this._model.expandRequested.emit({ id, direction: tab });
      }
    });
    return button;
  }

  private _label(tab: Tab, count: number, name: string): string {
    const trans = this._trans;
    switch (tab) {
      case 'up':
        return trans._n(
          'Show %1 input of %2',
          'Show %1 inputs of %2',
          count,
          name
        );
      case 'down':
        return trans._n(
          'Show %1 output of %2',
          'Show %1 outputs of %2',
          count,
          name
        );
      case 'group':
        return trans.__('Draw these %1 as one again', count);
    }
  }

  private readonly _near = new Sheet();
  private readonly _loose = new Sheet();
  private _scene: Scene | null = null;
  private _turn = 0;
}
