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
import { asNotebook } from './reading';

/** Opens the code of a component; most are outside the folder that JupyterLab shows. */
export const componentCodePlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:component-code',
  description: 'Opens the notebooks of components, read-only.',
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
    app.commands.addCommand(CommandIDs.openCode, {
      label: trans.__('Look at the Code'),
      execute: args => {
        const reference = String(args.reference);
        const id = `claimed-code-${reference}`;
        closePage(app.shell, id);
        return showPage(app.shell, {
          id,
          label: trans.__('%1, code', nameOf(reference)),
          caption: trans.__('The code of the component %1', reference),
          icon: notebookIcon,
          failure: trans.__('The code cannot be shown'),
          content: async () => {
            const { ExecutedNotebook } = await import('../runs/notebook');
            return new ExecutedNotebook({
              content: asNotebook(await client.componentCode(reference), trans),
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

/** The code may have changed since it was looked at, under the same reference. */
function closePage(shell: JupyterFrontEnd.IShell, id: string): void {
  [...shell.widgets('main')].find(widget => widget.id === id)?.close();
}

/** `load-table` of `input/load-table@1.0.0`; tabs are narrow. */
function nameOf(reference: string): string {
  return reference.replace(/^.*\//, '').replace(/@.*$/, '');
}
