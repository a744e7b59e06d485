import { ServerConnection } from '@jupyterlab/services';
import {
  ICatalog,
  IComponent,
  IDescription,
  IOutput,
  IRun,
  ITask,
  ITaskInput,
  ITaskRun
} from '../../labextension/src/api/types';
import {
  IEngine,
  IEngineSettings,
  ISchedule
} from '../../labextension/src/api/engines';
import { ClaimedClient } from '../../labextension/src/api/client';

/** What a test's server answers: a JSON body, or a status with one. */
export type Answer =
  { status?: number; json?: unknown; text?: string } | 'no network';

export interface IRequest {
  method: string;
  /** Below the API's own path, with its query. */
  path: string;
  body: unknown;
}

/** A client whose requests are answered by a function; all are recorded. */
export function fakeServer(answer: (request: IRequest) => Answer): {
  client: ClaimedClient;
  requests: IRequest[];
} {
  const requests: IRequest[] = [];
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: 'http://server.test/user/me/',
    token: '',
    init: { cache: 'no-cache', credentials: 'same-origin' },
    fetch: async (input: RequestInfo | URL) => {
      const request = input as Request;
      const text = await request.text();
      const asked = {
        method: request.method,
        path: request.url.replace('http://server.test/user/me/claimed/', ''),
        body: text ? JSON.parse(text) : undefined
      };
      requests.push(asked);
      const given = answer(asked);
      if (given === 'no network') {
        throw new TypeError('failed to fetch');
      }
      const { status = 200, text: own } = given;
      const body = own ?? JSON.stringify(given.json ?? {});
      return new Response(status === 204 ? null : body, { status });
    }
  });
  return { client: new ClaimedClient(serverSettings), requests };
}

export function component(of: Partial<IComponent> = {}): IComponent {
  const name = of.name ?? 'load-table';
  return {
    name,
    title: 'Load a table',
    description: 'Reads a text file.',
    version: '1.0.0',
    category: 'input',
    group: 'Files',
    tags: [],
    license: 'Apache-2.0',
    author: '',
    requirements: [],
    kernel: 'python3',
    language: 'python',
    inputs: [],
    outputs: [],
    diagnostics: [],
    path: '',
    digest: '',
    catalog: '',
    missing: [],
    install: '',
    reference: `${of.category ?? 'input'}/${name}@1.0.0`,
    origin: '',
    outside: false,
    trusted: true,
    container: null,
    ...of
  };
}

export function catalog(of: Partial<ICatalog> = {}): ICatalog {
  return {
    name: 'radiology',
    kind: 'git',
    location: 'https://host.test/radiology',
    ref: null,
    enabled: true,
    removable: true,
    outside: true,
    digest: 'git:1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d',
    fetched: '2026-01-01T10:00:00Z',
    components: 3,
    origin: 'git https://host.test/radiology@1a2b3c4',
    problem: null,
    ...of
  };
}

/** An input, by default an artifact that nothing feeds. */
export function input(of: Partial<ITaskInput> = {}): ITaskInput {
  return {
    name: 'data',
    type: 'Input[Dataset]',
    kind: 'artifact',
    optional: false,
    description: '',
    default: null,
    choices: null,
    source: null,
    ...of
  };
}

export function output(name: string, type: string): IOutput {
  const kind = type.startsWith('Output[') ? 'artifact' : 'parameter';
  return { name, type, kind, gives: type, description: '' };
}

export function task(of: Partial<ITask> = {}): ITask {
  return {
    name: 'load',
    title: 'Load a table',
    component: 'input/load-table@1.0.0',
    category: 'input',
    group: 'Files',
    description: '',
    requirements: [],
    missing: [],
    inputs: [],
    outputs: [],
    position: null,
    ...of
  };
}

export function description(of: Partial<IDescription> = {}): IDescription {
  return {
    valid: true,
    diagnostics: [],
    name: 'Example',
    description: '',
    parameters: {},
    tasks: [],
    edges: [],
    types: { given: [], reads: {} },
    ...of
  };
}

export function taskRun(of: Partial<ITaskRun> = {}): ITaskRun {
  return {
    state: 'NEW',
    cached: false,
    seconds: null,
    component: '',
    title: '',
    reason: '',
    started: null,
    finished: null,
    inputs: {},
    outputs: {},
    error: null,
    traceback: null,
    cell: null,
    notebook: null,
    log: null,
    execution_id: null,
    attempt: 1,
    expected: null,
    cpu_seconds: null,
    memory_bytes: null,
    ...of
  };
}

export function run(of: Partial<IRun> = {}): IRun {
  return {
    run_id: 'r1',
    pipeline: 'Example',
    path: '/root/example.pipeline',
    contents_path: 'example.pipeline',
    state: 'RUNNING',
    engine: 'local',
    started: '2026-01-01T10:00:00Z',
    finished: null,
    seconds: null,
    parameters: {},
    user: '',
    report: null,
    lineage: null,
    error: null,
    progress: { done: 0, total: 0 },
    expected_seconds: null,
    remaining_seconds: null,
    engine_title: 'This machine',
    link: null,
    archived: false,
    actions: ['cancel', 'rerun', 'delete'],
    notice: null,
    remote_id: null,
    tasks: {},
    ...of
  };
}

export function engine(of: Partial<IEngine> = {}): IEngine {
  return {
    name: 'kubeflow',
    title: 'Kubeflow Pipelines',
    description: 'Runs each task in a pod of a cluster.',
    features: ['cache', 'schedules', 'archive', 'retry_run'],
    ready: true,
    problem: null,
    configurable: true,
    link: 'https://kubeflow.test',
    ...of
  };
}

/** The engine that is always there. */
export function localEngine(of: Partial<IEngine> = {}): IEngine {
  return engine({
    name: 'local',
    title: 'This machine',
    description: 'Runs each task in a kernel here.',
    features: ['cache', 'jobs', 'parts'],
    configurable: false,
    link: null,
    ...of
  });
}

export function engineSettings(
  of: Partial<IEngineSettings> = {}
): IEngineSettings {
  const text = (group: string, more: object = {}) => ({
    type: 'string',
    default: '',
    'x-group': group,
    ...more
  });
  const secret = ['token', 'dex'];
  return {
    schema: {
      type: 'object',
      properties: {
        experiment: text('Runs', { default: 'Default' }),
        sign_in: text('Sign-in', {
          enum: ['none', 'token', 'dex', 'service-account'],
          default: 'none',
          'x-credential': secret,
          'x-credential-words': { dex: 'Password' },
          'x-words': { none: 'no sign-in' }
        }),
        user: text('Sign-in', { 'x-when': { sign_in: ['dex'] } }),
        endpoint: text('Connection'),
        patience: {
          anyOf: [{ type: 'number' }, { type: 'null' }],
          default: null,
          'x-group': 'Connection'
        }
      }
    },
    values: { endpoint: '', sign_in: 'none', experiment: 'Default' },
    fixed: [],
    credential: {
      kind: 'none',
      is_set: false,
      from: null,
      storable: true,
      why_not: null
    },
    ...of
  };
}

export function schedule(of: Partial<ISchedule> = {}): ISchedule {
  return {
    id: 's1',
    name: 'Nightly',
    pipeline: 'Example',
    path: 'example.pipeline',
    enabled: true,
    cron: '0 0 6 * * *',
    interval_seconds: null,
    catch_up: false,
    max_concurrency: 1,
    start: null,
    end: null,
    parameters: {},
    created: '2026-01-01T10:00:00Z',
    last_runs: [],
    link: null,
    ...of
  };
}
