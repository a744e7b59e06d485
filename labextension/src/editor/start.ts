import { ReadonlyJSONObject } from '@lumino/coreutils';
import { ClaimedError } from '../api/errors';
import { IPart, IRunOptions } from '../api/types';
import { ITrustOptions, startWithTrust } from '../catalogs/trust';
import { LOCAL } from '../engines/model';
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
  await takeEngine(model, wish.engine);
  if (!asksFirst(model, wish)) {
    await startWithTrust(() => model.start(undefined, part), options);
    return;
  }
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
      const all = { ...possible(how, model), ...part };
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

/** What leaves this machine is asked about, even where there is nothing to fill in. */
function asksFirst(model: EditorModel, { ask }: IWish): boolean {
  const { description, engine } = model;
  const parameters = Object.keys(description?.parameters ?? {});
  const isElsewhere = engine !== null && engine.name !== LOCAL;
  return (
    description !== null && (parameters.length > 0 || isElsewhere || !!ask)
  );
}

/** What the form holds of another engine is not said of this one. */
function possible(how: IRunOptions, { engine }: EditorModel): IRunOptions {
  const can = (feature: string) => engine?.can(feature) ?? true;
  return {
    ...(how.jobs !== undefined && can('jobs') && { jobs: how.jobs }),
    ...(how.cache !== undefined && can('cache') && { cache: how.cache })
  };
}
