import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IEditorServices } from '@jupyterlab/codeeditor';
import type { INotebookContent } from '@jupyterlab/nbformat';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { notebookIcon } from '@jupyterlab/ui-components';
import { IPage, showPage } from './pages';
import { INotebookPages } from './tokens';

/** A notebook to be looked at in the main area. */
export interface INotebookPage extends Pick<IPage, 'id' | 'label' | 'caption'> {
  content: () => Promise<INotebookContent>;
}

/** Shows notebooks that are no files: what was executed, what a component is. */
export const notebookPagesPlugin: JupyterFrontEndPlugin<INotebookPages> = {
  id: 'claimed-jlab:notebook-pages',
  description: 'Shows notebooks read-only, without a kernel.',
  autoStart: true,
  requires: [
    IRenderMimeRegistry,
    NotebookPanel.IContentFactory,
    IEditorServices
  ],
  optional: [ITranslator],
  provides: INotebookPages,
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    contentFactory: NotebookPanel.IContentFactory,
    { mimeTypeService }: IEditorServices,
    translator: ITranslator | null
  ): INotebookPages => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const show = async (page: INotebookPage) => {
      const { ExecutedNotebook } = await import('./runs/notebook');
      return new ExecutedNotebook({
        content: await page.content(),
        rendermime,
        contentFactory,
        mimeTypeService,
        translator: translator ?? undefined
      });
    };
    return page =>
      showPage(app.shell, {
        ...page,
        icon: notebookIcon,
        failure: trans.__('The notebook cannot be shown'),
        content: () => show(page)
      });
  }
};
