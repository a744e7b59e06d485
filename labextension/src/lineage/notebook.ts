import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs, IClaimedClient, INotebookPages } from '../tokens';

/** Opens the notebook of an execution as it was when it was executed. */
export const executionNotebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:execution-notebook',
  description: 'Opens notebooks as they were executed, read-only.',
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
    app.commands.addCommand(CommandIDs.openExecution, {
      label: trans.__('Open Notebook as It Was'),
      execute: args => {
        const execution = String(args.execution);
        return show({
          id: `claimed-notebook-${execution}`,
          label: trans.__('%1, as it was', String(args.name ?? execution)),
          caption: trans.__('The notebook of %1 as it was executed', execution),
          content: () => client.requests.json(`lineage/nodes/${execution}/code`)
        });
      }
    });
  }
};
