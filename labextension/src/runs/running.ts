import { IRunningSessionManagers } from '@jupyterlab/running';
import { TranslationBundle } from '@jupyterlab/translation';
import { stopIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { isFinal } from '../api/types';
import { pipelineIcon } from '../icons';
import { CommandIDs } from '../tokens';
import { stateLabel } from './format';
import { RunsModel } from './model';

/** Unfinished runs as JupyterLab lists kernels: to be opened, to be stopped. */
export function addRunningRuns(
  managers: IRunningSessionManagers,
  model: RunsModel,
  commands: CommandRegistry,
  trans: TranslationBundle
): void {
  const running = () => model.runs.filter(run => !isFinal(run.state));
  const cancel = (id: string) =>
    void model.cancel(id).catch(() => model.refresh());
  managers.add({
    name: trans.__('Pipeline Runs'),
    running: () =>
      running().map(run => ({
        icon: () => pipelineIcon,
        label: () => run.pipeline,
        labelTitle: () => run.contents_path ?? run.path,
        detail: () => stateLabel(run.state, trans),
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
