import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, showErrorMessage } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookContent } from '@jupyterlab/nbformat';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import { messageOf } from '../api/errors';
import { CommandIDs, IClaimedClient, IRunsModel } from '../tokens';
import { RunsModel } from './model';
import { createExecutedNotebook } from './notebook';
import { addRunningRuns } from './running';

/** Owns the runs and follows them live. */
export const runsPlugin: JupyterFrontEndPlugin<IRunsModel> = {
  id: 'claimed-jlab:runs',
  description: 'The runs of pipelines, followed live.',
  autoStart: true,
  requires: [IClaimedClient],
  optional: [ITranslator, ICommandPalette, IRunningSessionManagers],
  provides: IRunsModel,
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    managers: IRunningSessionManagers | null
  ): IRunsModel => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const model = new RunsModel({
      client,
      events: app.serviceManager.events.stream
    });
    window.addEventListener('online', () => void model.resync());
    app.commands.addCommand(CommandIDs.refreshRuns, {
      label: trans.__('Reload Runs'),
      caption: trans.__('Ask the server for its runs again'),
      icon: refreshIcon,
      execute: () => model.refresh()
    });
    palette?.addItem({ command: CommandIDs.refreshRuns, category: 'CLAIMED' });
    if (managers) {
      addRunningRuns(managers, model, app.commands, trans);
    }
    return model;
  }
};

/** Opens the notebook that a task executed. */
export const executedNotebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:executed-notebook',
  description: 'Opens executed notebooks, read-only.',
  autoStart: true,
  requires: [
    IClaimedClient,
    IRenderMimeRegistry,
    NotebookPanel.IContentFactory,
    IEditorServices
  ],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    rendermime: IRenderMimeRegistry,
    contentFactory: NotebookPanel.IContentFactory,
    editorServices: IEditorServices,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const { commands, shell } = app;
    commands.addCommand(CommandIDs.openNotebook, {
      label: trans.__('Open Executed Notebook'),
      execute: async args => {
        const run = String(args.run);
        const task = String(args.task);
        const id = `claimed-notebook-${run}-${task}`;
        if (!find(id)) {
          const content = await fetch(run, task);
          if (content) {
            open(id, run, task, content);
          }
        }
        shell.activateById(id);
      }
    });

    function find(id: string): boolean {
      return [...shell.widgets('main')].some(widget => widget.id === id);
    }

    async function fetch(
      run: string,
      task: string
    ): Promise<INotebookContent | null> {
      try {
        return await client.notebook(run, task);
      } catch (error) {
        void showErrorMessage(
          trans.__('The notebook cannot be shown'),
          messageOf(error)
        );
        return null;
      }
    }

    function open(
      id: string,
      run: string,
      task: string,
      content: INotebookContent
    ): void {
      const widget = createExecutedNotebook({
        id,
        label: trans.__('%1, executed', task),
        caption: trans.__('Executed notebook of “%1” in run %2', task, run),
        content,
        rendermime,
        contentFactory,
        mimeTypeService: editorServices.mimeTypeService,
        translator: translator ?? undefined
      });
      shell.add(widget, 'main');
    }
  }
};
