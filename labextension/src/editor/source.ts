import { Source } from '../api/types';

/** Where an input's value comes from, in a few words. */
export function sourceText(source: Source): string {
  if ('output' in source) {
    return source.output;
  }
  if ('parameter' in source) {
    return `parameter ${source.parameter}`;
  }
  if ('secret' in source) {
    return `secret ${source.secret}`;
  }
  return valueText(source.value);
}

/** A value as one line: a string as it is, a number short, the rest as JSON. */
export function valueText(value: unknown): string {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    return String(Number(value.toPrecision(5)));
  }
  return typeof value === 'string' && value !== ''
    ? value
    : (JSON.stringify(value) ?? '');
}
