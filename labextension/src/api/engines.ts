import { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { Requests, join, post } from './requests';

/** What an engine may be able to do. Engines of others may know more words. */
export type Feature =
  | 'archive'
  | 'cache'
  | 'jobs'
  | 'parts'
  | 'schedules'
  | 'retry_run'
  | (string & Record<never, never>);

/** What runs pipelines. */
export interface IEngine {
  name: string;
  title: string;
  description: string;
  features: Feature[];
  /** Whether it can run something now. */
  ready: boolean;
  /** Why it is not ready, and what to do, in one line. */
  problem: string | null;
  configurable: boolean;
  /** Its own page. */
  link: string | null;
}

/** How one signs in at an engine; never the secret itself. */
export interface ICredential {
  kind: string;
  is_set: boolean;
  from: 'keyring' | 'environment' | 'file' | null;
  /** Of the variable or the file. */
  name?: string | null;
  /** Whether one can be kept here. */
  storable: boolean;
  why_not: string | null;
}

export interface IEngineSettings {
  schema: JSONObject;
  values: JSONObject;
  /** What the site's configuration says, and nobody else can. */
  fixed: string[];
  credential: ICredential;
}

/** What is changed of the settings; a credential of null forgets the stored one. */
export interface ISettingsChange {
  values?: ReadonlyJSONObject;
  credential?: string | null;
}

export interface IProbeStep {
  name: string;
  state: 'ok' | 'failed' | 'skipped';
  message: string;
  hint: string | null;
}

/** How far one gets with the settings of an engine. */
export interface IProbe {
  ok: boolean;
  steps: IProbeStep[];
}

/** When a pipeline is run again and again; exactly one of the first two. */
export interface ITiming {
  cron: string | null;
  interval_seconds: number | null;
  catch_up: boolean;
  max_concurrency: number;
  start: string | null;
  end: string | null;
}

export interface IScheduleRequest extends ITiming {
  /** Contents path of the document. */
  path: string;
  name: string;
  parameters: ReadonlyJSONObject;
}

export interface ISchedule extends ITiming {
  id: string;
  name: string;
  pipeline: string;
  path: string | null;
  enabled: boolean;
  parameters: JSONObject;
  created: string | null;
  /** Ids of runs that are known here. */
  last_runs: string[];
  link: string | null;
}

/** The part of the REST API that is about engines. */
export class EnginesClient {
  constructor(private readonly _requests: Requests) {}

  async list(): Promise<IEngine[]> {
    const answer = await this._requests.json<{ engines: IEngine[] }>('engines');
    return answer.engines;
  }

  settings(engine: string): Promise<IEngineSettings> {
    return this._requests.json(join('engines', engine, 'settings'));
  }

  saveSettings(
    engine: string,
    change: ISettingsChange
  ): Promise<IEngineSettings> {
    return this._requests.json(join('engines', engine, 'settings'), {
      ...post(change),
      method: 'PUT'
    });
  }

  /** Tries the settings, as they are kept or as they are changed. */
  test(engine: string, change: ISettingsChange): Promise<IProbe> {
    return this._requests.json(join('engines', engine, 'test'), post(change));
  }

  async schedules(engine: string): Promise<ISchedule[]> {
    const answer = await this._requests.json<{ schedules: ISchedule[] }>(
      join('engines', engine, 'schedules')
    );
    return answer.schedules;
  }

  createSchedule(
    engine: string,
    request: IScheduleRequest
  ): Promise<ISchedule> {
    return this._requests.json(
      join('engines', engine, 'schedules'),
      post(request)
    );
  }

  switchSchedule(
    engine: string,
    id: string,
    enabled: boolean
  ): Promise<ISchedule> {
    const change = enabled ? 'enable' : 'disable';
    return this._requests.json(
      join('engines', engine, 'schedules', id, change),
      post({})
    );
  }

  async deleteSchedule(engine: string, id: string): Promise<void> {
    await this._requests.raw(join('engines', engine, 'schedules', id), {
      method: 'DELETE'
    });
  }
}
