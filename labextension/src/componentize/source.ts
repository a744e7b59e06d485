import { ICodeCell, INotebookContent, isCode } from '@jupyterlab/nbformat';
import { NotebookPanel } from '@jupyterlab/notebook';
import { ISignal } from '@lumino/signaling';

/** A notebook that is being edited. */
export interface INotebookSource {
  /** Contents path. */
  readonly path: string;
  /** Its JSON as it is now, without what running it left behind. */
  readonly text: string;
  /** Resolved when the notebook has been read. */
  readonly ready: Promise<void>;
  readonly changed: ISignal<unknown, unknown>;
  /** Writes it to the disk when it has changes. */
  save(): Promise<void>;
  /** Goes to a line of a cell; both are counted from 1. */
  show(cell: number, line: number | null): void;
}

/** The notebook of an open panel. */
export class OpenNotebook implements INotebookSource {
  /** activate: brings the panel to the front. */
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _activate: () => void
  ) {}

  get path(): string {
    return this._panel.context.localPath;
  }
  get text(): string {
    return notebookText(
      this._panel.context.model.toJSON() as unknown as INotebookContent
    );
  }
  get ready(): Promise<void> {
    return this._panel.context.ready;
  }
  get changed(): ISignal<unknown, unknown> {
    return this._panel.context.model.contentChanged;
  }

  async save(): Promise<void> {
    const { context } = this._panel;
    if (context.model.dirty) {
      await context.save();
    }
  }

  show(cell: number, line: number | null): void {
    const { content } = this._panel;
    if (cell > content.widgets.length) {
      return;
    }
    this._activate();
    content.deselectAll();
    content.activeCellIndex = cell - 1;
    void content.scrollToItem(cell - 1, 'smart');
    if (line !== null) {
      content.activeCell?.editor?.setCursorPosition({
        line: line - 1,
        column: 0
      });
    }
  }
}

/**
 * A notebook as text, without outputs and counts: they say nothing about its
 * interface, can be large, and change while it runs.
 */
export function notebookText(notebook: INotebookContent): string {
  const cells = notebook.cells.map(cell =>
    isCode(cell)
      ? ({ ...cell, outputs: [], execution_count: null } as ICodeCell)
      : cell
  );
  return JSON.stringify({ ...notebook, cells });
}
