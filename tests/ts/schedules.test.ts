import { nullTranslator } from '@jupyterlab/translation';
import { beforeEach, describe, expect, it } from 'vitest';
import { EnginesModel } from '../../labextension/src/engines/model';
import {
  CronProblem,
  nextTimes,
  parseCron
} from '../../labextension/src/schedules/cron';
import { SchedulesModel } from '../../labextension/src/schedules/model';
import {
  newDraft,
  nextOf,
  problemsOf,
  requestOf
} from '../../labextension/src/schedules/request';
import { timesText, timingOf } from '../../labextension/src/schedules/words';
import {
  Answer,
  IRequest,
  engine,
  fakeServer,
  localEngine,
  schedule
} from './fakes';

const trans = nullTranslator.load('claimed_jlab');

/** A Sunday. */
const NOW = new Date('2026-11-22T23:45:10Z');

function next(line: string, count = 3): string[] {
  return nextTimes(parseCron(line), NOW, count).map(time =>
    time.toISOString().replace('.000Z', '')
  );
}

function problem(line: string): string {
  try {
    parseCron(line);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(CronProblem);
    return (error as Error).message;
  }
}

describe('A cron line', () => {
  it('has six fields, and says its next times', () => {
    expect(next('0 0 6 * * *')).toEqual([
      '2026-11-23T06:00:00',
      '2026-11-24T06:00:00',
      '2026-11-25T06:00:00'
    ]);
    expect(next('30 */15 * * * *', 2)).toEqual([
      '2026-11-22T23:45:30',
      '2026-11-23T00:00:30'
    ]);
    expect(next('0 30 9 ? * MON-FRI', 2)).toEqual([
      '2026-11-23T09:30:00',
      '2026-11-24T09:30:00'
    ]);
    expect(next('0 0 0 29 FEB *', 1)).toEqual(['2028-02-29T00:00:00']);
  });

  it('means either kind of day where both are named', () => {
    expect(next('0 0 0 24 * MON', 3)).toEqual([
      '2026-11-23T00:00:00',
      '2026-11-24T00:00:00',
      '2026-11-30T00:00:00'
    ]);
  });

  it('never fits a day that no month has', () => {
    expect(next('0 0 0 31 2 *')).toEqual([]);
  });

  it('says which field is wrong', () => {
    expect(problem('0 6 * * *')).toContain('“0 0 6 * * *”');
    expect(problem('')).toContain('six fields');
    expect(problem('0 60 * * * *')).toBe('“60” is no minute: 0–59');
    expect(problem('0 0 0 * * SON')).toContain('day of the week: 0–6 or SUN');
    expect(problem('0 0 0 5-1 * *')).toContain('ends before it begins');
    expect(problem('0 */0 * * * *')).toContain('minute');
    expect(problem('0 1,,2 * * * *')).toContain('minute');
  });
});

