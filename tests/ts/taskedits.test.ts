import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { PipelineModel } from '../../labextension/src/editor/docmodel';
import { SharedPipeline } from '../../labextension/src/editor/shared';
import { TEXT, model } from './documents';

/** Two people's models of one document, which tell each other all. */
function pair(text: string): [PipelineModel, PipelineModel] {
  const shared = [new SharedPipeline(), new SharedPipeline()];
  shared.forEach((one, at) => {
    one.ydoc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'other') {
        Y.applyUpdate(shared[1 - at].ydoc, update, 'other');
      }
    });
  });
  shared[0].setSource(text);
  const [a, b] = shared.map(
    sharedModel =>
      new PipelineModel({ sharedModel, collaborationEnabled: true })
  );
  return [a, b];
}

describe('The tasks of a document', () => {
  it('removes a task with all that speaks of it', () => {
    const document = model();
    document.transact(() => {
      document.set(['on_exit'], 'train');
      document.set(['outputs', 'o'], { output: 'train.model' });
      document.set(['canvas', 'groups', 'g'], { tasks: ['train', 'last'] });
      document.set(['canvas', 'wires', 'train.data'], { label: 'rows' });
    });
    document.removeTasks(['train']);
    const { tasks, outputs, on_exit, canvas } = document.content;
    expect(tasks).toEqual({
      load: { component: 'input/load-table@1.0.0' },
      last: { component: './mine' }
    });
    expect(outputs).toEqual({});
    expect(on_exit).toBeUndefined();
    expect(canvas).toEqual({ groups: { g: { tasks: ['last'] } }, wires: {} });
  });

  it('renames a task wherever it is named', () => {
    const document = model();
    document.set(['on_exit'], 'train');
    document.set(['canvas', 'wires', 'train.data'], { label: 'rows' });
    document.renameTask('train', 'fit');
    document.renameTask('load', 'last'); // is taken
    document.renameTask('load', 'get');
    expect(document.content).toMatchObject({
      on_exit: 'fit',
      canvas: { wires: { 'fit.data': { label: 'rows' } } },
      tasks: {
        fit: { inputs: { data: { output: 'get.table' } } },
        last: { when: "fit.accuracy > 0.5 and 'train.x' != get.rows" }
      },
      layout: { get: [10, 20] }
    });
    expect(Object.keys(document.content.tasks!)).toHaveLength(3);
  });

  it('gives new tasks names that can be read and said', () => {
    const document = model('');
    const names = [
      'input/load-table@1.0.0',
      'input/load-table@2.0.0',
      './Some folder/2. My notes.ipynb',
      'inner/train.pipeline',
      '../',
      'steps.py::clean'
    ].map(component => document.addTask(component));
    expect(names).toEqual([
      'load_table',
      'load_table_2',
      'task_2_My_notes',
      'train',
      'task',
      'steps'
    ]);
    expect(document.content).toMatchObject({ format: 'claimed-pipeline/1' });
  });
});

describe('Two people in one document', () => {
  it('edit two fields of one task', () => {
    const [a, b] = pair(TEXT);
    expect(b.toString()).toBe(TEXT);
    a.set(['tasks', 'train', 'timeout'], 5);
    b.setInput('train', 'seed', { value: 1 });
    expect(a.content).toEqual(b.content);
    expect(a.toString()).toBe(b.toString());
    expect(a.get(['tasks', 'train'])).toMatchObject({
      timeout: 5,
      inputs: { seed: { value: 1 }, data: { output: 'load.table' } }
    });
  });

  it('take back what is their own', () => {
    const [a, b] = pair(TEXT);
    a.set(['name'], 'of a');
    b.place(new Map([['load', [0, 0]]]));
    expect(a.canUndo).toBe(true);
    a.undo();
    expect(b.content).toMatchObject({
      name: 'Example',
      layout: { load: [0, 0] }
    });
    expect(a.canUndo).toBe(false);
  });
});
