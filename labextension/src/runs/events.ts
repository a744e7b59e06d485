import { Event } from '@jupyterlab/services';
import { IRun, IRunEvent } from '../api/types';

/** The schema of the events that tell of runs. */
export const RUN_EVENT =
  'https://claimed-framework.github.io/claimed-jlab/events/run/v1';

/** The run event that an emission carries; null when it is of another kind. */
export function asRunEvent(emission: Event.Emission): IRunEvent | null {
  return emission.schema_id === RUN_EVENT
    ? (emission as unknown as IRunEvent)
    : null;
}

/** The run as an event says it has become. */
export function applyEvent(run: IRun, event: IRunEvent): IRun {
  const { state, seconds, error } = event;
  if (event.kind === 'run') {
    return { ...run, state, seconds: seconds ?? run.seconds, error };
  }
  const task = event.task === null ? undefined : run.tasks[event.task];
  if (!task || event.task === null) {
    return run;
  }
  const changed = { ...task, state, seconds, error, cached: event.cached };
  return { ...run, tasks: { ...run.tasks, [event.task]: changed } };
}
