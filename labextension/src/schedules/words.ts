import { TranslationBundle } from '@jupyterlab/translation';
import { ITiming } from '../api/engines';
import { duration } from '../runs/format';
import { parseCron } from './cron';

const HOUR = 3600;

/** The times that have words of their own. */
export type Preset = 'hour' | 'day' | 'week' | 'interval' | 'cron';

/** What the form of a schedule says of the times. */
export interface ITimes {
  preset: Preset;
  /** `06:30`, in UTC: of the day, or the minute of the hour. */
  time: string;
  /** Of the week, Sunday is 0. */
  weekday: number;
  /** How many of `unit` lie between two runs. */
  every: number;
  unit: 'minutes' | 'hours' | 'days';
  cron: string;
}

export const EVERY_DAY: ITimes = {
  preset: 'day',
  time: '06:00',
  weekday: 1,
  every: 6,
  unit: 'hours',
  cron: '0 0 6 * * *'
};

const SECONDS = { minutes: 60, hours: HOUR, days: 24 * HOUR };

/** The times as a schedule has them. */
export function timingOf(
  times: ITimes
): Pick<ITiming, 'cron' | 'interval_seconds'> {
  const [hour, minute] = times.time.split(':').map(Number);
  const cron = (line: string) => ({ cron: line, interval_seconds: null });
  switch (times.preset) {
    case 'hour':
      return cron(`0 ${minute} * * * *`);
    case 'day':
      return cron(`0 ${minute} ${hour} * * *`);
    case 'week':
      return cron(`0 ${minute} ${hour} * * ${times.weekday}`);
    case 'cron':
      return cron(times.cron.trim().split(/\s+/).join(' '));
    case 'interval':
      return {
        cron: null,
        interval_seconds: Math.round(times.every * SECONDS[times.unit])
      };
  }
}

/** When a schedule runs, as a person says it; a cron line that has no words, as it is. */
export function timesText(
  { cron, interval_seconds }: Pick<ITiming, 'cron' | 'interval_seconds'>,
  trans: TranslationBundle
): string {
  return cron === null
    ? trans.__('every %1', intervalText(interval_seconds ?? 0, trans))
    : (cronText(cron, trans) ?? trans.__('cron %1', cron));
}

function cronText(line: string, trans: TranslationBundle): string | null {
  const [, every] = /^0 [*0]\/(\d+) \* [*?] \* [*?]$/.exec(line) ?? [];
  if (every) {
    return trans.__('every %1 minutes', every);
  }
  // Seconds, minutes, hours, any day of any month, days of the week.
  const found = /^0 (\d+) (\d+|\*) [*?] \* (\S+)$/.exec(line);
  if (!found) {
    return null;
  }
  const [, minute, hour, days] = found;
  const isEveryDay = days === '*' || days === '?';
  if (hour === '*') {
    const words = trans.__('every hour, at minute %1', minute);
    return isEveryDay ? words : null;
  }
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  return isEveryDay
    ? trans.__('every day at %1 UTC', time)
    : trans.__('%1 at %2 UTC', daysText(line, trans), time);
}

/** The days of the week of a cron line: `every Monday`, `Monday to Friday`. */
function daysText(line: string, trans: TranslationBundle): string {
  const { values } = parseCron(line).fields[5];
  const days = [1, 2, 3, 4, 5, 6, 0].filter(day => values.has(day));
  return days.join() === '1,2,3,4,5'
    ? trans.__('Monday to Friday')
    : trans.__('every %1', days.map(weekdayName).join(', '));
}

function intervalText(seconds: number, trans: TranslationBundle): string {
  if (seconds % SECONDS.days === 0) {
    return trans._n('day', '%1 days', seconds / SECONDS.days);
  }
  if (seconds % HOUR === 0) {
    return trans._n('hour', '%1 hours', seconds / HOUR);
  }
  return seconds % 60 === 0
    ? trans._n('minute', '%1 minutes', seconds / 60)
    : duration(seconds);
}

/** The name of a day of the week, Sunday is 0. */
export function weekdayName(day: number): string {
  // The first of a month that began with a Sunday.
  const date = new Date(Date.UTC(2023, 0, 1 + day));
  return date.toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' });
}

/** A moment as the cluster's clock has it, and as it is here. */
export function momentText(time: Date, trans: TranslationBundle): string {
  const there = time.toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC'
  });
  const here = time.toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit'
  });
  return time.getTimezoneOffset() === 0
    ? trans.__('%1 UTC', there)
    : trans.__('%1 UTC (%2 here)', there, here);
}
