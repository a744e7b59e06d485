import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { tellFailure } from '../failure';
import {
  CommandIDs,
  IClaimedClient,
  IEnginesModel,
  IPipelineTracker,
  ISchedulesModel
} from '../tokens';
import { JSONObject } from '@lumino/coreutils';
import { SchedulesModel } from './model';

/** Knows what runs again and again. */
export const schedulesPlugin: JupyterFrontEndPlugin<ISchedulesModel> = {
  id: 'claimed-jlab:schedules',
  description: 'The pipelines that run by the clock.',
  autoStart: true,
  requires: [IClaimedClient, IEnginesModel],
  provides: ISchedulesModel,
  activate: (
    _: JupyterFrontEnd,
    client: IClaimedClient,
    engines: IEnginesModel
  ): ISchedulesModel => new SchedulesModel(client.engines, engines)
};

/** Makes a schedule of the pipeline that is open. */
export const scheduleCommandPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:schedule-command',
  description: 'Runs the pipeline of an editor by the clock.',
  autoStart: true,
  requires: [ISchedulesModel, IPipelineTracker],
  optional: [ITranslator],
  activate: (
    { commands }: JupyterFrontEnd,
    schedules: ISchedulesModel,
    tracker: IPipelineTracker,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    commands.addCommand(CommandIDs.schedulePipeline, {
      label: trans.__('Schedule Pipeline…'),
      caption: trans.__('Run the pipeline again and again, by the clock'),
      isEnabled: () =>
        tracker.currentWidget !== null &&
        schedules.engines.scheduling.length > 0,
      execute: args =>
        tellFailure(trans.__('The pipeline was not scheduled'), async () => {
          const model = tracker.currentWidget?.content.model;
          const { schedulePipeline } = await import('./create');
          const values = args.values as JSONObject | undefined;
          return model && schedulePipeline(model, { schedules, trans, values });
        })
    });
    schedules.engines.changed.connect(() =>
      commands.notifyCommandChanged(CommandIDs.schedulePipeline)
    );
  }
};
