import { IEditorMimeTypeService } from '@jupyterlab/codeeditor';
import { ICell, ICodeCell, INotebookContent } from '@jupyterlab/nbformat';
import {
  NotebookModel,
  NotebookPanel,
  StaticNotebook
} from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator } from '@jupyterlab/translation';
import { Message } from '@lumino/messaging';

export interface IExecutedNotebookOptions {
  content: INotebookContent;
  rendermime: IRenderMimeRegistry;
  contentFactory: NotebookPanel.IContentFactory;
  mimeTypeService: IEditorMimeTypeService;
  translator?: ITranslator;
}

/**
 * An executed notebook in JupyterLab's own look: read-only, without a kernel,
 * and untrusted, so that its HTML is sanitised and its scripts do not run.
 * Where a cell failed, it opens at that cell.
 */
export class ExecutedNotebook extends StaticNotebook {
  constructor({ content, rendermime, ...options }: IExecutedNotebookOptions) {
    super({
      ...options,
      rendermime: rendermime.clone(),
      notebookConfig: {
        ...StaticNotebook.defaultNotebookConfig,
        windowingMode: 'none'
      }
    });
    this.addClass('claimed-ExecutedNotebook');
    this.model = readOnlyModel(content, options.translator);
    this.widgets.forEach(cell => (cell.readOnly = true));
    this._failed = content.cells.findIndex(hasError);
    this.widgets[this._failed]?.addClass('claimed-mod-failed');
  }

  override dispose(): void {
    const { model } = this;
    super.dispose();
    model?.dispose();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    if (this._failed >= 0) {
      void this.scrollToItem(this._failed, 'center');
    }
  }

  private readonly _failed: number;
}

function readOnlyModel(
  content: INotebookContent,
  translator?: ITranslator
): NotebookModel {
  const model = new NotebookModel({ translator });
  model.fromJSON(content);
  for (const cell of model.cells) {
    cell.trusted = false;
  }
  model.readOnly = true;
  return model;
}

function hasError(cell: ICell): boolean {
  const outputs = (cell as ICodeCell).outputs ?? [];
  return outputs.some(output => output.output_type === 'error');
}
