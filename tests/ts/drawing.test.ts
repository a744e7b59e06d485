import { describe, expect, it } from 'vitest';
import {
  aligned,
  distributed,
  freePlace,
  neighbour
} from '../../labextension/src/drawing/boxes';
import {
  copyTasks,
  pastePart,
  readPart,
  relativePath
} from '../../labextension/src/drawing/clipboard';
import { present } from '../../labextension/src/drawing/present';
import { addGroup, groupsOf } from '../../labextension/src/drawing/things';
import {
  onlyWay,
  partners,
  refusal
} from '../../labextension/src/drawing/wiring';
import { PipelineModel } from '../../labextension/src/editor/docmodel';
import { ICard, buildGraph } from '../../labextension/src/editor/graph';
import { component, description, input, output, task } from './fakes';

const TYPES = {
  given: ['Output[Dataset]', 'Output[Model]', 'int', 'list'],
  reads: { 'Input[Dataset]': [0], 'Input[Model]': [1], float: [2], list: [3] }
};

const LOAD = task({
  name: 'load',
  outputs: [output('table', 'Output[Dataset]'), output('rows', 'int')]
});
const TRAIN = task({
  name: 'train',
  component: 'train/classifier@1.0.0',
  inputs: [
    input(),
    input({ name: 'C', type: 'float', kind: 'parameter', optional: true })
  ],
  outputs: [output('model', 'Output[Model]')]
});
const CONTENT = {
  tasks: {
    load: { component: 'input/load-table@1.0.0' },
    train: { component: 'train/classifier@1.0.0' }
  },
  layout: { load: [0, 0], train: [300, 0] }
};
const DESCRIBED = description({ tasks: [LOAD, TRAIN], types: TYPES });
const ANSWER = { description: DESCRIBED, content: CONTENT };

function document(content: object = CONTENT): PipelineModel {
  const model = new PipelineModel();
  model.fromString(JSON.stringify(content));
  return model;
}

function cardsOf(model: PipelineModel): ICard[] {
  const shown = present(ANSWER, model.content, () => undefined);
  return buildGraph(shown, model.layout, null).cards;
}

describe('What is drawn before the server has spoken', () => {
  it('has the wire that was just made, and cuts the one that is gone', () => {
    const model = document();
    model.setInput('train', 'data', { output: 'load.table' });
    const shown = present(ANSWER, model.content, () => undefined);
    expect(shown.edges).toEqual([
      {
        source: 'load',
        output: 'table',
        target: 'train',
        input: 'data',
        type: 'Dataset',
        kind: 'artifact'
      }
    ]);
    model.undo();
    expect(present(ANSWER, model.content, () => undefined).edges).toHaveLength(
      0
    );
  });

  it('gives a copy the ports of its like, and a new task those of the palette', () => {
    const model = document();
    model.addTask('train/classifier@1.0.0');
    model.addTask('input/other@1.0.0');
    const other = component({
      name: 'other',
      title: 'Other',
      outputs: []
    });
    const { tasks } = present(ANSWER, model.content, () => other);
    const byName = new Map(tasks.map(one => [one.name, one]));
    expect(byName.get('classifier')!.inputs[0].name).toBe('data');
    expect(byName.get('other')!.title).toBe('Other');
    expect(byName.get('load')).toBe(LOAD); // the very same: not drawn again
  });

  it('says nothing of tasks that are gone', () => {
    const model = document();
    model.removeTasks(['train']);
    const problem = { ...PROBLEM, task: 'train' };
    const answer = {
      ...ANSWER,
      description: { ...DESCRIBED, diagnostics: [problem] }
    };
    const shown = present(answer, model.content, () => undefined);
    expect(shown.diagnostics).toEqual([]);
    expect(shown.tasks.map(({ name }) => name)).toEqual(['load']);
  });
});

const PROBLEM = {
  level: 'error',
  code: 'x',
  message: '',
  where: null,
  task: null,
  field: null,
  cell: null,
  line: null,
  fix: null
} as const;

