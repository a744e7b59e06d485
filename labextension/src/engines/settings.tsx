import { TranslationBundle } from '@jupyterlab/translation';
import {
  FormComponent,
  ReactWidget,
  UseSignal
} from '@jupyterlab/ui-components';
import { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { Message } from '@lumino/messaging';
import { ErrorSchema, UiSchema } from '@rjsf/utils';
import * as React from 'react';
import { IEngine } from '../api/engines';
import { Busy } from '../catalogs/busy';
import { LabelledField } from '../componentize/tryfields';
import { Hint, RetryHint } from '../hint';
import { WordsField } from '../inspector/fields';
import { silent } from '../inspector/schema';
import { EngineLink } from './badge';
import { CredentialField } from './credential';
import { EnginesModel } from './model';
import { ProbeSteps } from './probe';
import { CREDENTIAL, SettingsModel } from './settingsmodel';
import { IGroup, groupsOf, propertiesOf } from './settingsschema';

const templates = { FieldTemplate: LabelledField };
const fields = { words: WordsField };

/** What the ids of the fields begin with. */
const PREFIX = 'claimed-engine-setting';

export interface ISettingsProps {
  model: SettingsModel;
  engines: EnginesModel;
  engine: string;
  trans: TranslationBundle;
}

/** The page on which an engine is set up. */
export class SettingsPage extends ReactWidget {
  constructor(private readonly _props: ISettingsProps) {
    super();
    this.addClass('claimed-EngineSettings');
    this.node.tabIndex = -1;
    void _props.model.load();
  }

  override dispose(): void {
    this._props.model.dispose();
    super.dispose();
  }

  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    if (!this.node.contains(document.activeElement)) {
      this.node.focus();
    }
  }

  protected override render(): JSX.Element {
    const { model, engines } = this._props;
    return (
      <UseSignal signal={engines.changed}>
        {() => (
          <UseSignal signal={model.changed}>
            {() => <Page {...this._props} />}
          </UseSignal>
        )}
      </UseSignal>
    );
  }
}

function Page(props: ISettingsProps): JSX.Element {
  const { model, engines, trans } = props;
  const engine = engines.get(props.engine);
  useFocusOnProblem(model);
  if (model.error) {
    const retry = () => model.load();
    return <RetryHint text={model.error} retry={retry} trans={trans} />;
  }
  if (!model.settings || !engine) {
    return <Hint text={trans.__('Reading the settings…')} busy />;
  }
  return (
    <form
      className="claimed-EngineSettings-body"
      noValidate
      onSubmit={event => {
        event.preventDefault();
        void model.save();
      }}
    >
      <div>
        <header>
          <h2>{engine.title}</h2>
          <Standing engine={engine} trans={trans} />
        </header>
        <p className="claimed-quiet">{engine.description}</p>
        {groupsOf(model.settings.schema, model.values).map(group => (
          <Group key={group.title} {...props} group={group} />
        ))}
      </div>
      <aside className="claimed-EngineSettings-aside">
        <Buttons {...props} />
        <div role="status">
          {model.probe && <ProbeSteps probe={model.probe} trans={trans} />}
        </div>
      </aside>
    </form>
  );
}

/** What is wrong may be out of sight. */
function useFocusOnProblem({ problem }: SettingsModel): void {
  React.useEffect(() => {
    if (problem?.field) {
      const id =
        problem.field === CREDENTIAL
          ? 'claimed-engine-credential'
          : `${PREFIX}_${problem.field}`;
      document.getElementById(id)?.focus();
    }
  }, [problem]);
}

/** Whether the engine is ready as it is kept. */
function Standing(props: {
  engine: IEngine;
  trans: TranslationBundle;
}): JSX.Element {
  const { engine, trans } = props;
  return (
    <span className="claimed-EngineSettings-standing">
      <span className="claimed-Chip" data-ready={engine.ready}>
        {engine.ready ? trans.__('set up') : trans.__('not set up')}
      </span>
      <EngineLink href={engine.link} title={engine.title} trans={trans} />
    </span>
  );
}

function Group(props: ISettingsProps & { group: IGroup }): JSX.Element {
  const { model, group, trans } = props;
  const { problem } = model;
  const names = Object.keys(propertiesOf(group.schema));
  const isWrong = problem?.field && names.includes(problem.field);
  return (
    <fieldset className="claimed-EngineSettings-group">
      <legend>{titleOf(group.title, trans)}</legend>
      <FormComponent
        tagName="div"
        schema={group.schema}
        uiSchema={uiOf(group.schema, model.settings!.fixed, trans)}
        formData={model.values}
        extraErrors={isWrong ? errorsOf(problem.field!, problem.message) : {}}
        validator={silent}
        noHtml5Validate
        templates={templates}
        fields={fields}
        formContext={{ readOnly: false }}
        showErrorList={false}
        idPrefix={PREFIX}
        onChange={event => {
          const values = event.formData as JSONObject;
          model.change({ ...model.values, ...pick(values, names) });
        }}
      >
        {/* The page has buttons of its own. */}
        <></>
      </FormComponent>
      {group.title === 'Sign-in' && (
        <CredentialField model={model} trans={trans} />
      )}
    </fieldset>
  );
}

/** The values of one group, also those that were emptied. */
function pick(values: JSONObject, names: string[]): JSONObject {
  return Object.fromEntries(names.map(name => [name, values[name]]));
}

/** What the site has fixed is shown, and says that it is. */
function uiOf(
  schema: JSONObject,
  fixed: string[],
  trans: TranslationBundle
): UiSchema<ReadonlyJSONObject> {
  const ui: UiSchema<ReadonlyJSONObject> = {
    'ui:submitButtonOptions': { norender: true }
  };
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    ui[name] = {
      ...(property.type === 'array' && { 'ui:field': 'words' }),
      ...(fixed.includes(name) && {
        'ui:disabled': true,
        'ui:help': trans.__('Set for everybody by who runs this server.')
      })
    };
  }
  return ui;
}

function errorsOf(field: string, message: string): ErrorSchema {
  return { [field]: { __errors: [message] } } as ErrorSchema;
}

function titleOf(group: string, trans: TranslationBundle): string {
  switch (group) {
    case 'Connection':
      return trans.__('Connection');
    case 'Sign-in':
      return trans.__('Sign-in');
    case 'Runs':
      return trans.__('Runs');
    default:
      return group;
  }
}

function Buttons({ model, trans }: ISettingsProps): JSX.Element {
  const { work, problem, done, isChanged } = model;
  return (
    <>
      {problem && problem.field === null && (
        <p className="claimed-Field-problem" role="alert">
          {problem.message}
        </p>
      )}
      <div className="claimed-EngineSettings-buttons">
        <button
          type="submit"
          className="jp-Button jp-mod-styled jp-mod-accept"
          aria-disabled={work !== null}
        >
          {trans.__('Save')}
        </button>
        <button
          type="button"
          className="jp-Button jp-mod-styled"
          title={trans.__('Tries what the form says now, saved or not')}
          aria-disabled={work !== null}
          onClick={() => void model.test()}
        >
          {trans.__('Test connection')}
        </button>
        <span role="status" className="claimed-quiet">
          {work === 'test' && <Busy label={trans.__('Trying…')} />}
          {work === 'save' && <Busy label={trans.__('Saving…')} />}
          {done === 'saved' && trans.__('Saved.')}
          {done === 'forgotten' && trans.__('Forgotten.')}
          {!work && !done && isChanged && trans.__('Not saved yet.')}
        </span>
      </div>
    </>
  );
}
