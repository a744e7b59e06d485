import { TranslationBundle } from '@jupyterlab/translation';
import type { GraphModel } from '../model';
import { Tab, tabArea, tabsOf } from '../paint/handles';
import { detailAt } from '../paint/lod';
import type { IArea } from '../scene/grid';
import type { Scene } from '../scene/scene';
import type { Camera } from './camera';
import { spoken } from './words';

/** More than this many nodes are not near. */
const MANY = 80;

/**
 * What is near, as buttons that one finds without seeing: each node, and each
 * tab that shows more. They lie on the picture, which paints them.
 */
export class NearLayer {
  constructor(
    private readonly _model: GraphModel,
    private readonly _trans: TranslationBundle
  ) {
    this.node.className = 'claimed-LineageGraph-near';
  }

  readonly node = document.createElement('div');

  /** Follows the camera; the buttons are made anew only when others are near. */
  update(scene: Scene, camera: Camera): void {
    const { x, y, scale } = camera;
    const found =
      detailAt(scale) === 'near' ? scene.verticesIn(camera.area) : [];
    const near = found.length > MANY ? [] : found.sort((a, b) => a - b);
    const key = near.join(' ');
    if (scene !== this._scene || key !== this._key) {
      [this._scene, this._key] = [scene, key];
      this._left = near.length ? scene.areaOf(near[0]).left : 0;
      this._top = near.length ? scene.areaOf(near[0]).top : 0;
      this.node.replaceChildren(...near.flatMap(v => this._buttons(scene, v)));
    }
    const left = (this._left - x) * scale;
    const top = (this._top - y) * scale;
    this.node.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  private _buttons(scene: Scene, v: number): HTMLElement[] {
    const vertex = scene.shown.vertices[v];
    const card = this._button(scene.areaOf(v));
    card.dataset.id = vertex.id;
    card.setAttribute('aria-label', spoken(vertex, this._model, this._trans));
    card.addEventListener('click', () => this._model.select(vertex.id));
    const missing = this._model.missing.bind(this._model);
    const tabs = tabsOf(scene, v, missing).map(([tab, count]) =>
      this._tab(scene, v, tab, count)
    );
    return [card, ...tabs];
  }

  private _tab(scene: Scene, v: number, tab: Tab, count: number): HTMLElement {
    const button = this._button(tabArea(scene, v, tab));
    const { id, name } = scene.shown.vertices[v].node!;
    const label = this._label(tab, count, name);
    button.classList.add('claimed-mod-tab');
    button.dataset.tab = tab;
    button.dataset.of = id;
    button.title = label;
    button.setAttribute('aria-label', label);
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

  private _button({ left, top, right, bottom }: IArea): HTMLElement {
    const button = document.createElement('button');
    button.tabIndex = -1; // one goes through the graph by arrows
    button.style.left = `${left - this._left}px`;
    button.style.top = `${top - this._top}px`;
    button.style.width = `${right - left}px`;
    button.style.height = `${bottom - top}px`;
    return button;
  }

  private _scene: Scene | null = null;
  private _key = '';
  private _left = 0;
  private _top = 0;
}
