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
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { pipelineIcon } from '../icons';
import {
  CommandIDs,
  IClaimedClient,
  IPipelineTracker,
  IRunsModel
} from '../tokens';
import { addCommands } from './commands';
import { PipelineModelFactory } from './docmodel';
import { followFile } from './follow';
import { PipelineWidget, PipelineWidgetFactory } from './widget';

export const FACTORY = 'Pipeline Editor';
const FILE_TYPE = 'claimed-pipeline';

/** The editor of .pipeline documents. */
export const editorPlugin: JupyterFrontEndPlugin<IPipelineTracker> = {
  id: 'claimed-jlab:editor',
  description: 'The visual editor of pipeline documents.',
  autoStart: true,
  requires: [IClaimedClient, IRunsModel],
  optional: [
    ITranslator,
    IThemeManager,
    ILayoutRestorer,
    ICommandPalette,
    ILauncher,
    IDefaultFileBrowser
  ],
  provides: IPipelineTracker,
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    runs: IRunsModel,
    translator: ITranslator | null,
    themes: IThemeManager | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browser: IDefaultFileBrowser | null
  ): IPipelineTracker => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const { commands, docRegistry } = app;
    const tracker = new WidgetTracker<PipelineWidget>({
      namespace: 'claimed-pipeline'
    });
    docRegistry.addFileType({
      name: FILE_TYPE,
      displayName: trans.__('Pipeline'),
      mimeTypes: ['application/vnd.claimed.pipeline+json'],
      extensions: ['.pipeline'],
      fileFormat: 'text',
      contentType: 'file',
      icon: pipelineIcon
    });
    docRegistry.addModelFactory(new PipelineModelFactory());
    const factory = new PipelineWidgetFactory(
      {
        name: FACTORY,
        label: trans.__('Pipeline Editor'),
        modelName: 'claimed-pipeline-model',
        fileTypes: [FILE_TYPE],
        defaultFor: [FILE_TYPE],
        translator: translator ?? undefined
      },
      { client, runs, commands, themes, trans }
    );
    factory.widgetCreated.connect((_, widget) => {
      widget.title.icon = pipelineIcon;
      widget.context.pathChanged.connect(() => void tracker.save(widget));
      widget.content.model.changed.connect(() =>
        commands.notifyCommandChanged(CommandIDs.cancelRun)
      );
      // Save is enabled by what is known only when the file was read.
      void widget.context.ready.then(() => commands.notifyCommandChanged());
      followFile(widget.context, app.serviceManager.contents);
      void tracker.add(widget);
    });
    docRegistry.addWidgetFactory(factory);
    addCommands({ app, tracker, runs, trans, browser, factory: FACTORY });
    void restorer?.restore(tracker, {
      command: 'docmanager:open',
      args: widget => ({ path: widget.context.path, factory: FACTORY }),
      name: widget => widget.context.path
    });
    const category = 'CLAIMED';
    launcher?.add({ command: CommandIDs.newPipeline, category, rank: 1 });
    for (const command of [
      CommandIDs.newPipeline,
      CommandIDs.runPipeline,
      CommandIDs.cancelRun,
      CommandIDs.fitGraph
    ]) {
      palette?.addItem({ command, category });
    }
    return tracker;
  }
};
