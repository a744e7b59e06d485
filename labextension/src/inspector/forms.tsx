import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { JSONObject } from '@lumino/coreutils';
import * as React from 'react';
import { ClaimedClient } from '../api/client';
import { IDiagnostic, ITask } from '../api/types';
import { EditorModel } from '../editor/model';
import { CommandIDs } from '../tokens';
import { Draft } from './draft';
import { IFormContext } from './fields';
import { addParameter } from './parameteredits';
import { PipelineForm } from './pipelineform';
import { inputsForm, settingsForm } from './schema';
import { useTaskSchema } from './schemas';
import { IPortWords } from './sources';
import { DraftForm } from './taskform';

export interface IFormsProps {
  model: EditorModel;
  client: ClaimedClient;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The inputs of a task, or all else that it may say. */
export function TaskForm(
  props: IFormsProps & { task: ITask; part: 'inputs' | 'settings' }
): JSX.Element {
  const { model, client, task, part, trans } = props;
  const path = ['tasks', task.name];
  const component = String(model.document.get([...path, 'component']) ?? '');
  const { value, error } = useTaskSchema(client, component, model.path);
  const inputs = (model.document.get([...path, 'inputs']) ?? {}) as JSONObject;
  const others = (model.description?.tasks ?? [])
    .map(({ name }) => name)
    .filter(name => name !== task.name);
  const key = JSON.stringify([Object.keys(inputs), others]);
  const schema = React.useMemo(
    () =>
      value &&
      (part === 'inputs'
        ? inputsForm(value.schema, Object.keys(inputs))
        : settingsForm(value.schema, others)),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [value, part, key]
  );
  if (!schema) {
    return (
      <p className="claimed-quiet">{error || trans.__('Reading the form…')}</p>
    );
  }
  if (part === 'inputs' && isEmpty(schema)) {
    return <p className="claimed-quiet">{trans.__('It takes none.')}</p>;
  }
  return <Drafted {...props} schema={schema} />;
}

/** A form with a draft of its own, which is settled when the form goes. */
function Drafted(
  props: IFormsProps & { task: ITask; part: string; schema: JSONObject }
): JSX.Element | null {
  const { model, task, schema, part } = props;
  const [draft, setDraft] = React.useState<Draft | null>(null);
  React.useEffect(() => {
    const made = new Draft(model.document, ['tasks', task.name], schema);
    setDraft(made);
    return () => made.dispose();
  }, [model, task.name, schema]);
  const context = contextOf(props, task);
  return (
    draft && (
      <DraftForm
        draft={draft}
        schema={schema}
        context={context}
        prefix={`claimed-${part}`}
      />
    )
  );
}

/** What there is to say of the pipeline itself. */
export function PipelineSettings(props: IFormsProps): JSX.Element {
  return (
    <PipelineForm
      document={props.model.document}
      context={contextOf(props, null)}
    />
  );
}

function contextOf(props: IFormsProps, task: ITask | null): IFormContext {
  const { model, commands, trans } = props;
  const { description, run, document } = model;
  const canPick = commands.hasCommand(CommandIDs.pickFile);
  const pick = (title: string) =>
    commands.execute(CommandIDs.pickFile, { from: model.path, title });
  return {
    task: task?.name ?? '',
    description: description!,
    problems: problemsOf(description?.diagnostics ?? [], task?.name ?? null),
    ranWith: (task && run?.tasks[task.name]?.inputs) ?? {},
    readOnly: model.readOnly,
    pick: canPick ? pick : null,
    makeParameter: (input: string, port: IPortWords) =>
      document.transact(() => {
        const { type, default: value, optional } = port;
        const parameter: JSONObject = optional
          ? { type, default: value }
          : { type };
        const name = addParameter(document, input, parameter);
        document.setInput(task!.name, input, { parameter: name });
      }),
    trans
  };
}

/** What the server says, by the field that it is about. */
function problemsOf(
  diagnostics: IDiagnostic[],
  task: string | null
): IFormContext['problems'] {
  const problems: IFormContext['problems'] = {};
  for (const problem of diagnostics) {
    if ((problem.task ?? null) === task) {
      // A field in a field, as forms name it: `retry.on` is `retry_on`.
      const field = (problem.field ?? '').split('.').join('_');
      (problems[field] ??= []).push(problem);
    }
  }
  return problems;
}

function isEmpty(schema: JSONObject): boolean {
  const { inputs } = schema.properties as { inputs: JSONObject };
  return Object.keys(inputs.properties as object).length === 0;
}
