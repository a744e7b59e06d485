import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InputSpec } from '../../labextension/src/api/schema';
import { splitTags } from '../../labextension/src/componentize/details';
import {
  askedInputs,
  inputDefaults,
  inputsSchema,
  inputsUi,
  tryInputs
} from '../../labextension/src/componentize/tryform';
import { TryModel } from '../../labextension/src/componentize/trymodel';
import { RunsModel } from '../../labextension/src/runs/model';
import { Answer, IRequest, fakeServer, run, taskRun } from './fakes';

const trans = nullTranslator.load('claimed_jlab');

function input(name: string, of: Partial<InputSpec> = {}): InputSpec {
  return {
    name,
    type: 'str',
    description: '',
    inferred: false,
    cell: null,
    line: null,
    fix: null,
    default: null,
    optional: of.default !== undefined,
    convention: 'parameters',
    prefix: false,
    kind: 'parameter',
    alias: name,
    choices: null,
    ...of
  };
}

const file = (name: string, of: Partial<InputSpec> = {}) =>
  input(name, { kind: 'artifact', type: 'Input[Dataset]', ...of });

describe('The form of a try', () => {
  it('starts with the defaults of the notebook', () => {
    const inputs = [
      input('limit', { type: 'int', default: 3 }),
      input('names', { type: 'list', default: ['a'] }),
      file('data', { default: 'own.csv' }),
      input('token', { type: 'Secret', default: 'never' })
    ];
    expect(inputDefaults(inputs)).toEqual({
      limit: 3,
      names: '[\n  "a"\n]',
      data: 'own.csv'
    });
  });

  it('offers the choices, whatever their type', () => {
    const inputs = [
      input('way', { type: "Literal['up', 'down']", choices: ['up', 'down'] }),
      input('size', { type: 'int', choices: [1, 2] })
    ];
    const { properties } = inputsSchema(inputs);
    expect(properties).toEqual({
      way: { title: 'way', enum: ['up', 'down'] },
      size: { title: 'size', enum: [1, 2] }
    });
  });

  it('asks for files by a path and for secrets by a name', () => {
    const inputs = [file('data'), input('api_key', { type: 'Secret' })];
    const ui = inputsUi(inputs, trans);
    expect(ui.data).toEqual({ 'ui:widget': 'path' });
    expect(ui.api_key?.['ui:placeholder']).toBe('API_KEY');
  });

  it('leaves out what follows from where the files lie', () => {
    const folder = input('folder', { prefix: true });
    expect(askedInputs([folder, file('data')])).toEqual([file('data')]);
  });
});

describe('What a try is given', () => {
  it('is values, and the names of secrets', () => {
    const inputs = [
      input('limit', { type: 'int', default: 3 }),
      input('options', { type: 'dict', default: {} }),
      file('data', { default: 'own.csv' }),
      input('token', { type: 'Secret' })
    ];
    const options = '{"a": [1]}';
    const values = { limit: 5, options, data: 'other.csv', token: 'TOKEN' };
    expect(tryInputs(inputs, values)).toEqual({
      limit: { value: 5 },
      options: { value: { a: [1] } },
      data: { value: 'other.csv' },
      token: { secret: 'TOKEN' }
    });
  });

  it('leaves an empty field to the notebook, but for an empty text', () => {
    const inputs = [
      input('limit', { type: 'int', default: 3 }),
      file('data', { default: 'own.csv' }),
      input('prefix', { default: 'x' })
    ];
    expect(tryInputs(inputs, { data: '', prefix: '' })).toEqual({
      prefix: { value: '' }
    });
  });

  it.each([
    [input('name'), undefined, 'This input is needed.'],
    [input('names', { type: 'list' }), '[1', 'names must be JSON'],
    [file('data'), '', 'This input is needed.']
  ])('says at which input something is wrong', (asked, value, message) => {
    const given = () => tryInputs([asked], { [asked.name]: value as never });
    expect(given).toThrow(message);
    expect(given).toThrow(expect.objectContaining({ input: asked.name }));
  });
});

