import { YNotebook } from '@jupyter/ydoc';
import { ICodeCell, INotebookContent, isCode } from '@jupyterlab/nbformat';
import { NotebookPanel } from '@jupyterlab/notebook';
import { PartialJSONObject } from '@lumino/coreutils';
import { ISignal } from '@lumino/signaling';
import { IFix } from '../api/types';
import { IAppliedFix, applyFix } from './fixes';

/** A notebook that is being edited. */
export interface INotebookSource {
  /** Contents path. */
  readonly path: string;
  /** Its JSON as it is now, without what running it left behind. */
  readonly text: string;
  /** Of that, what a person wrote. */
  readonly written: string;
  /** Resolved when the notebook has been read. */
  readonly ready: Promise<void>;
  readonly changed: ISignal<unknown, unknown>;
  /** Writes it to the disk when it has changes. */
  save(): Promise<void>;
  /** Goes to a line of a cell; both are counted from 1. */
  show(cell: number, line: number | null): void;
  /** Brings the notebook to the front, with the keyboard. */
  activate(): void;
  /** Changes the notebook; raises an Error when the fix is none for it. */
  apply(fix: IFix): IAppliedFix;
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
    return notebookText(this._content);
  }
  get written(): string {
    return writtenText(this._content);
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

  activate(): void {
    this._activate();
  }

  apply(fix: IFix): IAppliedFix {
    const { model } = this._panel.context;
    if (model.readOnly) {
      throw new Error('The notebook is read-only.');
    }
    return applyFix(model.sharedModel as YNotebook, fix);
  }

  show(cell: number, line: number | null): void {
    const { content } = this._panel;
    if (cell > content.widgets.length) {
      return;
    }
    this._activate();
    content.deselectAll();
    content.activeCellIndex = cell - 1;
    void this._goTo(cell - 1, line);
  }

  private get _content(): INotebookContent {
    return this._panel.context.model.toJSON() as unknown as INotebookContent;
  }

  /** A cell out of sight gets its editor when it is scrolled to. */
  private async _goTo(index: number, line: number | null): Promise<void> {
    const { content } = this._panel;
    await content.scrollToItem(index, 'smart');
    const cell = content.widgets[index];
    const { editor } = cell;
    if (line === null || !editor || line > editor.lineCount) {
      return;
    }
    if (cell.model.type === 'code') {
      content.mode = 'edit'; // shows the cursor
    }
    const position = { line: line - 1, column: 0 };
    editor.setCursorPosition(position);
    editor.revealPosition(position);
  }
}

/**
 * A notebook as text, without what running it leaves behind: outputs and
 * counts, which can be large, and trust. They say nothing about its interface.
 */
export function notebookText(notebook: INotebookContent): string {
  const cells = notebook.cells.map(cell =>
    isCode(cell)
      ? ({
          ...cell,
          metadata: without('trusted', cell.metadata),
          outputs: [],
          execution_count: null
        } as ICodeCell)
      : cell
  );
  return JSON.stringify({ ...notebook, cells });
}

/** What a person wrote of that text: a kernel that starts adds who it is. */
export function writtenText(notebook: INotebookContent): string {
  const metadata = without('language_info', notebook.metadata);
  return notebookText({ ...notebook, metadata });
}

function without(key: string, metadata: PartialJSONObject): PartialJSONObject {
  const { [key]: _, ...rest } = metadata;
  return rest;
}
