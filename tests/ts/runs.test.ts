import { Event } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IRun, IRunEvent } from '../../labextension/src/api/types';
import { RUN_EVENT } from '../../labextension/src/runs/events';
import { RunsModel } from '../../labextension/src/runs/model';
import { Answer, IRequest, fakeServer, run, taskRun } from './fakes';

type Events = Signal<object, Event.Emission>;

let server: { [id: string]: IRun };
let requests: IRequest[];
let events: Events;
let model: RunsModel;
let online: boolean;

function answer(request: IRequest): Answer {
  if (!online) {
    return 'no network';
  }
  const [path] = request.path.split('?');
  if (path === 'runs' && request.method === 'GET') {
    return { json: { runs: Object.values(server) } };
  }
  if (path === 'runs') {
    server.r1 = run({ state: 'NEW', tasks: { load: taskRun() } });
    return { status: 201, json: server.r1 };
  }
  return { json: server[path.split('/')[1]] };
}

function emit(event: Partial<IRunEvent>): void {
  events.emit({
    schema_id: RUN_EVENT,
    run_id: 'r1',
    kind: 'task',
    task: 'load',
    state: 'RUNNING',
    seconds: null,
    cached: false,
    error: null,
    time: '2026-01-01T10:00:00Z',
    ...event
  } as Event.Emission);
}

const fetches = () => requests.filter(r => r.path === 'runs/r1').length;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0));
  server = { r1: run({ tasks: { load: taskRun() } }) };
  online = true;
  const fake = fakeServer(answer);
  requests = fake.requests;
  events = new Signal<object, Event.Emission>({});
  model = new RunsModel({
    client: fake.client,
    events: events as unknown as Event.Stream,
    gather: 100,
    resync: 5000
  });
});

afterEach(() => {
  model.dispose();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('The runs', () => {
  it('are listed newest first', async () => {
    server.r2 = run({ run_id: 'r2', started: '2026-01-02T10:00:00Z' });
    await model.refresh();
    expect(model.runs.map(r => r.run_id)).toEqual(['r2', 'r1']);
  });

  it('show a new state as soon as its event comes', async () => {
    await model.refresh();
    emit({ state: 'RUNNING' });
    expect(model.get('r1')!.tasks.load.state).toBe('RUNNING');
    expect(model.since('r1', 'load')).toBe(Date.parse('2026-01-01T10:00:00Z'));
  });

  it('are fetched once for many events', async () => {
    await model.refresh();
    server.r1 = run({ tasks: { load: taskRun({ outputs: { rows: 3 } }) } });
    for (let i = 0; i < 5; i++) {
      emit({ state: 'RUNNING' });
      await vi.advanceTimersByTimeAsync(20);
    }
    await vi.advanceTimersByTimeAsync(200);
    expect(fetches()).toBe(1);
    expect(model.get('r1')!.tasks.load.outputs).toEqual({ rows: 3 });
  });

  it('of others appear when their first event comes', async () => {
    const changed = vi.fn();
    model.changed.connect((_, id) => changed(id));
    emit({ kind: 'run', task: null, state: 'RUNNING' });
    expect(model.get('r1')).toBeNull();
    await vi.advanceTimersByTimeAsync(200);
    expect(model.get('r1')).not.toBeNull();
    expect(changed).toHaveBeenCalledWith('r1');
  });

  it('heed no other events', async () => {
    await model.refresh();
    emit({ schema_id: 'https://elsewhere' } as Partial<IRunEvent>);
    await vi.advanceTimersByTimeAsync(500);
    expect(fetches()).toBe(0);
  });

  it('that are unfinished are asked for when events stay away', async () => {
    await model.refresh();
    server.r1 = run({ state: 'COMPLETE' });
    await vi.advanceTimersByTimeAsync(6000);
    expect(model.get('r1')!.state).toBe('COMPLETE');
    const asked = fetches();
    await vi.advanceTimersByTimeAsync(60000);
    expect(fetches()).toBe(asked);
  });

  it('catch up after the server was away', async () => {
    await model.refresh();
    online = false;
    await vi.advanceTimersByTimeAsync(12000);
    expect(model.get('r1')!.state).toBe('RUNNING');
    server.r1 = run({ state: 'FAILED', error: 'gone' });
    online = true;
    void model.resync();
    await vi.advanceTimersByTimeAsync(1000);
    expect(model.get('r1')!.error).toBe('gone');
  });

  it('are started and then known', async () => {
    server = {};
    const started = await model.start('example.pipeline', { seed: 1 });
    expect(requests[0].body).toEqual({
      path: 'example.pipeline',
      parameters: { seed: 1 }
    });
    expect(model.get(started.run_id)!.state).toBe('NEW');
  });

  it('say why they cannot be listed', async () => {
    online = false;
    await model.refresh();
    expect(model.status).toBe('error');
    expect(model.error).toMatch(/does not answer/);
  });
});
