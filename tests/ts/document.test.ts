import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { PipelineModel } from '../../labextension/src/editor/docmodel';
import { newDocument } from '../../labextension/src/editor/document';
import { FIELDS } from '../../labextension/src/editor/keyorder';
import { TEXT, model } from './documents';

const ROOT = join(__dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const EXAMPLE = read('examples/trusted-ai/german-credit.pipeline');
const BROKEN = ['{"tasks": {', '[1]', '{"a": 1} trailing', '"text"', '{,}'];

describe('The text of a document', () => {
  it('changes the numbers of a moved task and nothing else', () => {
    const document = model();
    document.place(new Map([['load', [33.4, -7.6]]]));
    expect(document.toString()).toBe(TEXT.replace('[ 10, 20 ]', '[ 33, -8 ]'));
  });

  it('gets a new task at its place by the alphabet, in its own indentation', () => {
    const document = model(EXAMPLE);
    document.addTask('report/model-card@1.0.0', { position: [4.2, 5] });
    const lines = document.toString().split('\n');
    const before = EXAMPLE.split('\n');
    const added = lines.filter(line => !before.includes(line));
    expect(added.map(line => line.trim())).toEqual([
      '"model_card": {',
      '"component": "report/model-card@1.0.0"',
      '"model_card": [4, 5],'
    ]);
  });

  it('gets a layout behind what comes before it, when it had none', () => {
    const bare = TEXT.replace(/\s*"layout": \{[^}]*\},/, '');
    const document = model(bare);
    document.place(
      new Map([
        ['train', [5, 6]],
        ['load', [1, 2]]
      ])
    );
    expect(document.toString()).toBe(
      bare.replace(
        '    },\n    "name"',
        '    },\n    "layout": {\n        "load": [1, 2],\n        "train": [5, 6]\n    },\n    "name"'
      )
    );
  });

  it('keeps what is in one line in one line', () => {
    const document = model();
    document.setInput('load', 'source', { value: 'a.csv' });
    document.set(['tasks', 'train', 'timeout'], undefined);
    expect(document.toString()).toBe(
      TEXT.replace(
        '@1.0.0"}',
        '@1.0.0", "inputs": {"source": {"value": "a.csv"}}}'
      ).replace(', "timeout": 1.50e2', '')
    );
  });

  it('renames a key where it stands', () => {
    const document = model();
    document.set(['tasks', 'first'], document.get(['tasks', 'load']));
    document.set(['tasks', 'load'], undefined);
    expect(document.toString()).toBe(TEXT.replace('"load": {', '"first": {'));
  });

  it('puts new fields in the order of the format', () => {
    const document = model('{\n  "tasks": {}\n}\n');
    document.transact(() => {
      document.set(['layout'], { b: [1, 2], a: [3, 4] });
      document.set(['name'], 'x');
      document.set(['tasks', 'b'], {
        cache: false,
        component: 'c',
        x: [[1], 2]
      });
      document.set(['format'], 'f');
    });
    expect(document.toString()).toBe(
      '{\n  "format": "f",\n  "name": "x",\n  "tasks": {\n    "b": {\n      "component": "c",\n      "cache": false,\n      "x": [\n        [1],\n        2\n      ]\n    }\n  },\n  "layout": {\n    "a": [3, 4],\n    "b": [1, 2]\n  }\n}\n'
    );
  });

  it('is the one that was loaded, whatever is in it', () => {
    for (const text of [TEXT, EXAMPLE, '\t{}\n\n', ' ', '{"a":1,"a":2}']) {
      expect(model(text).toString()).toBe(text);
    }
    for (const text of BROKEN) {
      expect(model(text).toString()).toBe(text);
    }
  });

  it('of a new document is one the editor can put tasks in', () => {
    const document = model(newDocument('mine'));
    expect(document.addTask('input/load-table@1.0.0')).toBe('load_table');
    expect(JSON.parse(document.toString())).toMatchObject({
      name: 'mine',
      tasks: { load_table: { component: 'input/load-table@1.0.0' } }
    });
  });

  it('knows the fields of the format, in its order', () => {
    const schema = JSON.parse(read('claimed_jlab/schemas/pipeline.json'));
    const { $defs: parts, ...Pipeline } = schema;
    for (const [name, part] of Object.entries({ ...parts, Pipeline })) {
      const known = FIELDS[name as keyof typeof FIELDS] ?? [];
      const { properties } = part as { properties: object };
      const fields = Object.keys(properties);
      expect(known.filter(field => fields.includes(field))).toEqual(fields);
    }
  });
});

describe('The document model', () => {
  it('is clean after a load, dirty after an edit, clean after a reload', () => {
    for (const collaborationEnabled of [false, true]) {
      const document = new PipelineModel({ collaborationEnabled });
      document.fromString(TEXT);
      expect(document.dirty).toBe(false);
      document.place(new Map([['load', [1, 1]]]));
      expect(document.dirty).toBe(true);
      document.fromString(TEXT);
      expect(document.dirty).toBe(false);
      expect(document.toString()).toBe(TEXT);
    }
  });

  it('tells of the dirty state, as the tab shows it', () => {
    const document = model();
    const seen: unknown[] = [];
    document.stateChanged.connect((_, change) => seen.push(change.newValue));
    document.place(new Map([['load', [1, 1]]]));
    document.dirty = false; // as the context does after a save
    document.undo();
    expect(seen).toEqual([true, false, true]);
  });

  it('stays clean when nothing differs', () => {
    const document = model();
    document.place(new Map([['load', [10, 20]]]));
    document.set(['tasks', 'train', 'x'], null);
    document.set(['tasks', 'nobody'], undefined);
    expect(document.dirty).toBe(false);
    expect(document.canUndo).toBe(false);
  });

  it('changes nothing in a broken or a read-only document', () => {
    for (const text of BROKEN) {
      const document = model(text);
      expect(document.isEditable).toBe(false);
      expect(document.addTask('a/b@1')).toBe('');
      document.set([], { name: 'x' });
      document.place(new Map([['a', [1, 1]]]));
      expect(document.toString()).toBe(text);
      expect(document.dirty).toBe(false);
    }
    const document = model();
    document.readOnly = true;
    document.removeTasks(['load']);
    expect(document.toString()).toBe(TEXT);
  });

  it('passes over places that are none', () => {
    const document = model('{"layout": {"a": [1], "b": "x", "c": [1, 2]}}');
    expect([...document.layout.keys()]).toEqual(['c']);
  });

  it('means the same after a move, and not after another edit', () => {
    const document = model();
    const before = document.meaning;
    document.place(new Map([['load', [3, 4]]]));
    document.set(['canvas', 'notes', 'n'], { text: 'x' });
    expect(document.meaning).toBe(before);
    document.set(['tasks', 'last', 'component'], './yours');
    expect(document.meaning).not.toBe(before);
  });

  it('says when its content changed', () => {
    const document = model();
    const changed = vi.fn();
    document.contentChanged.connect(changed);
    document.set(['name'], 'x');
    expect(changed).toHaveBeenCalledTimes(1);
  });

  it('takes back one edit at a time, and again', () => {
    const document = model();
    document.place(new Map([['load', [1, 1]]]));
    const moved = document.toString();
    document.removeTasks(['load', 'train']);
    document.undo();
    expect(document.toString()).toBe(moved);
    document.undo();
    expect(document.toString()).toBe(TEXT);
    expect(document.canUndo).toBe(false);
    document.redo();
    expect(document.toString()).toBe(moved);
  });
});
