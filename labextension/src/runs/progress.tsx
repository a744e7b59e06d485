import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IRun, isFinal } from '../api/types';
import { useClock } from './badge';
import { leftText } from './format';
import { RunsModel } from './model';

/** How far a live run is: a bar, how many tasks are done, and how long it will take. */
export function RunProgress(props: {
  run: IRun;
  model: RunsModel;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { run, model, trans } = props;
  const live = !isFinal(run.state);
  useClock(live);
  if (!live) {
    return null;
  }
  const { done, total } = run.progress;
  const words = trans.__('%1 of %2 tasks', done, total);
  const left = leftText(model.remaining(run.run_id), trans);
  return (
    <span className="claimed-Progress">
      <progress
        className="claimed-Progress-bar"
        max={Math.max(1, total)}
        value={done}
        aria-label={words}
      />
      <span className="claimed-Progress-words">
        {left ? `${words}, ${left}` : words}
      </span>
    </span>
  );
}
