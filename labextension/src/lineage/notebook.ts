import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { notebookIcon } from '@jupyterlab/ui-components';
import { showPage } from '../pages';
import { CommandIDs, IClaimedClient } from '../tokens';

/** Opens the notebook of an execution as it was when it was executed. */
export const executionNotebookPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:execution-notebook',
  description: 'Opens notebooks as they were executed, read-only.',
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
    { mimeTypeService }: IEditorServices,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    app.commands.addCommand(CommandIDs.openExecution, {
      label: trans.__('Open Notebook as It Was'),
      execute: args => {
        const execution = String(args.execution);
        return showPage(app.shell, {
          id: `claimed-notebook-${execution}`,
          label: trans.__('%1, as it was', String(args.name ?? execution)),
          caption: trans.__('The notebook of %1 as it was executed', execution),
          icon: notebookIcon,
          failure: trans.__('The notebook cannot be shown'),
          content: async () => {
            const { ExecutedNotebook } = await import('../runs/notebook');
            return new ExecutedNotebook({
              content: await client.requests.json(
                `lineage/nodes/${execution}/code`
              ),
              rendermime,
              contentFactory,
              mimeTypeService,
              translator: translator ?? undefined
            });
          }
        });
      }
    });
  }
};
