import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { State } from '../api/types';
import { duration, stateLabel } from './format';

/** A sign for each state, so that colour is never the only one. */
const SIGNS: { [state in State]: string } = {
  NEW: '○',
  RUNNING: '',
  COMPLETE: '✓',
  FAILED: '✕',
  CACHED: '↺',
  CANCELED: '⊘'
};

/** The states in which something was done that took time. */
const TIMED: State[] = ['RUNNING', 'COMPLETE', 'FAILED', 'CANCELED'];

interface IStateBadgeProps {
  state: State;
  /** How long it took; null while it runs or when it never began. */
  seconds: number | null;
  /** When it began, in ms since the epoch: makes the clock of a running one. */
  since?: number | null;
  trans: TranslationBundle;
}

/** The state of a run or a task, with the time it took or has taken so far. */
export function StateBadge(props: IStateBadgeProps): JSX.Element {
  const { state, trans } = props;
  const running = state === 'RUNNING';
  const now = useClock(running && !!props.since);
  const elapsed =
    running && props.since
      ? Math.max(0, Math.floor((now - props.since) / 1000))
      : null;
  const time =
    elapsed !== null
      ? `${elapsed} s`
      : props.seconds !== null && TIMED.includes(state)
        ? duration(props.seconds)
        : '';
  return (
    <span className="claimed-State" data-state={state}>
      <span className="claimed-State-sign" aria-hidden="true">
        {SIGNS[state]}
      </span>
      <span>{stateLabel(state, trans)}</span>
      {time && <span className="claimed-State-time">{time}</span>}
    </span>
  );
}

/** The time in ms, each second anew while `running`. */
export function useClock(running: boolean): number {
  const [now, setNow] = React.useState(Date.now());
  React.useEffect(() => {
    if (!running) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
