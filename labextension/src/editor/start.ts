import { ReadonlyJSONObject } from '@lumino/coreutils';
import { ClaimedError } from '../api/errors';
import { IPart, IRunOptions } from '../api/types';
import { ITrustOptions, startWithTrust } from '../catalogs/trust';
import { asksFirst, possible } from './asking';
import { LastValues } from './lastvalues';
import { EditorModel } from './model';

/** What the server says when a value cannot be used: it is asked for again. */
const BAD_VALUE = 'bad-parameter';

export interface IStartOptions extends ITrustOptions {
  lastValues: LastValues;
}

/** What is to be run, and how; all of it with what the user says, by default. */
export interface IWish {
  part?: IPart;
  /** The form begins with these instead of the last ones. */
  values?: ReadonlyJSONObject;
  /** Where the form begins, instead of where the document was last run. */
  engine?: string;
  /** Asks even where there is nothing to fill in. */
  ask?: boolean;
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
  wish: IWish = {}
): Promise<void> {
  const { part } = wish;
  await model.ready; // its parameters are asked for, however soon one presses Run
  await takeEngine(model, wish.engine);
  if (!wish.ask && !asksFirst(model.description, model.engine)) {
    await startWithTrust(() => model.start(undefined, part), options);
    return;
  }
  // Another may have been set up since, by the command line for one.
  void model.engine?.engines.refresh();
  const { askRun } = await import('./runform');
  const { lastValues, commands, trans } = options;
  let begin = wish.values ?? (await lastValues.of(model.path));
  let how: IRunOptions = {};
  let problem = '';
  for (;;) {
    const common = { model, part, commands, trans };
    const given = await askRun({ ...common, begin, options: how, problem });
    if (given === null) {
      return;
    }
    const { parameters } = given;
    how = given.options;
    try {
      const all = { ...possible(how, model.engine), ...part };
      await startWithTrust(() => model.start(parameters, all), options);
      await lastValues.keep(model.path, parameters);
      return;
    } catch (error) {
      if (!(error instanceof ClaimedError) || error.code !== BAD_VALUE) {
        throw error;
      }
      [begin, problem] = [parameters, error.message];
    }
  }
}

/** An old run is repeated where it was, as far as one still can. */
async function takeEngine(model: EditorModel, name?: string): Promise<void> {
  if (name && model.engine?.engines.get(name)?.ready) {
    await model.engine.choose(name);
  }
}
