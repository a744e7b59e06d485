import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IRun } from '../../labextension/src/api/types';
import { formValues } from '../../labextension/src/editor/parameters';
import { canDo } from '../../labextension/src/runs/actionsof';
import { RunEnds, failedTask } from '../../labextension/src/runs/ends';
import { RunsModel } from '../../labextension/src/runs/model';
import { firstLines } from '../../labextension/src/runs/outputhint';
import {
  EVERYTHING,
  enginesOf,
  selectRuns
} from '../../labextension/src/runs/select';
import { fakeServer, run, taskRun } from './fakes';

const ids = (runs: IRun[]) => runs.map(one => one.run_id);

describe('The list of runs', () => {
  const runs = [
    run({ run_id: 'c', pipeline: 'Fish', seconds: 3, state: 'FAILED' }),
    run({ run_id: 'b', pipeline: 'Credit', seconds: 9, user: 'ada' }),
    run({ run_id: 'a', pipeline: 'Credit', parameters: { table: 'x.csv' } })
  ];

  it('is filtered by words in the name, the person, the parameters', () => {
    const found = (text: string) => ids(selectRuns(runs, with_({ text })));
    expect(found('credit')).toEqual(['b', 'a']);
    expect(found('credit ADA')).toEqual(['b']);
    expect(found('x.csv')).toEqual(['a']);
    expect(found('table=x.csv')).toEqual(['a']);
    expect(found('nothing')).toEqual([]);
  });

  it('is filtered by engine, by its name and in words', () => {
    const far = { engine: 'kubeflow', engine_title: 'Kubeflow Pipelines' };
    const all = [...runs, run({ run_id: 'k', ...far })];
    expect(ids(selectRuns(all, with_({ engine: 'kubeflow' })))).toEqual(['k']);
    expect(ids(selectRuns(all, with_({ text: 'pipelines' })))).toEqual(['k']);
    expect(enginesOf(all)).toEqual([
      ['kubeflow', 'Kubeflow Pipelines'],
      ['local', 'This machine']
    ]);
  });

  it('is filtered by state and ordered', () => {
    expect(ids(selectRuns(runs, with_({ state: 'FAILED' })))).toEqual(['c']);
    const ordered = (order: typeof EVERYTHING.order) =>
      ids(selectRuns(runs, with_({ order })));
    expect(ordered('oldest')).toEqual(['a', 'b', 'c']);
    expect(ordered('longest')).toEqual(['b', 'c', 'a']);
    expect(ordered('pipeline')).toEqual(['b', 'a', 'c']);
  });
});

describe('The end of a run', () => {
  let server: IRun;
  let model: RunsModel;
  let told: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    server = run({ state: 'RUNNING' });
    const { client } = fakeServer(({ path, method }) =>
      method === 'DELETE'
        ? { status: 204 }
        : { json: path.startsWith('runs?') ? { runs: [server] } : server }
    );
    model = new RunsModel({ client });
    told = [];
    new RunEnds(model, {
      goesOn: () => told.push('goes on'),
      ended: ({ state }) => told.push(state),
      gone: () => told.push('gone')
    });
  });
  afterEach(() => {
    model.dispose();
    vi.useRealTimers();
  });

  it('is told once, when the server has said all of it', async () => {
    await model.fetch('r1');
    server = run({ state: 'FAILED' });
    await model.fetch('r1');
    server = run({ state: 'FAILED', finished: '2026-01-01T10:01:00Z' });
    await model.fetch('r1');
    await model.fetch('r1');
    expect(told).toEqual(['goes on', 'FAILED']);
  });

  it('is not told of a run that nobody saw live', async () => {
    server = run({ state: 'FAILED', finished: '2026-01-01T10:01:00Z' });
    await model.refresh();
    expect(told).toEqual([]);
  });

  it('leaves a run out of the list when it is deleted', async () => {
    await model.refresh();
    await model.remove('r1');
    expect(model.runs).toEqual([]);
    expect(told).toEqual(['goes on', 'gone']);
  });

  it('counts down what is left between two answers of the server', async () => {
    server = run({ remaining_seconds: 20 });
    await model.fetch('r1');
    expect(model.remaining('r1')).toBe(20);
    vi.setSystemTime(Date.now() + 5000);
    expect(model.remaining('r1')).toBe(15);
    vi.setSystemTime(Date.now() + 60_000);
    expect(model.remaining('r1')).toBe(0);
  });

  it('leads to the task that has a cell to show', () => {
    const tasks = {
      group: taskRun({ state: 'FAILED' }),
      bad: taskRun({ state: 'FAILED', cell: 2, notebook: '/x.ipynb' }),
      good: taskRun({ state: 'COMPLETE', notebook: '/y.ipynb' })
    };
    expect(failedTask(run({ tasks }))).toBe('bad');
    expect(failedTask(run({ tasks: {} }))).toBeNull();
  });
});

describe('What can be done to a run', () => {
  it('is what the server says, but for canceling what has just ended', () => {
    const live = run({ actions: ['cancel', 'archive'] });
    expect(canDo(live, 'cancel')).toBe(true);
    expect(canDo(live, 'retry')).toBe(false);
    expect(canDo({ ...live, state: 'FAILED' }, 'cancel')).toBe(false);
    expect(canDo({ ...live, state: 'FAILED' }, 'archive')).toBe(true);
  });

  it('puts it away, and lists it again on request', async () => {
    let stored = run({ state: 'COMPLETE', actions: ['archive'] });
    const { client, requests } = fakeServer(({ method, path }) => {
      if (method === 'POST') {
        stored = { ...stored, archived: path.endsWith('/archive') };
        return { json: stored };
      }
      return { json: { runs: [stored] } };
    });
    const model = new RunsModel({ client });
    await model.refresh();
    await model.archive('r1', true);
    expect(model.listed).toEqual([]);
    await model.showArchived(true);
    expect(ids(model.listed)).toEqual(['r1']);
    expect(requests.map(({ path }) => path)).toEqual([
      'runs?limit=50',
      'runs/r1/archive',
      'runs?limit=50&archived=true'
    ]);
    model.dispose();
  });
});

describe('The form of an old run', () => {
  it('begins with its arguments that the pipeline still has', () => {
    const parameters = {
      n: { type: 'int', default: 1, description: '' },
      names: { type: 'list', default: [], description: '' }
    };
    const given = { n: 5, names: ['a'], gone: 1 };
    expect(formValues(parameters, given)).toEqual({
      n: 5,
      names: '[\n  "a"\n]'
    });
  });
});

function with_(of: Partial<typeof EVERYTHING>): typeof EVERYTHING {
  return { ...EVERYTHING, ...of };
}

describe('The hint of an output', () => {
  it('is the beginning of it, in few and short lines', () => {
    const text = [...Array(20).keys()].join('\n');
    expect(firstLines(text).split('\n')).toHaveLength(9);
    expect(firstLines('x'.repeat(200))).toHaveLength(161);
    expect(firstLines(' \n')).toBe('');
  });
});
