/** What is wrong with a cron line, for a person. */
export class CronProblem extends Error {}

interface IFieldRule {
  name: string;
  from: number;
  to: number;
  /** Words for values, from the first on. */
  words?: string[];
}

const MONTHS = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const DAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** The six fields that Kubeflow Pipelines reads, in their order. */
const FIELDS: IFieldRule[] = [
  { name: 'second', from: 0, to: 59 },
  { name: 'minute', from: 0, to: 59 },
  { name: 'hour', from: 0, to: 23 },
  { name: 'day of the month', from: 1, to: 31 },
  { name: 'month', from: 1, to: 12, words: MONTHS },
  { name: 'day of the week', from: 0, to: 6, words: DAYS }
];

/** How far ahead a time is looked for, in years: a leap day is never farther. */
const HORIZON = 9;

/** A cron line: for each field the values that fit, and whether any does. */
export interface ICron {
  fields: { values: Set<number>; any: boolean }[];
}

/**
 * Reads six fields: second, minute, hour, day of the month, month, day of the
 * week. Raises a CronProblem that says which field is wrong, and why.
 */
export function parseCron(text: string): ICron {
  const parts = text.trim().split(/\s+/).filter(Boolean);
  if (parts.length === 5) {
    const six = `0 ${parts.join(' ')}`;
    throw new CronProblem(
      `Kubeflow wants six fields, the second first: “${six}”`
    );
  }
  if (parts.length !== FIELDS.length) {
    throw new CronProblem(
      `six fields are wanted, as in “0 30 6 * * MON”; here are ${parts.length}`
    );
  }
  const fields = FIELDS.map((rule, i) => parseField(parts[i], rule));
  return { fields };
}

function parseField(text: string, rule: IFieldRule): ICron['fields'][0] {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    range(part, rule).forEach(value => values.add(value));
  }
  return { values, any: /^[*?]/.test(text) };
}

// The values of `*`, `5`, `1-5`, `*/15`, `10-30/5`.
function range(part: string, rule: IFieldRule): number[] {
  const [span, step, ...more] = part.split('/');
  const by = step === undefined ? 1 : Number(step);
  if (more.length > 0 || !Number.isInteger(by) || by < 1) {
    throw wrong(part, rule);
  }
  const [first, last] = ends(span, step !== undefined, rule);
  if (first > last) {
    throw new CronProblem(
      `“${part}” (${rule.name}) ends before it begins: write it as two, with a comma`
    );
  }
  const count = Math.floor((last - first) / by) + 1;
  return Array.from({ length: count }, (_, i) => first + i * by);
}

function ends(
  span: string,
  hasStep: boolean,
  rule: IFieldRule
): [number, number] {
  if (span === '*' || span === '?') {
    return [rule.from, rule.to];
  }
  const [first, last, ...more] = span.split('-');
  const from = valueOf(first, rule);
  if (more.length > 0 || from === null) {
    throw wrong(span, rule);
  }
  if (last === undefined) {
    return [from, hasStep ? rule.to : from];
  }
  const to = valueOf(last, rule);
  if (to === null) {
    throw wrong(span, rule);
  }
  return [from, to];
}

function valueOf(text: string, rule: IFieldRule): number | null {
  const word = rule.words?.indexOf(text.toUpperCase()) ?? -1;
  const value = word >= 0 ? rule.from + word : /^\d+$/.test(text) ? +text : NaN;
  return value >= rule.from && value <= rule.to ? value : null;
}

function wrong(part: string, { name, from, to, words }: IFieldRule) {
  const example = words ? ` or ${words[0]}–${words[words.length - 1]}` : '';
  return new CronProblem(`“${part}” is no ${name}: ${from}–${to}${example}`);
}

/**
 * The next times after a moment, all in UTC, as a cluster's clock has it.
 * Fewer, or none, where the line fits no more day.
 */
export function nextTimes(cron: ICron, after: Date, count: number): Date[] {
  const [seconds, minutes, hours] = cron.fields
    .slice(0, 3)
    .map(({ values }) => [...values].sort((a, b) => a - b));
  const found: Date[] = [];
  const day = new Date(after);
  day.setUTCHours(0, 0, 0, 0);
  const end = day.getUTCFullYear() + HORIZON;
  for (; day.getUTCFullYear() < end; day.setUTCDate(day.getUTCDate() + 1)) {
    if (!fitsDay(cron, day)) {
      continue;
    }
    for (const hour of hours) {
      for (const minute of minutes) {
        for (const second of seconds) {
          const time = new Date(day);
          time.setUTCHours(hour, minute, second);
          if (time > after) {
            found.push(time);
          }
          if (found.length === count) {
            return found;
          }
        }
      }
    }
  }
  return found;
}

/** Where both kinds of days are named, either is enough: so does cron. */
function fitsDay({ fields }: ICron, day: Date): boolean {
  const [date, month, weekday] = fields.slice(3);
  const isDate = date.values.has(day.getUTCDate());
  const isWeekday = weekday.values.has(day.getUTCDay());
  const isDay =
    date.any || weekday.any ? isDate && isWeekday : isDate || isWeekday;
  return isDay && month.values.has(day.getUTCMonth() + 1);
}
