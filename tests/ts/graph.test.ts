import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../labextension/src/editor/graph';
import { sourceText, valueText } from '../../labextension/src/editor/source';
import { typeName } from '../../labextension/src/api/types';
import { description, input, output, run, task, taskRun } from './fakes';

const EXAMPLE = description({
  tasks: [
    task({
      name: 'split',
      outputs: [
        output('rows', 'int'),
        output('train', 'Output[Dataset]'),
        output('seed', 'int')
      ]
    }),
    task({
      name: 'train',
      inputs: [
        input({ name: 'C', type: 'float', kind: 'parameter' }),
        input({ name: 'seed', type: 'int', kind: 'parameter' }),
        input({ name: 'data' })
      ]
    })
  ],
  edges: [
    {
      source: 'split',
      output: 'train',
      target: 'train',
      input: 'data',
      type: 'Dataset',
      kind: 'artifact'
    },
    {
      source: 'split',
      output: 'seed',
      target: 'train',
      input: 'seed',
      type: 'int',
      kind: 'parameter'
    }
  ],
  diagnostics: [
    {
      level: 'error',
      code: 'x',
      message: 'wrong',
      where: null,
      task: 'train',
      field: null,
      cell: null,
      line: null,
      fix: null
    }
  ]
});

const names = (ports: { name: string }[]) => ports.map(port => port.name);

describe('The graph of a document', () => {
  it('draws artifacts and wired parameters as ports, artifacts first', () => {
    const [split, train] = buildGraph(EXAMPLE, new Map(), null).cards;
    expect(names(split.outputs)).toEqual(['train', 'seed']);
    expect(names(split.values)).toEqual(['rows']);
    expect(names(train.inputs)).toEqual(['data', 'seed']);
    expect(names(train.settings)).toEqual(['C']);
  });

  it('puts tasks where the document says, and lays out the others', () => {
    const auto = buildGraph(EXAMPLE, new Map(), null).cards;
    const layout = new Map([['train', [7, 8] as const]]);
    const [split, train] = buildGraph(EXAMPLE, layout, null).cards;
    expect(train.position).toEqual([7, 8]);
    expect(split.position).toEqual(auto[0].position);
    expect(auto[1].position[0]).toBeGreaterThan(auto[0].position[0]);
  });

  it('shows the run and the problems of each task', () => {
    const shown = run({ tasks: { split: taskRun({ state: 'CACHED' }) } });
    const [split, train] = buildGraph(EXAMPLE, new Map(), shown).cards;
    expect(split.run!.state).toBe('CACHED');
    expect(train.run).toBeNull();
    expect(split.diagnostics).toEqual([]);
    expect(train.diagnostics).toHaveLength(1);
  });

  it('names each type of artifact once, for the legend', () => {
    expect(buildGraph(EXAMPLE, new Map(), null).types).toEqual(['Dataset']);
  });
});

describe('In words', () => {
  it.each([
    ['Input[Dataset]', 'Dataset'],
    ['Output[Model]', 'Model'],
    ["Literal['a', 'b']", 'choice'],
    ['float', 'float']
  ])('the type %s is %s', (type, word) => {
    expect(typeName(type)).toBe(word);
  });

  it('a source is what it names, a value is short', () => {
    expect(sourceText({ output: 'split.train' })).toBe('split.train');
    expect(sourceText({ parameter: 'seed' })).toBe('parameter seed');
    expect(sourceText({ secret: 'TOKEN' })).toBe('secret TOKEN');
    expect(sourceText({ value: ['a'] })).toBe('["a"]');
    expect(valueText(0.7466666666)).toBe('0.74667');
    expect(valueText('')).toBe('""');
  });
});