describe('A try', () => {
  const source = {
    path: 'work/count.ipynb',
    text: '',
    written: '',
    ready: Promise.resolve(),
    changed: null as never,
    log: [] as string[],
    save: async () => void source.log.push('saved'),
    show: (cell: number, line: number | null) =>
      void source.log.push(`cell ${cell}, line ${line}`),
    activate: () => undefined,
    apply: () => null as never
  };
  let inputs: InputSpec[];
  let started: Answer;
  let state: ReturnType<typeof run>;
  let requests: IRequest[];
  let runs: RunsModel;
  let model: TryModel;

  beforeEach(() => {
    vi.useFakeTimers();
    source.log = [];
    inputs = [input('limit', { type: 'int', default: 3 })];
    state = run({ tasks: { try: taskRun({ state: 'RUNNING' }) } });
    started = { status: 201, json: state };
    const server = fakeServer(({ path, method }) => {
      if (path === 'components/try') {
        return started;
      }
      if (path.endsWith('/log')) {
        return { json: { log: 'hello', truncated: false } };
      }
      if (path.includes('/outputs/')) {
        return { json: { name: 'kept', mimebundle: { 'text/plain': 'x' } } };
      }
      return { status: method === 'POST' ? 202 : 200, json: state };
    });
    requests = server.requests;
    const { client } = server;
    runs = new RunsModel({ client, resync: 100 });
    model = new TryModel({ source, client, runs, inputs: () => inputs });
  });

  afterEach(() => {
    model.dispose();
    runs.dispose();
    vi.useRealTimers();
  });

  it('saves the notebook and runs it with what was typed', async () => {
    model.values = { limit: 9 };
    await model.start();
    expect(source.log).toEqual(['saved']);
    expect(requests[0].body).toEqual({
      path: 'work/count.ipynb',
      inputs: { limit: { value: 9 } }
    });
    expect(model.isRunning).toBe(true);
  });

  it('is followed to its end, with its log and its outputs', async () => {
    await model.start();
    const kept = { type: 'Dataset', uri: 'file:///kept.csv', name: 'kept.csv' };
    const outputs = { kept: { ...kept, size: 1 }, share: 0.5 };
    const task = taskRun({ state: 'COMPLETE', outputs });
    state = run({ state: 'COMPLETE', tasks: { try: task } });
    await vi.advanceTimersByTimeAsync(200);
    expect(model.isRunning).toBe(false);
    expect(model.task?.outputs.share).toBe(0.5);
    expect(model.view('kept')).toMatchObject({ name: 'kept' });
    expect(model.log.text).toBe('hello');
  });

  it('that fails leads to the cell', async () => {
    const task = taskRun({ state: 'FAILED', error: 'KeyError: x', cell: 3 });
    state = run({ state: 'FAILED', tasks: { try: task } });
    await model.start();
    model.showFailed();
    expect(source.log).toEqual(['saved', 'cell 3, line null']);
  });

  it('is cancelled', async () => {
    await model.start();
    state = run({
      state: 'CANCELED',
      tasks: { try: taskRun({ state: 'CANCELED' }) }
    });
    await model.cancel();
    expect(requests.map(r => r.path)).toContain('runs/r1/cancel');
    expect(model.isRunning).toBe(false);
  });

  it('keeps what was typed while the notebook changes', () => {
    model.values = { limit: 9 };
    inputs = [input('limit', { type: 'int', default: 4 }), input('more')];
    expect(model.values).toEqual({ limit: 9 });
    model.values = { limit: 4 };
    inputs = [input('limit', { type: 'int', default: 5 })];
    expect(model.values).toEqual({ limit: 5 });
  });

  it('that the server refuses says so at the input', async () => {
    const error = { code: 'bad-input', message: 'No file.', where: 'limit' };
    started = { status: 400, json: { error } };
    await model.start();
    expect(model.problem).toEqual({ input: 'limit', message: 'No file.' });
    expect(model.isStarting).toBe(false);
    started = { status: 400, json: { error: { ...error, where: null } } };
    await model.start();
    expect(model.problem).toEqual({ input: null, message: 'No file.' });
  });
});

describe('Tags', () => {
  it('are words with commas between them, each once', () => {
    expect(splitTags(' a, b c ,,a')).toEqual(['a', 'b c']);
  });
});
