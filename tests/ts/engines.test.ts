import { IStateDB } from '@jupyterlab/statedb';
import { beforeEach, describe, expect, it } from 'vitest';
import { asksFirst, possible } from '../../labextension/src/editor/asking';
import { IEngine } from '../../labextension/src/api/engines';
import { safeLink } from '../../labextension/src/engines/link';
import {
  EngineChoice,
  EngineMemory
} from '../../labextension/src/engines/choice';
import { EnginesModel } from '../../labextension/src/engines/model';
import { SettingsModel } from '../../labextension/src/engines/settingsmodel';
import {
  groupsOf,
  propertiesOf
} from '../../labextension/src/engines/settingsschema';
import {
  Answer,
  IRequest,
  description,
  engine,
  engineSettings,
  fakeServer,
  localEngine
} from './fakes';

/** As much of JupyterLab's state as is asked for. */
function state(): IStateDB {
  const kept = new Map<string, unknown>();
  return {
    fetch: async (key: string) => kept.get(key),
    save: async (key: string, value: unknown) => void kept.set(key, value)
  } as unknown as IStateDB;
}

describe('The engines', () => {
  let listed: Answer;
  let requests: IRequest[];
  let model: EnginesModel;
  let memory: EngineMemory;

  const list = (...engines: IEngine[]) => {
    listed = { json: { engines } };
  };
  const choice = (path = 'a.pipeline') =>
    new EngineChoice(model, memory, () => path);

  beforeEach(() => {
    list(localEngine(), engine());
    const server = fakeServer(() => listed);
    requests = server.requests;
    model = new EnginesModel(server.client);
    memory = new EngineMemory(state());
  });

  it('are asked for once', async () => {
    await Promise.all([model.load(), model.load()]);
    await model.load();
    expect(requests.map(({ path }) => path)).toEqual(['engines']);
    expect(model.engines.map(({ name }) => name)).toEqual([
      'local',
      'kubeflow'
    ]);
  });

  it('are a choice when another runs, or could be set up', async () => {
    await model.load();
    expect(model.isChoice).toBe(true);
    list(localEngine(), engine({ ready: false }));
    await model.refresh();
    expect(model.isChoice).toBe(true);
    list(localEngine(), engine({ ready: false, configurable: false }));
    await model.refresh();
    expect(model.isChoice).toBe(false);
  });

  it('leave the local one where the server cannot say', async () => {
    listed = { status: 404 };
    await model.load();
    expect(model.isChoice).toBe(false);
    expect(model.can('local', 'parts')).toBe(true);
    expect(model.can('kubeflow', 'schedules')).toBe(false);
    list(localEngine(), engine());
    await model.load();
    expect(model.isChoice).toBe(true);
  });

  it('run by the clock when they can and are set up', async () => {
    list(localEngine(), engine({ ready: false }));
    await model.load();
    expect(model.scheduling).toEqual([]);
    list(localEngine(), engine());
    await model.refresh();
    expect(model.scheduling.map(({ name }) => name)).toEqual(['kubeflow']);
  });

  it('are remembered for each document, and the local one is the first', async () => {
    const first = choice();
    await first.restore();
    expect(first.name).toBe('local');
    await first.choose('kubeflow');
    expect(first.can('parts')).toBe(false);
    const again = choice();
    await again.restore();
    expect(again.name).toBe('kubeflow');
    const other = choice('b.pipeline');
    await other.restore();
    expect(other.name).toBe('local');
  });

  it('are the local one where the chosen one is gone', async () => {
    await memory.keep('a.pipeline', 'slurm');
    const gone = choice();
    await gone.restore();
    expect(gone.name).toBe('local');
  });

  it('are asked about before a run that leaves this machine, or has parameters', async () => {
    await model.load();
    const plain = description();
    const seed = { type: 'int', default: 7, description: '' };
    expect(asksFirst(plain, choice())).toBe(false);
    expect(asksFirst(plain, null)).toBe(false);
    expect(asksFirst(description({ parameters: { seed } }), choice())).toBe(
      true
    );
    const far = choice();
    await far.choose('kubeflow');
    expect(asksFirst(plain, far)).toBe(true);
  });

  it('are told only what they understand', async () => {
    await model.load();
    const far = choice();
    const how = { jobs: 2, cache: false };
    expect(possible(how, far)).toEqual(how);
    await far.choose('kubeflow');
    expect(possible(how, far)).toEqual({ cache: false });
    expect(possible({}, far)).toEqual({});
  });

  it('are linked to by nothing but a web page', () => {
    expect(safeLink('https://ui.test/#/runs/1')).toBe(
      'https://ui.test/#/runs/1'
    );
    expect(safeLink('javascript:alert(1)')).toBeNull();
    expect(safeLink(null)).toBeNull();
  });
});