describe('The form of a schedule', () => {
  const draft = newDraft('Nightly', {});

  it('makes cron lines and intervals of what is usual', () => {
    const lines = (['hour', 'day', 'week'] as const).map(
      preset => timingOf({ ...draft, preset, time: '06:30' }).cron
    );
    expect(lines).toEqual(['0 30 * * * *', '0 30 6 * * *', '0 30 6 * * 1']);
    expect(
      timingOf({ ...draft, preset: 'interval', every: 6, unit: 'hours' })
    ).toEqual({ cron: null, interval_seconds: 21600 });
  });

  it('says in words what it makes', () => {
    const words = (cron: string | null, seconds: number | null = null) =>
      timesText({ cron, interval_seconds: seconds }, trans);
    expect(words('0 30 * * * *')).toBe('every hour, at minute 30');
    expect(words('0 30 6 * * *')).toBe('every day at 06:30 UTC');
    expect(words('0 30 6 * * 1')).toBe('every Monday at 06:30 UTC');
    expect(words('0 30 6 * * MON-FRI')).toBe('Monday to Friday at 06:30 UTC');
    expect(words('0 0 6 ? * SUN,WED')).toBe(
      'every Wednesday, Sunday at 06:00 UTC'
    );
    expect(words('0 */15 * * * *')).toBe('every 15 minutes');
    expect(words('0 30 6 1 * *')).toBe('cron 0 30 6 1 * *');
    expect(words(null, 21600)).toBe('every 6 hours');
    expect(words(null, 86400)).toBe('every day');
  });

  it('says what is wrong at its field, and then no times', () => {
    const wrong = { ...draft, preset: 'cron', cron: '* * *' } as const;
    expect(Object.keys(problemsOf(wrong, NOW))).toEqual(['cron']);
    expect(nextOf(wrong, NOW)).toEqual([]);
    const more = { ...draft, name: ' ', atATime: 11, end: '2020-01-01T00:00' };
    expect(Object.keys(problemsOf(more, NOW))).toEqual([
      'name',
      'atATime',
      'end'
    ]);
    expect(problemsOf(draft, NOW)).toEqual({});
    expect(nextOf(draft, NOW)).toHaveLength(3);
  });

  it('names no times after the end', () => {
    const ends = { ...draft, end: '2026-11-24T12:00' };
    expect(nextOf(ends, NOW)).toHaveLength(2);
  });

  it('becomes a request', () => {
    const asked = { ...draft, catchUp: true, start: '2026-12-01T00:00' };
    expect(requestOf(asked, 'a.pipeline', { seed: 7 })).toEqual({
      path: 'a.pipeline',
      name: 'Nightly',
      parameters: { seed: 7 },
      cron: '0 0 6 * * *',
      interval_seconds: null,
      catch_up: true,
      max_concurrency: 1,
      start: new Date('2026-12-01T00:00').toISOString(),
      end: null
    });
  });
});

describe('The schedules', () => {
  let answer: (request: IRequest) => Answer;
  let requests: IRequest[];
  let model: SchedulesModel;

  beforeEach(() => {
    answer = ({ path, method }) =>
      path === 'engines'
        ? { json: { engines: [localEngine(), engine()] } }
        : method === 'GET'
          ? { json: { schedules: [schedule(), schedule({ id: 's2' })] } }
          : { json: schedule({ enabled: false }) };
    const server = fakeServer(request => answer(request));
    requests = server.requests;
    const { client } = server;
    model = new SchedulesModel(client.engines, new EnginesModel(client));
  });

  const ids = () => model.schedules.map(kept => kept.schedule.id);
  const paths = () => requests.map(({ method, path }) => `${method} ${path}`);

  it('are those of every engine that has a clock', async () => {
    await model.refresh();
    expect(paths()).toEqual(['GET engines', 'GET engines/kubeflow/schedules']);
    expect(ids()).toEqual(['s1', 's2']);
  });

  it('are switched off one by one', async () => {
    await model.refresh();
    await model.setEnabled(model.schedules[0], false);
    expect(paths().pop()).toBe('POST engines/kubeflow/schedules/s1/disable');
    expect(model.schedules.map(kept => kept.schedule.enabled)).toEqual([
      false,
      true
    ]);
  });

  it('are gone when they are deleted', async () => {
    await model.refresh();
    answer = () => ({ status: 204 });
    await model.remove(model.schedules[0]);
    expect(ids()).toEqual(['s2']);
  });

  it('stay, and say why, when the cluster refuses', async () => {
    await model.refresh();
    const error = { code: 'cluster-refused', message: 'forbidden' };
    answer = () => ({ status: 502, json: { error } });
    await model.remove(model.schedules[0]);
    expect(ids()).toEqual(['s1', 's2']);
    expect(model.problemOf(model.schedules[0])).toBe('forbidden');
    await model.refresh();
    expect(ids()).toEqual(['s1', 's2']);
    expect(model.error).toBe('forbidden');
  });
});
