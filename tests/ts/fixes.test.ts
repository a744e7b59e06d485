import { YNotebook } from '@jupyter/ydoc';
import { beforeEach, describe, expect, it } from 'vitest';
import { IEdit } from '../../labextension/src/api/types';
import { applyFix } from '../../labextension/src/componentize/fixes';

const CELLS = [
  { cell_type: 'markdown', id: 'a', source: '# Title', metadata: {} },
  { cell_type: 'code', id: 'b', source: 'a = 1\nb = 2\nc = 3', metadata: {} }
];

let notebook: YNotebook;
const source = (cell: number) => notebook.cells[cell - 1].source;
const fix = (...edits: IEdit[]) => applyFix(notebook, { label: 'It', edits });

beforeEach(() => {
  notebook = YNotebook.create({
    disableDocumentWideUndoRedo: true, // JupyterLab's own choice
    data: {
      cells: structuredClone(CELLS) as never,
      metadata: { claimed: { version: '1.0.0' } },
      nbformat: 4,
      nbformat_minor: 5
    }
  });
  notebook.undoManager.clear();
});

describe('A fix of a notebook', () => {
  it('tags a cell, once', () => {
    fix({ kind: 'tag', cell: 2, tag: 'parameters' });
    fix({ kind: 'tag', cell: 2, tag: 'parameters' });
    expect(notebook.cells[1].getMetadata('tags')).toEqual(['parameters']);
  });

  it.each([
    [1, 1, 'x = 9\nb = 2\nc = 3'],
    [2, 2, 'a = 1\nx = 9\nc = 3'],
    [3, 3, 'a = 1\nb = 2\nx = 9'],
    [1, 3, 'x = 9'],
    [2, 3, 'a = 1\nx = 9']
  ])('replaces the lines %i to %i', (first, last, expected) => {
    fix({ kind: 'lines', cell: 2, first, last, text: 'x = 9' });
    expect(source(2)).toBe(expected);
  });

  it('counts cells and lines as they were before it', () => {
    const code = { cell_type: 'code' as const, tags: ['parameters'] };
    fix(
      { kind: 'insert', at: 1, source: 'new = 0', ...code },
      { kind: 'lines', cell: 2, first: 1, last: 1, text: 'a = 1\naa = 1' },
      { kind: 'lines', cell: 2, first: 3, last: 3, text: 'x = 9' }
    );
    expect(source(1)).toBe('new = 0');
    expect(notebook.cells[0].getMetadata('tags')).toEqual(['parameters']);
    expect(source(3)).toBe('a = 1\naa = 1\nb = 2\nx = 9');
  });

  it('sets what the notebook says of its component', () => {
    fix({ kind: 'metadata', key: 'license', value: 'MIT' });
    const claimed = { version: '1.0.0', license: 'MIT' };
    expect(notebook.getMetadata('claimed')).toEqual(claimed);
  });

  it('that does not fit changes nothing', () => {
    const before = notebook.toJSON();
    const tag: IEdit = { kind: 'tag', cell: 2, tag: 'parameters' };
    expect(() => fix(tag, { ...tag, cell: 9 })).toThrow('no such cell');
    expect(() =>
      fix(tag, { kind: 'lines', cell: 2, first: 3, last: 4, text: '' })
    ).toThrow('no such line');
    expect(notebook.toJSON()).toEqual(before);
  });
});

describe('Taking a fix back', () => {
  const all: IEdit[] = [
    { kind: 'tag', cell: 2, tag: 'parameters' },
    { kind: 'lines', cell: 2, first: 2, last: 2, text: 'b: int = 2' },
    { kind: 'insert', at: 3, cell_type: 'code', source: 'd = 4', tags: ['x'] },
    { kind: 'metadata', key: 'license', value: 'MIT' }
  ];

  it('brings back exactly what was, in one step', () => {
    const before = notebook.toJSON();
    const applied = fix(...all);
    expect(notebook.cells).toHaveLength(3);
    expect(applied.canUndo).toBe(true);
    applied.undo();
    expect(notebook.toJSON()).toEqual(before);
    expect(applied.canUndo).toBe(false);
  });

  it('is the same by the undo of the notebook', () => {
    const before = notebook.toJSON();
    const applied = fix(...all.slice(0, 3));
    notebook.undo();
    expect(notebook.toJSON()).toEqual(before);
    expect(applied.canUndo).toBe(false);
  });

  it('leaves alone what was typed right before', () => {
    notebook.cells[1].updateSource(0, 0, '# typed\n');
    notebook.insertCell(2, { cell_type: 'code', source: 'mine' });
    const before = notebook.toJSON();
    fix(all[0]).undo();
    expect(notebook.toJSON()).toEqual(before);
  });

  it('removes what there was none of', () => {
    notebook.deleteMetadata('claimed');
    const before = notebook.toJSON();
    fix(all[3]).undo();
    expect(notebook.toJSON()).toEqual(before);
  });

  it('is not offered when something came after it', () => {
    const cells = fix(all[0]);
    notebook.insertCell(0, { cell_type: 'code', source: 'mine' });
    expect(cells.canUndo).toBe(false);
    const metadata = fix(all[3]);
    notebook.setMetadata('claimed', { license: 'BSD-3-Clause' });
    expect(metadata.canUndo).toBe(false);
  });
});
