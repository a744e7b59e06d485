import { IRun, State } from '../api/types';

export type Order = 'newest' | 'oldest' | 'pipeline' | 'longest';

/** Which runs are listed, and in which order. */
export interface ISelection {
  /** Words that must all be found: in the name, the path, who, the engine, the parameters. */
  text: string;
  state: State | 'all';
  /** The name of an engine. */
  engine: string;
  order: Order;
}

/** What is listed before anybody chose: everything, the newest first. */
export const EVERYTHING: ISelection = {
  text: '',
  state: 'all',
  engine: 'all',
  order: 'newest'
};

/** The runs that are selected, in order. `runs` come newest first. */
export function selectRuns(runs: IRun[], selection: ISelection): IRun[] {
  const words = selection.text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = runs.filter(run => {
    const { state, engine } = selection;
    const text = textOf(run);
    return (
      (state === 'all' || run.state === state) &&
      (engine === 'all' || run.engine === engine) &&
      words.every(word => text.includes(word))
    );
  });
  switch (selection.order) {
    case 'newest':
      return found;
    case 'oldest':
      return found.reverse();
    case 'pipeline':
      return found.sort((a, b) => a.pipeline.localeCompare(b.pipeline));
    case 'longest':
      return found.sort((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0));
  }
}

/** The engines of some runs, by name and in words. */
export function enginesOf(runs: IRun[]): [name: string, title: string][] {
  const titles = new Map(
    runs.map(run => [run.engine, run.engine_title || run.engine])
  );
  return [...titles].sort(([, a], [, b]) => a.localeCompare(b));
}

/** The parameters of a run in one line: `seed = 7, table = a.csv`. */
export function parametersText(run: IRun): string {
  return Object.entries(run.parameters)
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return `${name} = ${text}`;
    })
    .join(', ');
}

function textOf(run: IRun): string {
  const { run_id, pipeline, path, user, engine, engine_title } = run;
  const parameters = parametersText(run);
  // Both as they are read and as one types them: `seed = 7`, `seed=7`.
  const typed = parameters.split(' = ').join('=');
  return [run_id, pipeline, path, user, engine, engine_title, parameters, typed]
    .join(' ')
    .toLowerCase();
}
