import { IThemeManager } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { Message } from '@lumino/messaging';
import { Panel, Widget } from '@lumino/widgets';
import { GraphModel } from './model';
import { GraphTools } from './tools';
import { pictureOf } from './view/image';
import { Keys } from './view/keys';
import { Pointer } from './view/pointer';
import { Stage } from './view/stage';
import { Tip } from './view/tip';
import { spoken } from './view/words';

export interface IGraphPaneOptions {
  model: GraphModel;
  trans: TranslationBundle;
  /** Says when colours change. */
  themes?: IThemeManager | null;
}

const STEP = 1.4;

/** The drawn graph: to be looked at, walked through, and opened up. */
export class GraphPane extends Panel {
  constructor(private readonly _options: IGraphPaneOptions) {
    super();
    const { model, trans, themes } = _options;
    this.model = model;
    this.addClass('claimed-LineageGraph');
    const host = makeHost(trans);
    this.node.appendChild(host);
    this._stage = new Stage(host, model, trans);
    const tip = new Tip(host);
    new Pointer(this._stage, tip);
    new Keys(this._stage);
    this._live.className = 'claimed-LineageGraph-live';
    this._live.setAttribute('aria-live', 'polite');
    this.node.appendChild(this._live);
    this.addWidget(new GraphTools(this._stage, trans));
    model.selectedChanged.connect(this._speak, this);
    this._stage.arranger.busyChanged.connect(this._onBusy, this);
    this._stage.arranger.arranged.connect(() => tip.hide());
    themes?.themeChanged.connect(this._onTheme, this);
    for (const type of ['focus', 'blur'] as const) {
      host.addEventListener(type, () => {
        this._stage.hasFocus = type === 'focus';
        this._stage.redraw();
      });
    }
    // Where a page does not tell of its panels, the host does.
    this._watch.observe(host);
  }

  readonly model: GraphModel;

  /** Shows the whole graph. */
  showAll(): void {
    this._stage.showAll();
  }

  /** Brings a node into the middle, near enough to be read. */
  zoomTo(id: string): void {
    this._stage.zoomTo(id);
  }

  zoomIn(): void {
    this._stage.zoom(STEP);
  }

  zoomOut(): void {
    this._stage.zoom(1 / STEP);
  }

  /** Lays everything out anew, where more was put beside. */
  tidy(): void {
    this._stage.arranger.tidy(this.model.selected);
  }

  /** A PNG of the whole graph. */
  toImage(): Promise<Blob> {
    return pictureOf(this._stage);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._watch.disconnect();
      this._options.themes?.themeChanged.disconnect(this._onTheme, this);
      this.model.selectedChanged.disconnect(this._speak, this);
      this._stage.dispose();
    }
    super.dispose();
  }

  protected override onAfterShow(): void {
    this._stage.resize();
  }

  protected override onResize(msg: Widget.ResizeMessage): void {
    super.onResize(msg);
    this._stage.resize();
  }

  protected override onActivateRequest(msg: Message): void {
    this._stage.host.focus({ preventScroll: true });
  }

  private _onTheme(): void {
    this._stage.restyle();
  }

  private _onBusy(): void {
    this.node.classList.toggle('claimed-mod-busy', this._stage.arranger.isBusy);
  }

  private _speak(_: GraphModel, id: string | null): void {
    const { vertices, at } = this.model.shown;
    const v = at.get(id ?? '');
    this._live.textContent =
      v === undefined
        ? ''
        : spoken(vertices[v], this.model, this._options.trans);
  }

  private readonly _stage: Stage;
  private readonly _live = document.createElement('div');
  private readonly _watch = new ResizeObserver(() => this._stage.resize());
}

/** What takes the focus, and with it the keys. */
function makeHost(trans: TranslationBundle): HTMLElement {
  const host = document.createElement('div');
  host.className = 'claimed-LineageGraph-host';
  host.tabIndex = 0;
  host.setAttribute('role', 'application');
  host.setAttribute('aria-label', trans.__('Lineage graph'));
  host.setAttribute(
    'aria-description',
    trans.__(
      'Arrows go from node to node, brackets show more of a side, Enter opens. The table has the same content.'
    )
  );
  return host;
}
