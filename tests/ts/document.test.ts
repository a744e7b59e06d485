import { describe, expect, it, vi } from 'vitest';
import { PipelineModel } from '../../labextension/src/editor/docmodel';
import {
  DocumentText,
  newDocument
} from '../../labextension/src/editor/document';

const TEXT = `{
    "format": "claimed-pipeline/1",
    "x-team": {"b": 1,   "a": [1,2]},
    "tasks": {
        "load": {"component": "input/load-table@1.0.0"},
        "train": {"component": "train/sklearn-classifier@1.0.0", "x": null},
        "last": {"component": "./mine"}
    },
    "layout": {
        "load": [ 10, 20 ],
        "last": [900, 20],
        "gone": [1, 2]
    },
    "name": "Example"
}
`;

function placed(text: string, moved: [string, [number, number]][]): string {
  const edit = new DocumentText(text).place(new Map(moved))!;
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}

describe('The text of a document', () => {
  it('changes the numbers of a moved task and nothing else', () => {
    const text = placed(TEXT, [['load', [33.4, -7.6]]]);
    expect(text).toBe(TEXT.replace('[ 10, 20 ]', '[ 33, -8 ]'));
  });

  it('adds a task that had no place behind the one it follows', () => {
    const text = placed(TEXT, [['train', [5, 6]]]);
    const layout = /"layout": (\{[^}]*\})/.exec(text)![1];
    expect(Object.keys(JSON.parse(layout))).toEqual([
      'load',
      'train',
      'last',
      'gone'
    ]);
    expect(text).toContain('\n        "train": [5, 6],\n');
  });

  it('gets a layout when it had none, with its own indentation', () => {
    const bare = TEXT.replace(/,\s*"layout": \{[^}]*\}/, '');
    const text = placed(bare, [
      ['train', [5, 6]],
      ['load', [1, 2]]
    ]);
    expect(text).toContain(
      '"layout": {\n        "load": [1, 2],\n        "train": [5, 6]\n    }'
    );
    expect({ ...JSON.parse(text), layout: undefined }).toEqual({
      ...JSON.parse(bare),
      layout: undefined
    });
  });

  it('means the same after a move, and not after another edit', () => {
    const before = new DocumentText(TEXT).meaning;
    expect(new DocumentText(placed(TEXT, [['load', [3, 4]]])).meaning).toBe(
      before
    );
    const other = TEXT.replace('./mine', './yours');
    expect(new DocumentText(other).meaning).not.toBe(before);
  });

  it('is not touched when it is broken', () => {
    for (const text of ['', '{"tasks": {', '[1]', '{"a": 1} trailing']) {
      const document = new DocumentText(text);
      expect(document.isEditable).toBe(false);
      expect(document.place(new Map([['a', [1, 2]]]))).toBeNull();
      expect(document.layout.size).toBe(0);
    }
  });

  it('passes over places that are none', () => {
    const text = '{"layout": {"a": [1], "b": "x", "c": [1, 2]}, "tasks": 3}';
    expect([...new DocumentText(text).layout.keys()]).toEqual(['c']);
    expect(placed(text, [['b', [7, 8]]])).toContain('"b": [7, 8]');
  });

  it('of a new document is one the editor can place tasks in', () => {
    const document = new DocumentText(newDocument('mine'));
    expect(document.isEditable).toBe(true);
    expect(JSON.parse(document.text).name).toBe('mine');
  });
});

describe('The document model', () => {
  it('is clean after a load, dirty after a move, clean after a reload', () => {
    const model = new PipelineModel();
    model.fromString(TEXT);
    expect(model.dirty).toBe(false);
    model.place(new Map([['load', [1, 1]]]));
    expect(model.dirty).toBe(true);
    model.fromString(TEXT);
    expect(model.dirty).toBe(false);
  });

  it('tells of the dirty state, as the tab shows it', () => {
    const model = new PipelineModel();
    model.fromString(TEXT);
    const seen: unknown[] = [];
    model.stateChanged.connect((_, change) => seen.push(change.newValue));
    model.place(new Map([['load', [1, 1]]]));
    model.dirty = false; // as the context does after a save
    expect(seen).toEqual([true, false]);
  });

  it('gives back the very text it was given', () => {
    for (const text of [TEXT, '{"tasks": {', '\t{}\n\n', 'ümläut "']) {
      const model = new PipelineModel();
      model.fromString(text);
      expect(model.toString()).toBe(text);
    }
  });

  it('stays clean when a task is put where it is', () => {
    const model = new PipelineModel();
    model.fromString(TEXT);
    expect(model.place(new Map([['load', [10, 20]]]))).toBe(true);
    expect(model.dirty).toBe(false);
  });

  it('changes nothing in a broken or a read-only document', () => {
    const model = new PipelineModel();
    model.fromString('{"tasks": {');
    expect(model.place(new Map([['a', [1, 1]]]))).toBe(false);
    model.fromString(TEXT);
    model.readOnly = true;
    expect(model.place(new Map([['load', [1, 1]]]))).toBe(false);
    expect(model.dirty).toBe(false);
    expect(model.toString()).toBe(TEXT);
  });

  it('says when its content changed, also by another editor', () => {
    const model = new PipelineModel();
    model.fromString(TEXT);
    const changed = vi.fn();
    model.contentChanged.connect(changed);
    model.sharedModel.setSource(TEXT.replace('10', '11'));
    expect(changed).toHaveBeenCalled();
    expect(model.document.layout.get('load')).toEqual([11, 20]);
  });

  it('undoes a move', () => {
    const model = new PipelineModel();
    model.fromString(TEXT);
    model.place(new Map([['load', [1, 1]]]));
    model.sharedModel.undo();
    expect(model.toString()).toBe(TEXT);
  });
});
