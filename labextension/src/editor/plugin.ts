import { ICollaborativeContentProvider } from '@jupyter/collaborative-drive';
import {
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  IThemeManager,
  WidgetTracker
} from '@jupyterlab/apputils';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { IStateDB } from '@jupyterlab/statedb';
import {
  ITranslator,
  TranslationBundle,
  nullTranslator
} from '@jupyterlab/translation';
import { EngineMemory } from '../engines/choice';
import { pipelineIcon } from '../icons';
import {
  CommandIDs,
  IClaimedClient,
  IEnginesModel,
  IPaletteModel,
  IPipelineTracker,
  IRunsModel
} from '../tokens';
import { addCommands } from './commands';
import { PipelineModelFactory } from './docmodel';
import { followFile } from './follow';
import { LastValues } from './lastvalues';
import { SharedPipeline } from './shared';
import {
  IEditorServices,
  PipelineWidget,
  PipelineWidgetFactory
} from './widget';

const FACTORY = 'Pipeline Editor';
const FILE_TYPE = 'claimed-pipeline';

/** The editor of .pipeline documents. */
export const editorPlugin: JupyterFrontEndPlugin<IPipelineTracker> = {
  id: 'claimed-jlab:editor',
  description: 'The visual editor of pipeline documents.',
  autoStart: true,
  requires: [IClaimedClient, IRunsModel, IEnginesModel],
  optional: [
    ITranslator,
    IThemeManager,
    ILayoutRestorer,
    ICommandPalette,
    ILauncher,
    IDefaultFileBrowser,
    IStateDB,
    IPaletteModel,
    ICollaborativeContentProvider
  ],
  provides: IPipelineTracker,
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    runs: IRunsModel,
    engines: IEnginesModel,
    translator: ITranslator | null,
    themes: IThemeManager | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browser: IDefaultFileBrowser | null,
    state: IStateDB | null,
    components: IPaletteModel | null,
    collaboration: ICollaborativeContentProvider | null
  ): IPipelineTracker => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const tracker = new WidgetTracker<PipelineWidget>({
      namespace: 'claimed-pipeline'
    });
    const common = { client, runs, trans };
    addDocumentType(app, tracker, {
      ...common,
      engines,
      engineMemory: new EngineMemory(state),
      commands: app.commands,
      contents: app.serviceManager.contents,
      palette: components,
      themes,
      collaboration
    });
    const own = { lastValues: new LastValues(state), factory: FACTORY };
    addCommands({ ...common, ...own, app, tracker, browser });
    addEntries(palette, launcher);
    void restorer?.restore(tracker, {
      command: 'docmanager:open',
      args: widget => ({ path: widget.context.path, factory: FACTORY }),
      name: widget => widget.context.path
    });
    return tracker;
  }
};

/** Teaches JupyterLab to open .pipeline files. */
function addDocumentType(
  app: JupyterFrontEnd,
  tracker: WidgetTracker<PipelineWidget>,
  services: IEditorServices & {
    collaboration: ICollaborativeContentProvider | null;
  }
): void {
  const { commands, docRegistry, serviceManager } = app;
  const { trans } = services;
  docRegistry.addFileType(fileType(trans));
  docRegistry.addModelFactory(new PipelineModelFactory());
  const factory = new PipelineWidgetFactory(
    {
      name: FACTORY,
      label: trans.__('Pipeline Editor'),
      modelName: PipelineModelFactory.NAME,
      fileTypes: [FILE_TYPE],
      defaultFor: [FILE_TYPE]
    },
    services
  );
  share(factory, services.collaboration);
  factory.widgetCreated.connect((_, widget) => {
    widget.title.icon = pipelineIcon;
    widget.context.pathChanged.connect(() => void tracker.save(widget));
    widget.content.model.changed.connect(() =>
      commands.notifyCommandChanged(CommandIDs.cancelRun)
    );
    // Save is enabled by what is known only when the file was read.
    void widget.context.ready.then(() => commands.notifyCommandChanged());
    followFile(widget.context, serviceManager.contents);
    void tracker.add(widget);
  });
  docRegistry.addWidgetFactory(factory);
}

function fileType(trans: TranslationBundle): DocumentRegistry.IFileType {
  return {
    name: FILE_TYPE,
    displayName: trans.__('Pipeline'),
    mimeTypes: ['application/vnd.claimed.pipeline+json'],
    extensions: ['.pipeline'],
    fileFormat: 'text',
    contentType: 'file',
    icon: pipelineIcon
  };
}

/** Lets several people edit a document at once, where JupyterLab can. */
function share(
  factory: PipelineWidgetFactory,
  collaboration: ICollaborativeContentProvider | null
): void {
  if (collaboration) {
    collaboration.sharedModelFactory.registerDocumentFactory(
      PipelineModelFactory.CONTENT_TYPE,
      () => new SharedPipeline()
    );
    factory.contentProviderId = 'rtc';
  }
}

/** The ways to the editor's commands. */
function addEntries(
  palette: ICommandPalette | null,
  launcher: ILauncher | null
): void {
  const category = 'CLAIMED';
  const args = { isPalette: true };
  launcher?.add({ command: CommandIDs.newPipeline, category, rank: 1 });
  palette?.addItem({ command: CommandIDs.newPipeline, args, category });
  palette?.addItem({ command: CommandIDs.runPipeline, category });
  palette?.addItem({ command: CommandIDs.runWith, category });
  palette?.addItem({ command: CommandIDs.schedulePipeline, category });
  palette?.addItem({
    command: CommandIDs.runPart,
    args: { way: 'failed' },
    category
  });
  palette?.addItem({ command: CommandIDs.cancelRun, category });
  palette?.addItem({ command: CommandIDs.fitGraph, category });
  palette?.addItem({ command: CommandIDs.undo, category });
  palette?.addItem({ command: CommandIDs.redo, category });
}
