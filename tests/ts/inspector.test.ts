import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PipelineModel } from '../../labextension/src/editor/docmodel';
import { Draft } from '../../labextension/src/inspector/draft';
import { editsOf } from '../../labextension/src/inspector/edits';
import {
  addParameter,
  renameIn,
  renameParameter
} from '../../labextension/src/inspector/parameteredits';
import {
  IPortWords,
  firstValue,
  outputOffers,
  parameterOffers,
  valueFromText
} from '../../labextension/src/inspector/sources';
import { description, task } from './fakes';
import {
  exampleOf,
  pairsOfText,
  textOfPairs,
  textOfThings,
  thingsOfText
} from '../../labextension/src/inspector/structures';

const PORT: IPortWords = {
  type: 'int',
  kind: 'parameter',
  optional: true,
  default: 7,
  choices: null,
  sources: ['value', 'parameter', 'output']
};
const SCHEMA = {
  type: 'object',
  properties: {
    inputs: {
      type: 'object',
      properties: {
        n: { type: 'object', 'x-port': PORT as never },
        rows: { type: 'object', 'x-port': PORT as never }
      }
    },
    retry: {
      type: 'object',
      properties: { attempts: { default: 1 }, on: { type: 'array' } }
    },
    cache: { type: 'boolean', default: true },
    when: { type: 'string' }
  }
};

describe('What a form changed', () => {
  it('is nothing where the form only said what goes without saying', () => {
    const after = { cache: true, retry: { on: [] }, inputs: { n: {} } };
    expect(editsOf(SCHEMA, {}, after)).toEqual([]);
  });

  it('is one edit a field, and what is emptied is deleted', () => {
    const before = {
      when: 'n > 1',
      retry: { attempts: 3, later: 'kept' },
      inputs: { n: { value: 1 }, rows: { output: 'a.b' } }
    };
    const after = {
      when: '',
      cache: false,
      retry: { attempts: 4, later: 'kept' },
      inputs: { n: { value: 2 }, rows: { output: 'a.b' } }
    };
    expect(editsOf(SCHEMA, before, after, ['tasks', 't'])).toEqual([
      [['tasks', 't', 'inputs', 'n'], { value: 2 }],
      [['tasks', 't', 'retry', 'attempts'], 4],
      [['tasks', 't', 'cache'], false],
      [['tasks', 't', 'when'], undefined]
    ]);
  });

  it('takes an empty list as a value of an input', () => {
    const after = { inputs: { n: { value: [] } } };
    expect(editsOf(SCHEMA, {}, after)).toEqual([
      [['inputs'], { n: { value: [] } }]
    ]);
  });

  it('leaves alone what the form does not know', () => {
    expect(editsOf(SCHEMA, { component: 'x', future: 1 }, {})).toEqual([]);
  });
});

describe('A draft', () => {
  let document: PipelineModel;
  let draft: Draft;

  beforeEach(() => {
    vi.useFakeTimers();
    document = new PipelineModel();
    const tasks = { t: { component: 'c', inputs: { n: { value: 1 } } } };
    const content = { format: 'claimed-pipeline/1', name: 'x', tasks };
    document.fromString(JSON.stringify(content, null, 2));
    draft = new Draft(document, ['tasks', 't'], SCHEMA, 100);
  });
  afterEach(() => {
    draft.dispose();
    document.dispose();
    vi.useRealTimers();
  });

  it('becomes one step to undo when typing rests', async () => {
    draft.change({ inputs: { n: { value: 12 } } });
    draft.change({ inputs: { n: { value: 123 } } });
    expect(document.get(['tasks', 't', 'inputs', 'n'])).toEqual({ value: 1 });
    expect(draft.data).toEqual({ inputs: { n: { value: 123 } } });
    await vi.advanceTimersByTimeAsync(150);
    expect(document.get(['tasks', 't', 'inputs', 'n'])).toEqual({ value: 123 });
    document.undo();
    expect(document.get(['tasks', 't', 'inputs', 'n'])).toEqual({ value: 1 });
  });

  it('keeps what somebody else edits meanwhile', () => {
    draft.change({ inputs: { n: { value: 2 } }, cache: true });
    document.set(['tasks', 't', 'when'], 'true');
    draft.flush();
    expect(document.get(['tasks', 't'])).toEqual({
      component: 'c',
      when: 'true',
      inputs: { n: { value: 2 } }
    });
  });

  it('is written when the form goes', () => {
    draft.change({ inputs: { n: { value: 5 } } });
    draft.dispose();
    expect(document.get(['tasks', 't', 'inputs', 'n'])).toEqual({ value: 5 });
  });

  it('leaves the document clean when nothing was typed', () => {
    draft.change({ inputs: { n: { value: 1 } }, cache: true });
    draft.flush();
    expect(document.dirty).toBe(false);
  });
});

