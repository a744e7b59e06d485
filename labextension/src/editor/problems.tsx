import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { IDiagnostic } from '../api/types';
import { EditorModel } from './model';
import { revealField } from './reveal';

/** What the server finds wrong with the document; a click shows the task. */
export function Problems(props: {
  model: EditorModel;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { model, trans } = props;
  const diagnostics = (model.description?.diagnostics ?? []).filter(
    d => d.level !== 'info'
  );
  if (diagnostics.length === 0) {
    return null;
  }
  return (
    <section className="claimed-Problems" aria-label={trans.__('Problems')}>
      <ul>
        {diagnostics.map((diagnostic, i) => (
          <li key={i} data-level={diagnostic.level}>
            <Problem diagnostic={diagnostic} model={model} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Problem(props: {
  diagnostic: IDiagnostic;
  model: EditorModel;
}): JSX.Element {
  const { level, message, where, task, field } = props.diagnostic;
  const sign = level === 'error' ? '✕' : '⚠';
  const text = (
    <>
      <span className="claimed-Problems-sign">{sign}</span>
      {message}
      {where && <code>{where}</code>}
    </>
  );
  return task ? (
    <button
      onClick={event => {
        const editor = event.currentTarget.closest('.claimed-Editor');
        props.model.select(task);
        if (field) {
          revealField(editor, field);
        }
      }}
    >
      {text}
    </button>
  ) : (
    <span>{text}</span>
  );
}
