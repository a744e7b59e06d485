import { IRun, isFinal } from '../api/types';
import { RunsModel } from './model';

/**
 * Tells of each run that was seen live, once while it goes on and once when it
 * has ended. What had ended before anybody looked is nobody's news.
 */
export class RunEnds {
  constructor(
    private readonly _model: RunsModel,
    private readonly _tell: {
      goesOn: (run: IRun) => void;
      ended: (run: IRun) => void;
      gone: (id: string) => void;
    }
  ) {
    _model.changed.connect(this._onRuns, this);
  }

  private _onRuns(): void {
    for (const run of this._model.runs) {
      if (!isFinal(run.state)) {
        this._live.add(run.run_id);
        this._tell.goesOn(run);
      } else if (this._live.has(run.run_id) && isWhole(run)) {
        this._live.delete(run.run_id);
        this._tell.ended(run);
      }
    }
    for (const id of this._live) {
      if (!this._model.get(id)) {
        this._live.delete(id);
        this._tell.gone(id);
      }
    }
  }

  private readonly _live = new Set<string>();
}

/** Whether the server's own word on the end is there, not the event's alone. */
function isWhole(run: IRun): boolean {
  return run.finished !== null;
}

/** The task to look at when a run failed: the one that has a cell to show. */
export function failedTask(run: IRun): string | null {
  const failed = Object.entries(run.tasks).filter(
    ([, task]) => task.state === 'FAILED'
  );
  const rank = ([, task]: (typeof failed)[0]) =>
    (task.cell === null ? 2 : 0) + (task.notebook === null ? 1 : 0);
  return failed.sort((a, b) => rank(a) - rank(b))[0]?.[0] ?? null;
}
