import { ReadonlyJSONObject } from '@lumino/coreutils';
import { ClaimedError } from '../api/errors';
import { IPart } from '../api/types';
import { ITrustOptions, startWithTrust } from '../catalogs/trust';
import { LastValues } from './lastvalues';
import { EditorModel } from './model';

/** What the server says when a value cannot be used: it is asked for again. */
const BAD_VALUE = 'bad-parameter';

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
  if (!description || Object.keys(description.parameters).length === 0) {
    await startWithTrust(() => model.start(undefined, part), options);
    return;
  }
  const { askParameters } = await import('./runform');
  let begin = values ?? (await lastValues.of(model.path));
  let problem = '';
  for (;;) {
    const question = { description, begin, part, problem, trans };
    const given = await askParameters(question);
    if (given === null) {
      return;
    }
    try {
      await startWithTrust(() => model.start(given, part), options);
      await lastValues.keep(model.path, given);
      return;
    } catch (error) {
      if (!(error instanceof ClaimedError) || error.code !== BAD_VALUE) {
        throw error;
      }
      [begin, problem] = [given, error.message];
    }
  }
}
