import { MainAreaWidget } from '@jupyterlab/apputils';
import { IEditorMimeTypeService } from '@jupyterlab/codeeditor';
import { ICell, ICodeCell, INotebookContent } from '@jupyterlab/nbformat';
import {
  NotebookModel,
  NotebookPanel,
  StaticNotebook
} from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator } from '@jupyterlab/translation';
import { notebookIcon } from '@jupyterlab/ui-components';

export interface IExecutedNotebookOptions {
  id: string;
  label: string;
  caption: string;
  content: INotebookContent;
  rendermime: IRenderMimeRegistry;
  contentFactory: NotebookPanel.IContentFactory;
  mimeTypeService: IEditorMimeTypeService;
  translator?: ITranslator;
}

function hasError(cell: ICell): boolean {
  const outputs = (cell as ICodeCell).outputs ?? [];
  return outputs.some(output => output.output_type === 'error');
}

/**
 * An executed notebook in JupyterLab's own look: read-only, without a kernel,
 * and untrusted, so that its HTML is sanitised and its scripts do not run.
 * Where a cell failed, it opens at that cell.
 */
export function createExecutedNotebook(
  options: IExecutedNotebookOptions
): MainAreaWidget<StaticNotebook> {
  const model = new NotebookModel({ translator: options.translator });
  model.fromJSON(options.content);
  for (const cell of model.cells) {
    cell.trusted = false;
  }
  model.readOnly = true;
  const notebook = new StaticNotebook({
    rendermime: options.rendermime.clone(),
    contentFactory: options.contentFactory,
    mimeTypeService: options.mimeTypeService,
    translator: options.translator,
    notebookConfig: {
      ...StaticNotebook.defaultNotebookConfig,
      windowingMode: 'none'
    }
  });
  notebook.addClass('claimed-ExecutedNotebook');
  notebook.model = model;
  notebook.disposed.connect(() => model.dispose());
  for (const cell of notebook.widgets) {
    cell.readOnly = true;
  }
  const failed = options.content.cells.findIndex(hasError);
  if (failed >= 0) {
    notebook.widgets[failed].addClass('claimed-mod-failed');
  }
  const widget = new MainAreaWidget({ content: notebook });
  void widget.revealed.then(() => {
    if (failed >= 0) {
      void notebook.scrollToItem(failed, 'center');
    }
  });
  widget.id = options.id;
  widget.title.label = options.label;
  widget.title.caption = options.caption;
  widget.title.icon = notebookIcon;
  widget.title.closable = true;
  return widget;
}
