import { TranslationBundle } from '@jupyterlab/translation';
import { State } from '../api/types';

/** A duration in words that fit a badge: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 4 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What is left of a live run: `about 20 s left`; nothing where it is not known. */
export function leftText(
  seconds: number | null,
  trans: TranslationBundle
): string {
  if (seconds === null) {
    return '';
  }
  if (seconds === 0) {
    return trans.__('longer than before');
  }
  const whole = Math.ceil(seconds < 20 ? seconds : Math.round(seconds / 5) * 5);
  const time = whole < 60 ? `${whole} s` : duration(whole);
  return trans.__('about %1 left', time);
}

/** A size in bytes, as a file manager shows it. */
export function fileSize(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A state as a person says it. */
export function stateLabel(state: State, trans: TranslationBundle): string {
  switch (state) {
    case 'NEW':
      return trans.__('Waiting');
    case 'RUNNING':
      return trans.__('Running');
    case 'COMPLETE':
      return trans.__('Complete');
    case 'FAILED':
      return trans.__('Failed');
    case 'CACHED':
      return trans.__('Cached');
    case 'CANCELED':
      return trans.__('Canceled');
  }
}
