import { JupyterFrontEnd } from '@jupyterlab/application';
import { WidgetTracker, showErrorMessage } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { TranslationBundle } from '@jupyterlab/translation';
import { runIcon, stopIcon } from '@jupyterlab/ui-components';
import { ClaimedClient } from '../api/client';
import { messageOf } from '../api/errors';
import { IRun, isFinal } from '../api/types';
import { ITrustOptions, startWithTrust } from '../catalogs/trust';
import { fitIcon, pipelineIcon } from '../icons';
import { RunsModel } from '../runs/model';
import { CommandIDs } from '../tokens';
import { newDocument } from './document';
import { EditorModel } from './model';
import { PipelineWidget } from './widget';

interface ICommandOptions {
  app: JupyterFrontEnd;
  tracker: WidgetTracker<PipelineWidget>;
  client: ClaimedClient;
  runs: RunsModel;
  trans: TranslationBundle;
  browser: IDefaultFileBrowser | null;
  /** The name of the editor's widget factory. */
  factory: string;
}

/** Adds the commands of the editor. */
export function addCommands(options: ICommandOptions): void {
  addEditorCommands(options);
  addUndoCommands(options);
  addNewCommand(options);
  addOpenRunCommand(options);
}

/** What is done to the current editor. */
function addEditorCommands(options: ICommandOptions): void {
  const { app, tracker, trans, client } = options;
  const { commands } = app;
  const current = () => tracker.currentWidget?.content ?? null;
  commands.addCommand(CommandIDs.runPipeline, {
    label: trans.__('Run Pipeline'),
    caption: trans.__('Save the pipeline and run it'),
    icon: runIcon,
    isEnabled: () => current() !== null,
    execute: async () => {
      const model = current()?.model;
      if (model) {
        await report(trans.__('The pipeline was not run'), () =>
          run(model, { client, commands, trans })
        );
      }
    }
  });
  commands.addCommand(CommandIDs.cancelRun, {
    label: trans.__('Cancel Run'),
    caption: trans.__('Cancel the run that is shown'),
    icon: stopIcon,
    isEnabled: () => {
      const shown = current()?.model.run;
      return !!shown && !isFinal(shown.state);
    },
    execute: () =>
      report(trans.__('The run was not canceled'), async () =>
        current()?.model.cancel()
      )
  });
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
      report(trans.__('The run cannot be shown'), async () => {
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

/** Asks for the parameters, when there are any, and for trust, and runs. */
async function run(model: EditorModel, options: ITrustOptions): Promise<void> {
  const { description } = model;
  if (!description || Object.keys(description.parameters).length === 0) {
    await startWithTrust(() => model.start(), options);
    return;
  }
  const { askParameters } = await import('./runform');
  const values = await askParameters(description, options.trans);
  if (values) {
    await startWithTrust(() => model.start(values), options);
  }
}

/** Does something, and tells the user in one line when it fails. */
async function report(
  title: string,
  action: () => Promise<void>
): Promise<void> {
  try {
    await action();
  } catch (error) {
    void showErrorMessage(title, messageOf(error));
  }
}
