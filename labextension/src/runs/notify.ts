import { Notification } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { IRun } from '../api/types';
import { CommandIDs } from '../tokens';
import { RunEnds, failedTask } from './ends';
import { duration } from './format';
import { RunsModel } from './model';

/** How long good news is shown, in ms. */
const GOOD_NEWS = 6000;

/**
 * Tells of runs in JupyterLab's notifications: quietly while they go on, with
 * a word when they end, and with the way to the cell when they failed.
 */
export function notifyOfRuns(
  model: RunsModel,
  commands: CommandRegistry,
  trans: TranslationBundle
): void {
  const shown = new Map<string, string>();
  const failures = new Map<string, string>();
  const dismiss = (id: string, from = shown) => {
    const notification = from.get(id);
    if (notification) {
      from.delete(id);
      Notification.dismiss(notification);
    }
  };
  new RunEnds(model, {
    goesOn: run => {
      dismiss(run.run_id, failures); // it was retried
      if (!isTrial(run)) {
        showProgress(run, shown, commands, trans);
      }
    },
    ended: run => {
      dismiss(run.run_id);
      if (!isTrial(run)) {
        const id = tellEnd(run, commands, trans);
        if (run.state === 'FAILED') {
          failures.set(run.run_id, id);
        }
      }
    },
    gone: id => dismiss(id)
  });
}

/** A notebook that is tried tells of itself, in the panel beside it. */
function isTrial(run: IRun): boolean {
  return run.path.endsWith('.ipynb');
}

/** Quietly, in the notification center alone: the status bar shows it, too. */
function showProgress(
  run: IRun,
  shown: Map<string, string>,
  commands: CommandRegistry,
  trans: TranslationBundle
): void {
  const { done, total } = run.progress;
  const progress = total ? done / total : 0;
  const message = trans.__('“%1” is running', run.pipeline);
  const id = shown.get(run.run_id);
  if (id) {
    Notification.update({ id, message, progress, autoClose: 0 });
    return;
  }
  const options = {
    autoClose: 0,
    progress,
    actions: [openRun(run, commands, trans)]
  };
  shown.set(run.run_id, Notification.emit(message, 'in-progress', options));
}

/** Tells how a run ended; returns the notification's id. */
function tellEnd(
  run: IRun,
  commands: CommandRegistry,
  trans: TranslationBundle
): string {
  const took = run.seconds === null ? '' : duration(run.seconds);
  const open = openRun(run, commands, trans);
  if (run.state === 'FAILED') {
    const task = failedTask(run);
    const why = run.error ?? (task && run.tasks[task].error) ?? '';
    const actions = [...wayToCell(run, task, commands, trans), open];
    const message = trans.__('“%1” failed: %2', run.pipeline, why);
    return Notification.error(message, { autoClose: false, actions });
  }
  const news = { autoClose: GOOD_NEWS as number, actions: [open] };
  if (run.state === 'CANCELED') {
    const message = trans.__('“%1” was canceled', run.pipeline);
    return Notification.info(message, news);
  }
  const message = trans.__('“%1” is complete, in %2', run.pipeline, took);
  return Notification.success(message, news);
}

function openRun(
  run: IRun,
  commands: CommandRegistry,
  trans: TranslationBundle
): Notification.IAction {
  return {
    label: trans.__('Open run'),
    callback: () =>
      void commands.execute(CommandIDs.openRun, { run: run.run_id })
  };
}

/** The button that opens the executed notebook at the cell that failed. */
function wayToCell(
  run: IRun,
  task: string | null,
  commands: CommandRegistry,
  trans: TranslationBundle
): Notification.IAction[] {
  if (!task || !run.tasks[task].notebook) {
    return [];
  }
  return [
    {
      label: trans.__('Show the cell'),
      caption: trans.__('Open the notebook that failed, at the cell'),
      displayType: 'accent',
      callback: () =>
        void commands.execute(CommandIDs.openNotebook, {
          run: run.run_id,
          task
        })
    }
  ];
}
