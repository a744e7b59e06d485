import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { refreshIcon } from '@jupyterlab/ui-components';
import {
  CommandIDs,
  IClaimedClient,
  INotebookPages,
  IRunsModel
} from '../tokens';
import { RunsModel } from './model';
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
  requires: [IClaimedClient, INotebookPages],
  optional: [ITranslator],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    show: INotebookPages,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    app.commands.addCommand(CommandIDs.openNotebook, {
      label: trans.__('Open Executed Notebook'),
      execute: args => {
        const [run, task] = [args.run, args.task].map(String);
        return show({
          id: `claimed-notebook-${run}-${task}`,
          label: trans.__('%1, executed', task),
          caption: trans.__('Executed notebook of “%1” in run %2', task, run),
          content: () => client.notebook(run, task)
        });
      }
    });
  }
};