describe('Where an input can come from', () => {
  const types = { given: ['int', 'str'], reads: { int: [0] } };
  const output = (name: string, type: string) => ({
    ...{ name, type, gives: type, kind: 'parameter' as const },
    description: ''
  });
  const document = description({
    types,
    parameters: {
      count: { type: 'int', default: 1, description: '' },
      name: { type: 'str', default: '', description: '' }
    },
    tasks: [
      task({ name: 'a', outputs: [output('n', 'int'), output('s', 'str')] }),
      task({ name: 'b', outputs: [output('n', 'int')] })
    ]
  });

  it('is what the server says that fits', () => {
    const names = (offers: { name: string }[]) => offers.map(o => o.name);
    expect(names(parameterOffers(document, PORT))).toEqual(['count']);
    expect(names(outputOffers(document, 'b', PORT))).toEqual(['a.n']);
  });

  it('is everything where the server has not spoken', () => {
    const port = { ...PORT, type: 'unheard' };
    expect(parameterOffers(document, port)).toHaveLength(2);
  });

  it('begins with the default, else with what is empty', () => {
    expect(firstValue(PORT)).toBe(7);
    expect(firstValue({ ...PORT, default: null, type: 'list' })).toEqual([]);
    const choices = ['a', 'b'];
    expect(firstValue({ ...PORT, default: null, choices })).toBe('a');
  });

  it('takes a text as a value of the type, or as a text to be told about', () => {
    expect(valueFromText('int', '12')).toBe(12);
    expect(valueFromText('int', 'twelve')).toBe('twelve');
    expect(valueFromText('list', '["a"]')).toEqual(['a']);
    expect(valueFromText('str', '12')).toBe('12');
  });
});

describe('A parameter of the pipeline', () => {
  it('is renamed wherever it is named, as one step', () => {
    const document = new PipelineModel();
    const tasks = {
      a: {
        component: 'c',
        inputs: { x: { parameter: 'n' }, y: { value: 'n' } },
        when: "n > 1 and a.n == 'n'",
        for_each: { parameter: 'n' }
      }
    };
    const parameters = { n: { type: 'int', default: 1 } };
    document.fromString(JSON.stringify({ name: 'x', parameters, tasks }));
    renameParameter(document, 'n', 'count');
    const { tasks: after, parameters: named } = document.content;
    expect(named).toEqual({ count: { type: 'int', default: 1 } });
    expect(after).toEqual({
      a: {
        component: 'c',
        inputs: { x: { parameter: 'count' }, y: { value: 'n' } },
        when: "count > 1 and a.n == 'n'",
        for_each: { parameter: 'count' }
      }
    });
    document.undo();
    expect(document.content.tasks).toEqual(tasks);
    expect(addParameter(document, 'n', { type: 'str' })).toBe('n_2');
  });

  it('keeps its name in texts and where a task gives it', () => {
    expect(renameIn('n + m.n + "n" + nn', 'n', 'k')).toBe('k + m.n + "n" + nn');
  });
});

describe('A field that holds more than a word', () => {
  it('has names and values line by line', () => {
    const pairs = { TOKEN: 'registry/token', URL: 'https://a.test/?b=c' };
    const text = textOfPairs(pairs);
    expect(text).toBe('TOKEN = registry/token\nURL = https://a.test/?b=c');
    expect(pairsOfText(text)).toEqual(pairs);
    expect(pairsOfText('a\n\n= b\n')).toBeUndefined();
    expect(pairsOfText('a=')).toEqual({ a: '' });
  });

  it('has things of a list line by line, and says which line is none', () => {
    const things = [{ claim: 'data' }, { claim: 'more' }];
    expect(thingsOfText(textOfThings(things))).toEqual(things);
    expect(thingsOfText('\n')).toBeUndefined();
    expect(() => thingsOfText('{"a": 1}\n{"b"')).toThrow('line 2');
    expect(() => thingsOfText('[1]')).toThrow('line 1');
  });

  it('shows what a thing is like', () => {
    const properties = {
      claim: { type: 'string' },
      read_only: { type: 'boolean' }
    };
    expect(exampleOf({ properties })).toBe('{"claim":"…","read_only":false}');
  });
});
