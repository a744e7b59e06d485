import { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { IPart } from '../api/types';
import { ITrustOptions, startWithTrust } from '../catalogs/trust';
import { LastValues } from './lastvalues';
import { EditorModel } from './model';

export interface IStartOptions extends ITrustOptions {
  lastValues: LastValues;
}

/** What is to be run, and with what; all of it with what the user says, by default. */
export interface IWish {
  part?: IPart;
  /** The form begins with these instead of the last ones. */
  values?: ReadonlyJSONObject;
}

/**
 * Runs the pipeline of an editor, or a part of it.
 *
 * Asks for the parameters, when there are any, beginning with what was given
 * the last time, and for trust where code is new here.
 */
export async function startPipeline(
  model: EditorModel,
  options: IStartOptions,
  { part, values }: IWish = {}
): Promise<void> {
  const { description } = model;
  const { lastValues, trans } = options;
  let given: JSONObject | undefined;
  if (description && Object.keys(description.parameters).length > 0) {
    const { askParameters } = await import('./runform');
    const begin = values ?? (await lastValues.of(model.path));
    const answer = await askParameters({ description, begin, part, trans });
    if (answer === null) {
      return;
    }
    given = answer;
    await lastValues.keep(model.path, given);
  }
  await startWithTrust(() => model.start(given, part), options);
}
