import { IMimeBundle } from '@jupyterlab/nbformat';
import { IThemeManager } from '@jupyterlab/apputils';
import { IRenderMime } from '@jupyterlab/rendermime-interfaces';
import { IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import { TranslationBundle } from '@jupyterlab/translation';
import { Panel, PanelLayout, Widget } from '@lumino/widgets';
import { IOutputView } from '../api/types';
import { SandboxedPage } from './sandbox';

const HTML = 'text/html';

interface IViewOptions {
  output: IOutputView;
  rendermime: IRenderMimeRegistry;
  themes: IThemeManager | null;
  trans: TranslationBundle;
}

/** An output on a page of its own: its chart, its table, or what it is. */
export class OutputView extends Panel {
  constructor(options: IViewOptions) {
    super();
    this.addClass('claimed-OutputView');
    const { output, trans } = options;
    if (isPage(output)) {
      const html = String(join(output.mimebundle[HTML]));
      this.addWidget(new SandboxedPage(html, output.name));
      return;
    }
    this.node.tabIndex = -1;
    if (output.truncated) {
      this.addWidget(note(trans.__('Only a part of it is shown.')));
    }
    this._addParts(options);
  }

  /** The chart first, and its numbers in a table for those who read them. */
  private _addParts(options: IViewOptions): void {
    const { output, rendermime, themes, trans } = options;
    const { [HTML]: table, ...rest } = output.mimebundle;
    const chart = Object.keys(rest).find(isChart);
    if (chart && rendermime.mimeTypes.includes(chart)) {
      const spec = rest[chart] as object;
      const data = { [chart]: { background: 'transparent', ...spec } };
      const model = mimeModel(data as IMimeBundle);
      const renderer = render(rendermime, model, chart);
      this.addWidget(renderer);
      // A chart takes its colours from the theme when it is drawn.
      const redraw = () => void renderer.renderModel(model);
      themes?.themeChanged.connect(redraw);
      this.disposed.connect(() => themes?.themeChanged.disconnect(redraw));
      if (table !== undefined) {
        this.addWidget(
          section(
            trans.__('Table'),
            render(rendermime, mimeModel({ [HTML]: table }), HTML)
          )
        );
      }
      return;
    }
    const best = rendermime.preferredMimeType(output.mimebundle, 'any');
    if (best) {
      this.addWidget(render(rendermime, mimeModel(output.mimebundle), best));
    } else {
      this.addWidget(note(trans.__('This output cannot be shown.')));
    }
  }
}

/** Whether an output is an HTML page that a component wrote. */
function isPage(output: IOutputView): boolean {
  return output.type === 'HTML' && output.mimebundle[HTML] !== undefined;
}

function isChart(mimeType: string): boolean {
  return mimeType.startsWith('application/vnd.vega');
}

function mimeModel(data: IMimeBundle): MimeModel {
  return new MimeModel({ data: { ...data }, trusted: false });
}

/** Renders one MIME type of a model. */
function render(
  rendermime: IRenderMimeRegistry,
  model: MimeModel,
  mimeType: string
): IRenderMime.IRenderer {
  const renderer = rendermime.createRenderer(mimeType);
  renderer.addClass('claimed-OutputView-part');
  void renderer.renderModel(model);
  return renderer;
}

/** A part that its title opens and closes. */
function section(title: string, content: Widget): Widget {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = title;
  details.open = true;
  details.append(summary);
  const widget = new Widget({ node: details });
  const layout = new PanelLayout();
  widget.layout = layout;
  widget.addClass('claimed-OutputView-details');
  layout.addWidget(content);
  return widget;
}

function note(text: string): Widget {
  const node = document.createElement('p');
  node.className = 'claimed-quiet';
  node.textContent = text;
  return new Widget({ node });
}

function join(value: unknown): unknown {
  return Array.isArray(value) ? value.join('') : value;
}
