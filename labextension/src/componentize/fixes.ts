import { YNotebook } from '@jupyter/ydoc';
import { JSONExt, PartialJSONValue } from '@lumino/coreutils';
import { IEdit, IFix } from '../api/types';

/** The notebook's metadata that speaks of the component. */
const CLAIMED = 'claimed';

/** A fix that was applied, and how to take it back. */
export interface IAppliedFix {
  readonly label: string;
  /** Whether taking it back would touch nothing that came after it. */
  readonly canUndo: boolean;
  undo(): void;
}

/**
 * Applies a fix to a notebook, as one step of the notebook's own history.
 *
 * The history knows the cells with their tags, not the notebook's metadata:
 * what a fix does there is remembered here.
 *
 * Raises a RangeError when the notebook has not the cells or the lines; then
 * nothing is changed.
 */
export function applyFix(notebook: YNotebook, fix: IFix): IAppliedFix {
  fix.edits.forEach(edit => check(notebook, edit));
  const { undoManager } = notebook;
  const newest = () => undoManager.undoStack[undoManager.undoStack.length - 1];
  const metadata = () => notebook.getMetadata(CLAIMED) ?? null;
  const [stepBefore, metadataBefore] = [newest(), metadata()];
  undoManager.stopCapturing(); // else it is one step with what was just typed
  notebook.transact(() =>
    inOrder(fix.edits).forEach(edit => apply(notebook, edit))
  );
  undoManager.stopCapturing();
  const [step, metadataAfter] = [newest(), metadata()];
  const isStep = step !== stepBefore;
  const isMetadata = !JSONExt.deepEqual(metadataBefore, metadataAfter);
  return {
    label: fix.label,
    get canUndo(): boolean {
      return (
        (!isStep || newest() === step) &&
        (!isMetadata || JSONExt.deepEqual(metadata(), metadataAfter))
      );
    },
    undo: () => {
      if (isStep) {
        notebook.undo();
      }
      if (isMetadata) {
        setMetadata(notebook, metadataBefore);
      }
    }
  };
}

/** What inserts comes last, and all from the end: so no edit moves the next. */
function inOrder(edits: IEdit[]): IEdit[] {
  const inserts = edits.filter(edit => edit.kind === 'insert');
  const others = edits.filter(edit => edit.kind !== 'insert');
  const place = (edit: IEdit): number =>
    edit.kind === 'insert' ? edit.at : edit.kind === 'lines' ? edit.first : 0;
  const fromEnd = (a: IEdit, b: IEdit) => place(b) - place(a);
  return [...others.sort(fromEnd), ...inserts.sort(fromEnd)];
}

/** Raises a RangeError when an edit does not fit the notebook. */
function check(notebook: YNotebook, edit: IEdit): void {
  const cells = notebook.cells.length;
  const fits =
    edit.kind === 'metadata' ||
    (edit.kind === 'insert'
      ? edit.at >= 1 && edit.at <= cells + 1
      : edit.cell >= 1 && edit.cell <= cells);
  if (!fits) {
    throw new RangeError('The notebook has no such cell.');
  }
  if (edit.kind === 'lines') {
    const { length } = notebook.cells[edit.cell - 1].source.split('\n');
    if (edit.first < 1 || edit.last < edit.first || edit.last > length) {
      throw new RangeError('The cell has no such line.');
    }
  }
}

function apply(notebook: YNotebook, edit: IEdit): void {
  switch (edit.kind) {
    case 'tag':
      return tag(notebook, edit.cell, edit.tag);
    case 'lines':
      return replaceLines(notebook, edit);
    case 'insert':
      return insert(notebook, edit);
    case 'metadata': {
      const known = notebook.getMetadata(CLAIMED);
      const entry = { [edit.key]: edit.value as PartialJSONValue };
      const rest = JSONExt.isObject(known ?? null) ? (known as object) : {};
      return notebook.setMetadata(CLAIMED, { ...rest, ...entry });
    }
  }
}

function tag(notebook: YNotebook, cell: number, name: string): void {
  const shared = notebook.cells[cell - 1];
  const tags = (shared.getMetadata('tags') as string[] | undefined) ?? [];
  if (!tags.includes(name)) {
    shared.setMetadata('tags', [...tags, name]);
  }
}

/** Touches no other line, so that cursors and marks in them stay. */
function replaceLines(
  notebook: YNotebook,
  edit: Extract<IEdit, { kind: 'lines' }>
): void {
  const cell = notebook.cells[edit.cell - 1];
  const lines = cell.source.split('\n');
  const start = lines.slice(0, edit.first - 1).join('\n').length;
  const old = lines.slice(edit.first - 1, edit.last).join('\n');
  const from = edit.first > 1 ? start + 1 : 0;
  cell.updateSource(from, from + old.length, edit.text);
}

function insert(
  notebook: YNotebook,
  { at, cell_type, source, tags }: Extract<IEdit, { kind: 'insert' }>
): void {
  const tagged = tags.length > 0 ? { tags: [...tags] } : {};
  // The user pressed the button: it is theirs as if they had typed it.
  const metadata = cell_type === 'code' ? { trusted: true, ...tagged } : tagged;
  notebook.insertCell(at - 1, { cell_type, source, metadata });
}

function setMetadata(notebook: YNotebook, value: PartialJSONValue): void {
  if (value === null) {
    notebook.deleteMetadata(CLAIMED);
  } else {
    notebook.setMetadata(CLAIMED, value);
  }
}
