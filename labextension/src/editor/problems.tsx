import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IDiagnostic } from '../api/types';
import { CommandIDs } from '../tokens';
import { EditorModel } from './model';
import { revealField } from './reveal';

interface IProblemsProps {
  model: EditorModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** What the server finds wrong with the document; a click leads to the field. */
export function Problems(props: IProblemsProps): JSX.Element | null {
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
            <Problem {...props} diagnostic={diagnostic} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Problem(
  props: IProblemsProps & { diagnostic: IDiagnostic }
): JSX.Element {
  const { diagnostic, model, commands } = props;
  const { level, message, where, task, field } = diagnostic;
  const lead = (editor: Element | null) => {
    if (task) {
      model.select(task);
    } else {
      void commands.execute(CommandIDs.pipelineSettings, { open: true });
    }
    if (field) {
      revealField(editor, field);
    }
  };
  return (
    <button
      onClick={event => lead(event.currentTarget.closest('.claimed-Editor'))}
    >
      <span className="claimed-Problems-sign">
        {level === 'error' ? '✕' : '⚠'}
      </span>
      {message}
      {where && <code>{where}</code>}
    </button>
  );
}
