import { JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { TranslationBundle } from '@jupyterlab/translation';
import { ClaimedClient } from '../api/client';
import { IRun } from '../api/types';
import { tellFailure } from '../failure';
import { fitIcon, pipelineIcon } from '../icons';
import { RunsModel } from '../runs/model';
import { CommandIDs } from '../tokens';
import { newDocument } from './document';
import { LastValues } from './lastvalues';
import { addRunCommands } from './runcommands';
import { PipelineWidget } from './widget';

export interface ICommandOptions {
  app: JupyterFrontEnd;
  tracker: WidgetTracker<PipelineWidget>;
  client: ClaimedClient;
  runs: RunsModel;
  trans: TranslationBundle;
  browser: IDefaultFileBrowser | null;
  lastValues: LastValues;
  /** The name of the editor's widget factory. */
  factory: string;
}

/** Adds the commands of the editor. */
export function addCommands(options: ICommandOptions): void {
  addEditorCommands(options);
  addRunCommands(options);
  addUndoCommands(options);
  addNewCommand(options);
  addOpenRunCommand(options);
}

/** What is done to the current editor. */
function addEditorCommands(options: ICommandOptions): void {
  const { app, tracker, trans } = options;
  const { commands } = app;
  const current = () => tracker.currentWidget?.content ?? null;
  commands.addCommand(CommandIDs.fitGraph, {
    label: trans.__('Fit Pipeline in View'),
    caption: trans.__('Show the whole pipeline'),
    icon: fitIcon,
    isEnabled: () => current() !== null,
    execute: () => current()?.canvas.showAll()
  });
  tracker.currentChanged.connect(() => commands.notifyCommandChanged());
}

function addUndoCommands({ app, tracker, trans }: ICommandOptions): void {
  const model = () => tracker.currentWidget?.context.model;
  app.commands.addCommand(CommandIDs.undo, {
    label: trans.__('Undo in Pipeline'),
    isEnabled: () => !!model()?.canUndo,
    execute: () => model()?.undo()
  });
  app.commands.addCommand(CommandIDs.redo, {
    label: trans.__('Redo in Pipeline'),
    isEnabled: () => !!model()?.canRedo,
    execute: () => model()?.redo()
  });
}

function addNewCommand(options: ICommandOptions): void {
  const { app, trans, browser, factory } = options;
  const { contents } = app.serviceManager;
  app.commands.addCommand(CommandIDs.newPipeline, {
    label: args =>
      args.isPalette ? trans.__('New Pipeline') : trans.__('Pipeline'),
    caption: trans.__('Create a new pipeline'),
    icon: pipelineIcon,
    execute: async args => {
      const folder = String(args.cwd ?? browser?.model.path ?? '');
      const { path } = await contents.newUntitled({
        path: folder,
        type: 'file',
        ext: '.pipeline'
      });
      await contents.save(path, {
        type: 'file',
        format: 'text',
        content: newDocument(PathExt.basename(path, '.pipeline'))
      });
      return app.commands.execute('docmanager:open', { path, factory });
    }
  });
}

function addOpenRunCommand(options: ICommandOptions): void {
  const { app, tracker, runs, trans, factory } = options;
  app.commands.addCommand(CommandIDs.openRun, {
    label: trans.__('Open Run'),
    execute: args =>
      tellFailure(trans.__('The run cannot be shown'), async () => {
        const id = String(args.run);
        const { contents_path: path, tasks } = await runs.fetch(id);
        if (!path) {
          throw new Error(
            trans.__('Its pipeline is outside the folder that JupyterLab shows')
          );
        }
        if (path.endsWith('.ipynb')) {
          await openTried(app, path, id, tasks);
          return;
        }
        await app.commands.execute('docmanager:open', { path, factory });
        const widget = tracker.find(w => w.context.localPath === path);
        await widget?.content.model.showRun(id);
      })
  });
}

/** A notebook that was tried has no pipeline: it is shown as it was executed. */
async function openTried(
  { commands }: JupyterFrontEnd,
  path: string,
  run: string,
  tasks: IRun['tasks']
): Promise<void> {
  const [[task, { notebook }]] = Object.entries(tasks);
  await (notebook
    ? commands.execute(CommandIDs.openNotebook, { run, task })
    : commands.execute('docmanager:open', { path }));
}
