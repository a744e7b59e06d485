import { IRun, RunAction, isFinal } from '../api/types';

/** Whether something can be done to a run now, by the server's own word. */
export function canDo(run: IRun, action: RunAction): boolean {
  // An event says that it ended before the server has said the rest.
  const isLate = action === 'cancel' && isFinal(run.state);
  return !isLate && run.actions.includes(action);
}
