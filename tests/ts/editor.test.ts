import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PipelineModel } from '../../labextension/src/editor/docmodel';
import { EditorModel } from '../../labextension/src/editor/model';
import {
  EngineChoice,
  EngineMemory
} from '../../labextension/src/engines/choice';
import { EnginesModel } from '../../labextension/src/engines/model';
import { RunsModel } from '../../labextension/src/runs/model';
import {
  Answer,
  IRequest,
  description,
  engine,
  fakeServer,
  localEngine,
  run,
  task,
  taskRun
} from './fakes';

const TEXT =
  '{"tasks": {"load": {"component": "x"}}, "layout": {"load": [1, 2]}}';
const DESCRIBED: Answer = {
  json: description({ tasks: [task({ name: 'load' })] })
};

const NEW = {
  run_id: 'new',
  state: 'RUNNING',
  contents_path: 'a/b.pipeline'
} as const;

type Context = DocumentRegistry.IContext<PipelineModel>;

let requests: IRequest[];
let described: Answer;
let listed: Answer;
let document: PipelineModel;
let editor: EditorModel;
let saved: string[];

/** As much of JupyterLab's document context as the editor asks for. */
function context(model: PipelineModel): Context {
  const owner = {};
  return {
    model,
    path: 'a/b.pipeline',
    localPath: 'a/b.pipeline',
    isReady: true,
    ready: Promise.resolve(),
    fileChanged: new Signal<object, unknown>(owner),
    save: async () => {
      saved.push(model.toString());
      model.dirty = false;
    }
  } as unknown as Context;
}

async function open(text: string, elsewhere = false): Promise<void> {
  const server = fakeServer(request => {
    if (request.path === 'engines') {
      return { json: { engines: [localEngine(), engine()] } };
    }
    if (request.path === 'pipelines/describe') {
      return described;
    }
    if (request.method === 'POST') {
      return { status: 201, json: run(NEW) };
    }
    return listed;
  });
  requests = server.requests;
  document = new PipelineModel();
  document.fromString(text);
  const runs = new RunsModel({ client: server.client });
  editor = new EditorModel({
    context: context(document),
    client: server.client,
    runs,
    engine: elsewhere
      ? new EngineChoice(
          new EnginesModel(server.client),
          new EngineMemory(null),
          () => 'a/b.pipeline'
        )
      : undefined
  });
  await settle();
}

const settle = () => vi.advanceTimersByTimeAsync(500);
const asked = () =>
  requests.filter(r => r.path === 'pipelines/describe').length;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (f: () => void) => setTimeout(f, 0));
  described = DESCRIBED;
  listed = { json: { runs: [] } };
  saved = [];
});

afterEach(() => {
  editor.runs.dispose();
  editor.dispose();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('The editor', () => {
  it('shows what the server makes of the text', async () => {
    await open(TEXT);
    expect(editor.status).toBe('ready');
    const request = requests.find(r => r.path === 'pipelines/describe')!;
    expect(request.body).toEqual({ path: 'a/b.pipeline', source: TEXT });
    expect(editor.graph!.cards[0].position).toEqual([1, 2]);
  });

  it('does not ask again when a task was only moved', async () => {
    await open(TEXT);
    editor.place(new Map([['load', [30, 40]]]));
    await settle();
    expect(asked()).toBe(1);
    expect(editor.graph!.cards[0].position).toEqual([30, 40]);
    expect(document.dirty).toBe(true);
  });

  it('asks again when the meaning changed', async () => {
    await open(TEXT);
    document.fromString(TEXT.replace('"x"', '"y"'));
    await settle();
    expect(asked()).toBe(2);
  });

  it('says which line of a broken document is wrong, and writes nothing', async () => {
    described = {
      json: description({
        valid: false,
        diagnostics: [
          {
            level: 'error',
            code: 'bad-json',
            message: 'is not JSON',
            where: 'line 2',
            task: null,
            field: null,
            cell: null,
            line: 2,
            fix: null
          }
        ]
      })
    };
    await open('{\n"tasks": {\n');
    expect(editor.status).toBe('broken');
    expect(editor.problem).toBe('b.pipeline, line 2: is not JSON');
    expect(editor.excerpt.find(line => line.at)!.text).toBe('"tasks": {');
    editor.place(new Map([['load', [1, 1]]]));
    expect(document.toString()).toBe('{\n"tasks": {\n');
    expect(document.dirty).toBe(false);
  });

  it('knows an empty document from a broken one', async () => {
    await open('');
    expect(editor.status).toBe('empty');
    expect(asked()).toBe(0);
  });

  it('blames the server, not the document, when it is away', async () => {
    described = 'no network';
    await open(TEXT);
    expect(editor.status).toBe('unreachable');
    described = DESCRIBED;
    await editor.refresh();
    expect(editor.status).toBe('ready');
  });

  it('shows the newest run of the document', async () => {
    const newest = run({
      state: 'COMPLETE',
      tasks: { load: taskRun({ state: 'CACHED' }) }
    });
    listed = { json: { runs: [newest] } };
    await open(TEXT);
    expect(editor.run!.run_id).toBe('r1');
    expect(editor.graph!.cards[0].run!.state).toBe('CACHED');
  });

  it('saves what was changed before it runs', async () => {
    await open(TEXT);
    await editor.start();
    expect(saved).toEqual([]);
    editor.place(new Map([['load', [5, 6]]]));
    await editor.start({ seed: 1 });
    expect(saved).toHaveLength(1);
    expect(editor.run!.run_id).toBe('new');
  });

  it('asks for what the chosen engine cannot, and runs on it', async () => {
    await open(TEXT, true);
    await editor.engine!.choose('kubeflow');
    await settle();
    const bodies = requests
      .filter(({ path }) => path === 'pipelines/describe')
      .map(({ body }) => (body as { engine: string }).engine);
    expect(bodies).toEqual(['local', 'kubeflow']);
    await editor.start({ seed: 1 }, { jobs: 2 });
    const started = requests.find(
      ({ path, method }) => path === 'runs' && method === 'POST'
    );
    expect(started!.body).toEqual({
      path: 'a/b.pipeline',
      parameters: { seed: 1 },
      engine: 'kubeflow',
      jobs: 2
    });
  });

  it('turns to a run that begins, but not away from the one that was chosen', async () => {
    const old = run({ ...NEW, run_id: 'old', state: 'COMPLETE' });
    listed = { json: { runs: [old] } };
    await open(TEXT);
    await editor.start();
    expect(editor.run!.run_id).toBe('new');
    await editor.showRun('old');
    listed = { json: run(NEW) };
    await editor.runs.fetch('new');
    expect(editor.run!.run_id).toBe('old');
  });

  it('forgets the selection of a task that is gone', async () => {
    await open(TEXT);
    editor.select('load');
    expect(editor.selected!.name).toBe('load');
    described = { json: description({ tasks: [task({ name: 'other' })] }) };
    document.fromString('{"tasks": {"other": {}}}');
    await settle();
    expect(editor.selected).toBeNull();
  });
});
