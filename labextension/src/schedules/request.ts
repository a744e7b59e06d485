import { JSONObject } from '@lumino/coreutils';
import { IScheduleRequest } from '../api/engines';
import { CronProblem, nextTimes, parseCron } from './cron';
import { EVERY_DAY, ITimes, timingOf } from './words';

/** What Kubeflow Pipelines allows at a time. */
export const MOST_AT_A_TIME = 10;

/** How many of the next times are shown. */
const SHOWN = 3;

/** What the form of a schedule says, before it is checked. */
export interface IScheduleDraft extends ITimes {
  name: string;
  catchUp: boolean;
  atATime: number;
  /** As a field for a date and a time has it, by the clock here; may be empty. */
  start: string;
  end: string;
  values: JSONObject;
}

export function newDraft(name: string, values: JSONObject): IScheduleDraft {
  return {
    ...EVERY_DAY,
    name,
    catchUp: false,
    atATime: 1,
    start: '',
    end: '',
    values
  };
}

/** What is wrong, by the field that it is about, in one line each. */
export type DraftProblems = {
  [field in 'name' | 'cron' | 'time' | 'every' | 'atATime' | 'end']?: string;
};

export function problemsOf(draft: IScheduleDraft, now: Date): DraftProblems {
  const found: DraftProblems = {};
  if (!draft.name.trim()) {
    found.name = 'Give it a name.';
  }
  if (draft.preset === 'interval' && !(draft.every > 0)) {
    found.every = 'A number above 0 is wanted.';
  } else if (isTimed(draft) && !/^\d\d:\d\d/.test(draft.time)) {
    found.time = 'Say at what time.';
  } else if (draft.preset === 'cron') {
    const problem = cronProblem(draft.cron, now);
    if (problem) {
      found.cron = problem;
    }
  }
  const { atATime } = draft;
  if (!Number.isInteger(atATime) || atATime < 1 || atATime > MOST_AT_A_TIME) {
    found.atATime = `A whole number from 1 to ${MOST_AT_A_TIME} is wanted.`;
  }
  const [start, end] = [momentOf(draft.start), momentOf(draft.end)];
  if (end && (end <= now || (start && end <= start))) {
    found.end = start
      ? 'It ends before it begins.'
      : 'This time has passed already.';
  }
  return found;
}

function isTimed({ preset }: IScheduleDraft): boolean {
  return preset === 'hour' || preset === 'day' || preset === 'week';
}

function cronProblem(line: string, now: Date): string {
  try {
    const [first] = nextTimes(parseCron(line), now, 1);
    return first ? '' : 'There is no such day.';
  } catch (error) {
    if (error instanceof CronProblem) {
      return error.message;
    }
    throw error;
  }
}

/** The next times of what the form says; none while something is wrong. */
export function nextOf(draft: IScheduleDraft, now: Date): Date[] {
  if (Object.keys(problemsOf(draft, now)).length > 0) {
    return [];
  }
  const start = momentOf(draft.start);
  const end = momentOf(draft.end);
  const from = start && start > now ? start : now;
  const { cron, interval_seconds } = timingOf(draft);
  const times =
    cron === null
      ? [...Array(SHOWN).keys()].map(
          i => new Date(from.getTime() + (i + 1) * interval_seconds! * 1000)
        )
      : nextTimes(parseCron(cron), from, SHOWN);
  return times.filter(time => !end || time <= end);
}

/** The draft, as the server takes it. */
export function requestOf(
  draft: IScheduleDraft,
  path: string,
  parameters: JSONObject
): IScheduleRequest {
  return {
    path,
    name: draft.name.trim(),
    parameters,
    ...timingOf(draft),
    catch_up: draft.catchUp,
    max_concurrency: draft.atATime,
    start: momentOf(draft.start)?.toISOString() ?? null,
    end: momentOf(draft.end)?.toISOString() ?? null
  };
}

function momentOf(text: string): Date | null {
  const moment = new Date(text);
  return text === '' || isNaN(moment.getTime()) ? null : moment;
}