describe('A wire', () => {
  const wired = {
    ...DESCRIBED,
    edges: [
      {
        source: 'load',
        output: 'table',
        target: 'train',
        input: 'data',
        type: 'Dataset',
        kind: 'artifact' as const
      }
    ]
  };
  const end = { task: 'load', side: 'out', port: 'table' } as const;

  it('goes where the server says that types match', () => {
    expect(partners(DESCRIBED, end)).toEqual([
      { task: 'train', side: 'in', port: 'data' }
    ]);
    const rows = { ...end, port: 'rows' };
    expect(partners(DESCRIBED, rows)).toEqual([
      { task: 'train', side: 'in', port: 'C' }
    ]);
  });

  it('says why it cannot be', () => {
    const wire = {
      source: 'load',
      output: 'rows',
      target: 'train',
      input: 'data'
    };
    expect(refusal(DESCRIBED, wire)).toMatchObject({
      why: 'type',
      wanted: 'Dataset',
      given: 'int'
    });
    const back = {
      source: 'train',
      output: 'model',
      target: 'load',
      input: 'x'
    };
    expect(refusal(wired, back)).toMatchObject({ why: 'circle' });
    expect(refusal(DESCRIBED, null)).toEqual({ why: 'side' });
  });

  it('is made by itself only where types match exactly one way', () => {
    const [table] = LOAD.outputs;
    expect(onlyWay(DESCRIBED, LOAD.outputs, [TRAIN.inputs[0]])).toEqual([
      ['table', 'data']
    ]);
    const two = [table, { ...table, name: 'more' }];
    expect(onlyWay(DESCRIBED, two, [TRAIN.inputs[0]])).toEqual([]);
    const both = [TRAIN.inputs[0], { ...TRAIN.inputs[0], name: 'other' }];
    expect(onlyWay(DESCRIBED, [table], both)).toEqual([]);
  });
});

describe('A part that is copied', () => {
  it('is pasted into another document, with its wires, paths and parameters', () => {
    const from = document({
      parameters: { seed: { type: 'int' }, other: { type: 'str' } },
      tasks: {
        load: { component: './mine.ipynb', timeout: 5 },
        train: {
          component: 'train/classifier@1.0.0',
          inputs: {
            data: { output: 'load.table' },
            C: { parameter: 'seed' },
            x: { output: 'gone.y' }
          }
        }
      },
      layout: { load: [100, 100], train: [400, 150] }
    });
    const text = copyTasks(from, cardsOf(from), 'a/one.pipeline');
    const to = document({ tasks: { load: { component: 'c' } } });
    const part = readPart(text)!;
    expect(pastePart(to, part, 'b/two.pipeline', [0, 0])).toEqual([
      'load_2',
      'train'
    ]);
    expect(to.content).toMatchObject({
      parameters: { seed: { type: 'int' } },
      tasks: {
        load_2: { component: '../a/mine.ipynb', timeout: 5 },
        train: {
          inputs: { data: { output: 'load_2.table' }, C: { parameter: 'seed' } }
        }
      },
      layout: { load_2: [0, 0], train: [300, 50] }
    });
    expect(to.get(['tasks', 'train', 'inputs', 'x'])).toBeUndefined();
    to.undo();
    expect(Object.keys(to.content.tasks!)).toEqual(['load']);
  });

  it('is told from other text, and paths are as the document sees them', () => {
    expect(readPart('{"tasks": {}}')).toBeNull();
    expect(readPart('hello')).toBeNull();
    expect(relativePath('x.ipynb', 'a.pipeline')).toBe('./x.ipynb');
    expect(relativePath('n/x.ipynb', 'p/a.pipeline')).toBe('../n/x.ipynb');
  });
});

describe('Places', () => {
  it('are free, in line, and as far apart as each other', () => {
    const box = { x: 0, y: 0, width: 232, height: 100 };
    const [x, y] = freePlace([10, 10], [box]);
    expect(x).toBe(10);
    expect(y).toBeGreaterThanOrEqual(100);
    const cards = cardsOf(
      document({
        ...CONTENT,
        tasks: { ...CONTENT.tasks, more: { component: 'm' } },
        layout: { load: [0, 5], train: [300, 0], more: [1000, 90] }
      })
    );
    expect([...aligned(cards, 'top').values()].map(([, top]) => top)).toEqual([
      0, 0, 0
    ]);
    expect(distributed(cards, 'x').get('train')![0]).toBe(500);
    expect(neighbour(cards, cards[0], 'right')!.task.name).toBe('train');
    expect(neighbour(cards, cards[0], 'left')).toBeNull();
  });

  it('in a group are framed, and a task is in one group only', () => {
    const model = document();
    addGroup(model, ['load', 'train'], 'Both');
    addGroup(model, ['train'], 'One');
    const [first, second] = groupsOf(model.content, cardsOf(model));
    expect(first.tasks).toEqual(['load']);
    expect(second.title).toBe('One');
    expect(first.rect.x).toBeLessThan(0);
  });
});
