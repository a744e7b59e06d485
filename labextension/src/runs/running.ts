import { IRunningSessionManagers } from '@jupyterlab/running';
import { TranslationBundle } from '@jupyterlab/translation';
import { stopIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { IRun } from '../api/types';
import { pipelineIcon } from '../icons';
import { CommandIDs } from '../tokens';
import { leftText, stateLabel } from './format';
import { RunsModel } from './model';

/** All of a live run, for which the line itself has no room. */
function titleOf(
  run: IRun,
  model: RunsModel,
  trans: TranslationBundle
): string {
  const { done, total } = run.progress;
  return [
    run.contents_path ?? run.path,
    stateLabel(run.state, trans),
    trans.__('%1 of %2 tasks', done, total),
    leftText(model.remaining(run.run_id), trans)
  ]
    .filter(Boolean)
    .join('\n');
}

/** Unfinished runs as JupyterLab lists kernels: to be opened, to be stopped. */
export function addRunningRuns(
  managers: IRunningSessionManagers,
  model: RunsModel,
  commands: CommandRegistry,
  trans: TranslationBundle
): void {
  const running = () => model.live;
  const cancel = (id: string) =>
    void model.cancel(id).catch(() => model.refresh());
  managers.add({
    name: trans.__('Pipeline Runs'),
    running: () =>
      running().map(run => ({
        icon: () => pipelineIcon,
        label: () => run.pipeline,
        labelTitle: () => titleOf(run, model, trans),
        detail: () => `${run.progress.done}/${run.progress.total}`,
        open: () =>
          void commands.execute(CommandIDs.openRun, { run: run.run_id }),
        shutdown: () => cancel(run.run_id)
      })),
    runningChanged: model.changed,
    refreshRunning: () => void model.refresh(),
    shutdownAll: () => running().forEach(run => cancel(run.run_id)),
    shutdownLabel: trans.__('Cancel'),
    shutdownAllLabel: trans.__('Cancel All'),
    shutdownAllConfirmationText: trans.__(
      'Cancel all pipeline runs? What they have finished is kept.'
    ),
    shutdownItemIcon: stopIcon
  });
}