describe('The settings of an engine', () => {
  let answers: { [path: string]: Answer };
  let requests: IRequest[];
  let model: SettingsModel;
  let saved: number;

  beforeEach(async () => {
    saved = 0;
    answers = { 'engines/kubeflow/settings': { json: engineSettings() } };
    const server = fakeServer(({ path }) => answers[path]);
    requests = server.requests;
    model = new SettingsModel({
      client: server.client.engines,
      engine: 'kubeflow',
      saved: () => saved++
    });
    await model.load();
  });

  const last = () => requests[requests.length - 1];

  it('come in groups, in the order of a person who sets it up', () => {
    const groups = groupsOf(engineSettings().schema, model.values);
    expect(
      groups.map(({ title, schema }) => [
        title,
        Object.keys(propertiesOf(schema))
      ])
    ).toEqual([
      ['Connection', ['endpoint', 'patience']],
      ['Sign-in', ['sign_in']],
      ['Runs', ['experiment']]
    ]);
    const [connection] = groups;
    expect(propertiesOf(connection.schema).patience.type).toBe('number');
  });

  it('are asked for only where others leave a use for them', () => {
    const { schema } = engineSettings();
    const [, signIn] = groupsOf(schema, { sign_in: 'dex' });
    expect(Object.keys(propertiesOf(signIn.schema))).toEqual([
      'sign_in',
      'user'
    ]);
    const [none, token] = propertiesOf(signIn.schema).sign_in.oneOf as object[];
    expect(none).toEqual({ const: 'none', title: 'no sign-in' });
    expect(token).toEqual({ const: 'token', title: 'token' });
  });

  it('are tried as they are in the form, without being kept', async () => {
    const steps = [
      { name: 'Address', state: 'failed', message: 'no host', hint: 'mend it' }
    ];
    answers['engines/kubeflow/test'] = { json: { ok: false, steps } };
    model.change({ ...model.values, endpoint: 'https://nowhere.test' });
    model.changeCredential('secret');
    await model.test();
    expect(last()).toMatchObject({
      method: 'POST',
      body: {
        values: { endpoint: 'https://nowhere.test' },
        credential: 'secret'
      }
    });
    expect(model.probe!.ok).toBe(false);
    expect(model.isChanged).toBe(true);
    model.change({ ...model.values, endpoint: '' });
    expect(model.probe).toBeNull();
  });

  it('are sent as far as they were changed, and emptied where they were emptied', async () => {
    const { experiment: _, ...rest } = model.values;
    model.change({ ...rest, patience: 3 });
    await model.save();
    expect(last().body).toEqual({ values: { experiment: '', patience: 3 } });
  });

  it('are kept, and the secret is forgotten here', async () => {
    model.changeCredential('secret');
    answers['engines/kubeflow/settings'] = {
      json: engineSettings({ fixed: ['endpoint'] })
    };
    expect(await model.save()).toBe(true);
    expect(last()).toMatchObject({
      method: 'PUT',
      body: { credential: 'secret' }
    });
    expect(model.credential).toBe('');
    expect(model.done).toBe('saved');
    expect(saved).toBe(1);
    await model.save();
    expect(last().body).toEqual({ values: {} });
  });

  it('tell what is wrong at the field that it is about', async () => {
    const error = { code: 'bad-settings', message: 'is no address' };
    const path = 'engines/kubeflow/settings';
    answers[path] = {
      status: 400,
      json: { error: { ...error, where: 'endpoint' } }
    };
    expect(await model.save()).toBe(false);
    expect(model.problem).toEqual({
      field: 'endpoint',
      message: 'is no address'
    });
    answers[path] = { status: 400, json: { error: { ...error, where: 'x' } } };
    await model.save();
    expect(model.problem).toEqual({
      field: null,
      message: 'is no address (x)'
    });
    expect(saved).toBe(0);
  });

  it('ask for a secret as soon as a way to sign in is chosen that needs one', () => {
    expect(model.secret.kind).toBe('none');
    model.change({ ...model.values, sign_in: 'dex' });
    expect(model.secret).toEqual({ kind: 'dex', word: 'Password' });
    model.change({ ...model.values, sign_in: 'service-account' });
    expect(model.secret.kind).toBe('none');
  });

  it('keep what was typed when the stored secret is forgotten', async () => {
    model.change({ ...model.values, endpoint: 'https://a.test' });
    await model.forget();
    expect(last()).toMatchObject({ method: 'PUT', body: { credential: null } });
    expect(model.values.endpoint).toBe('https://a.test');
    expect(model.done).toBe('forgotten');
  });
});
