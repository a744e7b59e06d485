import { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';
import { IRunOptions } from '../api/types';
import { EngineChoice } from '../engines/choice';
import { EditorModel } from './model';

/** How many of the things in the way are listed. */
const LISTED = 5;

/** What keeps the pipeline from running, or from running so, on the engine that is chosen. */
export function Obstacles(props: {
  model: EditorModel;
  trans: TranslationBundle;
}): JSX.Element {
  const { model, trans } = props;
  return (
    <UseSignal signal={model.changed}>
      {() => {
        const all = model.description?.diagnostics ?? [];
        const errors = all.filter(({ level }) => level === 'error');
        return errors.length === 0 ? null : (
          <div className="claimed-Obstacles" role="alert">
            <p>
              {trans._n(
                'One thing is in the way:',
                '%1 things are in the way:',
                errors.length
              )}
            </p>
            <ul>
              {errors.slice(0, LISTED).map(({ task, message }, i) => (
                <li key={i}>
                  {task && <code>{task}</code>} {message}
                </li>
              ))}
              {errors.length > LISTED && <li>…</li>}
            </ul>
          </div>
        );
      }}
    </UseSignal>
  );
}

interface IOptionsProps {
  engine: EngineChoice | null;
  options: IRunOptions;
  onChange: (options: IRunOptions) => void;
  trans: TranslationBundle;
}

/** How the run goes about it, as far as the engine can be told. */
export function RunOptions(props: IOptionsProps): JSX.Element | null {
  const { engine, trans } = props;
  const jobs = engine?.can('jobs') ?? false;
  const cache = engine?.can('cache') ?? false;
  return jobs || cache ? (
    <details className="claimed-RunForm-options">
      <summary>{trans.__('How it is run')}</summary>
      {cache && <Cache {...props} />}
      {jobs && <Jobs {...props} />}
    </details>
  ) : null;
}

function Cache({ options, onChange, trans }: IOptionsProps): JSX.Element {
  return (
    <label>
      <input
        type="checkbox"
        checked={options.cache ?? true}
        onChange={event =>
          onChange({
            ...options,
            cache: event.target.checked ? undefined : false
          })
        }
      />
      {trans.__('Skip tasks that have not changed since they last ran')}
    </label>
  );
}

function Jobs({ options, onChange, trans }: IOptionsProps): JSX.Element {
  const { jobs } = options;
  return (
    <label>
      {trans.__('Tasks at a time')}
      <input
        type="number"
        min={1}
        step={1}
        className="jp-mod-styled"
        placeholder={trans.__('as there is room')}
        value={jobs ?? ''}
        onChange={event => {
          const count = parseInt(event.target.value, 10);
          onChange({ ...options, jobs: count >= 1 ? count : undefined });
        }}
      />
    </label>
  );
}
