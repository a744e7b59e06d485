import { IDescription, IRunOptions } from '../api/types';
import { EngineChoice } from '../engines/choice';
import { LOCAL } from '../engines/model';

/**
 * Whether there is something to ask before a run: parameters, or that it
 * leaves this machine.
 */
export function asksFirst(
  description: IDescription | null,
  engine: EngineChoice | null
): boolean {
  const parameters = Object.keys(description?.parameters ?? {});
  const isElsewhere = engine !== null && engine.name !== LOCAL;
  return description !== null && (parameters.length > 0 || isElsewhere);
}

/** What the form holds of another engine is not said of this one. */
export function possible(
  how: IRunOptions,
  engine: EngineChoice | null
): IRunOptions {
  const can = (feature: string) => engine?.can(feature) ?? true;
  return {
    ...(how.jobs !== undefined && can('jobs') && { jobs: how.jobs }),
    ...(how.cache !== undefined && can('cache') && { cache: how.cache })
  };
}
