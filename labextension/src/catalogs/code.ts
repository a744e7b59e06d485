import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs, IClaimedClient, INotebookPages } from '../tokens';
import { asNotebook } from './reading';

/** Opens the code of a component; most are outside the folder that JupyterLab shows. */
export const componentCodePlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:component-code',
  description: 'Opens the notebooks of components, read-only.',
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
    app.commands.addCommand(CommandIDs.openCode, {
      label: trans.__('Look at the Code'),
      execute: args => {
        const reference = String(args.reference);
        const id = `claimed-code-${reference}`;
        closePage(app.shell, id);
        return show({
          id,
          label: trans.__('%1, code', nameOf(reference)),
          caption: trans.__('The code of the component %1', reference),
          content: async () =>
            asNotebook(await client.componentCode(reference), trans)
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
