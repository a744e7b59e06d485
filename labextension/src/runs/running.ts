import { IRunningSessionManagers } from '@jupyterlab/running';
import { TranslationBundle } from '@jupyterlab/translation';
import { stopIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { IRun } from '../api/types';
import { pipelineIcon } from '../icons';
import { CommandIDs } from '../tokens';
import { leftText, stateLabel } from './format';
import { RunsModel } from './model';

/** How a live run fares, in the few words that there is room for. */
function detailOf(
  run: IRun,
  model: RunsModel,
  trans: TranslationBundle
): string {
  const { done, total } = run.progress;
  const left = leftText(model.remaining(run.run_id), trans);
  const progress = trans.__('%1 of %2 tasks', done, total);
  return [stateLabel(run.state, trans), progress, left]
    .filter(Boolean)
    .join(', ');
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
        labelTitle: () => run.contents_path ?? run.path,
        detail: () => detailOf(run, model, trans),
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
