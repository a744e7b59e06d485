import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs, IClaimedClient, IRunsModel } from '../tokens';
import { addRunsCommands } from './commands';
import { notifyOfRuns } from './notify';
import { addRunStatus } from './status';

/** What is done to runs, and how JupyterLab tells of them. */
export const runActionsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:running',
  description: 'Commands for runs, their progress and their end.',
  autoStart: true,
  requires: [IClaimedClient, IRunsModel],
  optional: [ITranslator, IStatusBar],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    model: IRunsModel,
    translator: ITranslator | null,
    bar: IStatusBar | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    addRunsCommands({ app, client, model, trans });
    notifyOfRuns(model, app.commands, trans);
    if (bar) {
      addRunStatus(bar, app, model, trans);
    }
    model.changed.connect(() => {
      app.commands.notifyCommandChanged(CommandIDs.cancelRun);
    });
    // Runs go on while no browser looks: what is live is known from the start.
    void app.restored.then(() => model.refresh());
  }
};
