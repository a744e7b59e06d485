import { Notification } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { JSONObject } from '@lumino/coreutils';
import { ClaimedError, messageOf } from '../api/errors';
import { EditorModel } from '../editor/model';
import { defaultValues, formArguments } from '../editor/parameters';
import { askSchedule } from './form';
import { SchedulesModel } from './model';
import { newDraft, requestOf } from './request';
import { timesText } from './words';

interface IScheduleServices {
  schedules: SchedulesModel;
  /** Where the form begins, instead of the pipeline's own defaults. */
  values?: JSONObject;
  trans: TranslationBundle;
}

/** Asks when the pipeline of an editor is to run, and has the engine run it then. */
export async function schedulePipeline(
  model: EditorModel,
  { schedules, values, trans }: IScheduleServices
): Promise<void> {
  const engine = engineFor(model, schedules);
  const parameters = model.description?.parameters ?? {};
  const pipeline = model.description?.name ?? model.path;
  const begin = values ?? defaultValues(parameters);
  let draft = newDraft(pipeline, begin);
  let problem = '';
  for (;;) {
    const common = { pipeline, engine: engine.title, parameters, trans };
    const given = await askSchedule({ ...common, draft, problem });
    if (given === null) {
      return;
    }
    draft = given;
    try {
      const request = formArguments(parameters, draft.values);
      await model.save();
      const { schedule } = await schedules.create(
        engine.name,
        requestOf(draft, model.path, request)
      );
      const when = timesText(schedule, trans);
      Notification.success(
        trans.__('“%1” is scheduled: %2', schedule.name, when),
        { autoClose: 6000 }
      );
      return;
    } catch (error) {
      // A server that is away is no matter of what was entered.
      if (error instanceof ClaimedError && !error.isRefusal) {
        throw error;
      }
      problem = messageOf(error);
    }
  }
}

/** The engine of the document where it has a clock, else the first that has one. */
function engineFor(model: EditorModel, { engines }: SchedulesModel) {
  const chosen = model.engine?.engine;
  const able = engines.scheduling;
  return able.find(({ name }) => name === chosen?.name) ?? able[0];
}
