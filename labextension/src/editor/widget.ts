import { IThemeManager } from '@jupyterlab/apputils';
import {
  ABCWidgetFactory,
  DocumentRegistry,
  DocumentWidget
} from '@jupyterlab/docregistry';
import { PathExt } from '@jupyterlab/coreutils';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { SplitPanel } from '@lumino/widgets';
import { ClaimedClient } from '../api/client';
import { Contents } from '@jupyterlab/services';
import { IComponent } from '../api/types';
import { PaletteModel } from '../palette/model';
import { EngineChoice, EngineMemory } from '../engines/choice';
import { EnginesModel } from '../engines/model';
import { RunsModel } from '../runs/model';
import { PipelineCanvas } from './canvas';
import { PipelineModel } from './docmodel';
import { EditorModel } from './model';
import { TaskPanel } from './panel';
import { fillToolbar } from './toolbar';

export interface IEditorServices {
  client: ClaimedClient;
  runs: RunsModel;
  engines: EnginesModel;
  /** Which of them each document is meant for. */
  engineMemory: EngineMemory;
  commands: CommandRegistry;
  contents: Contents.IManager;
  /** The components that can be placed. */
  palette: PaletteModel | null;
  themes: IThemeManager | null;
  trans: TranslationBundle;
}

/** The graph on the left, the selected task on the right. */
export class PipelineEditor extends SplitPanel {
  constructor(
    readonly model: EditorModel,
    services: IEditorServices
  ) {
    super({ orientation: 'horizontal', spacing: 1 });
    this.addClass('claimed-Editor');
    this.node.tabIndex = -1; // takes the focus, and with it the shortcuts
    this.canvas = new PipelineCanvas({
      model,
      components: () => componentsOf(services.palette),
      ...services
    });
    this.panel = new TaskPanel({ model, ...services });
    this.panel.hide();
    this.addWidget(this.canvas);
    this.addWidget(this.panel);
    model.changed.connect(this._onChanged, this);
    this.panel.toggled.connect(this._onChanged, this);
  }

  readonly canvas: PipelineCanvas;
  readonly panel: TaskPanel;

  override dispose(): void {
    this.model.dispose();
    super.dispose();
  }

  private _onChanged(): void {
    const hide = !this.panel.isWanted;
    if (hide !== this.panel.isHidden) {
      this.panel.setHidden(hide);
      this.setRelativeSizes([5, 3]); // a hidden part has no size to come back to
    }
  }
}

export type PipelineWidget = DocumentWidget<PipelineEditor, PipelineModel>;

/** Makes the editors of .pipeline documents. */
export class PipelineWidgetFactory extends ABCWidgetFactory<
  PipelineWidget,
  PipelineModel
> {
  constructor(
    options: DocumentRegistry.IWidgetFactoryOptions<PipelineWidget>,
    private readonly _services: IEditorServices
  ) {
    super(options);
  }

  protected createNewWidget(
    context: DocumentRegistry.IContext<PipelineModel>
  ): PipelineWidget {
    const { palette, engines, engineMemory } = this._services;
    const path = () => context.localPath;
    const findComponent = (reference: string) =>
      palette?.components.find(item => item.reference === reference);
    const model = new EditorModel({
      context,
      findComponent,
      engine: new EngineChoice(engines, engineMemory, path),
      ...this._services
    });
    context.model.defaultName = PathExt.basename(context.path, '.pipeline');
    const content = new PipelineEditor(model, this._services);
    const widget = new DocumentWidget({ context, content });
    fillToolbar(widget.toolbar, { model, ...this._services });
    return widget;
  }
}

/** The components of the palette, which loads them when it is first asked. */
async function componentsOf(
  palette: PaletteModel | null
): Promise<IComponent[]> {
  if (palette && palette.status !== 'ready') {
    await palette.refresh();
  }
  return palette?.components ?? [];
}
