import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { DraftProblems, IScheduleDraft } from './request';

export interface IDraftProps {
  draft: IScheduleDraft;
  problems: DraftProblems;
  change: (changed: Partial<IScheduleDraft>) => void;
  trans: TranslationBundle;
}

/** A label, what it is of, and what is wrong with that. */
export function Field(props: {
  id: string;
  label: string;
  help?: string;
  problem?: string;
  children: React.ReactNode;
}): JSX.Element {
  const { id, label, help, problem, children } = props;
  return (
    <div className="claimed-Field" data-wrong={!!problem || undefined}>
      <label htmlFor={id} className="claimed-Field-label">
        {label}
      </label>
      {children}
      {problem ? (
        <p className="claimed-Field-problem" role="alert">
          {problem}
        </p>
      ) : (
        help && <p className="claimed-Field-help">{help}</p>
      )}
    </div>
  );
}
