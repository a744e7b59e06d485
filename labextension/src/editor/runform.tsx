import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { FormComponent, UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { JSONExt, JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import * as React from 'react';
import { IPart, IRunOptions } from '../api/types';
import { LabelledField } from '../componentize/tryfields';
import { EngineField } from '../engines/field';
import { silent } from '../inspector/schema';
import { CommandIDs } from '../tokens';
import { EditorModel } from './model';
import {
  defaultValues,
  formArguments,
  formValues,
  parametersSchema,
  parametersUi
} from './parameters';
import { Obstacles, RunOptions } from './runoptions';

const templates = { FieldTemplate: LabelledField };

/** What is entered in the form. */
interface IEntered {
  values: JSONObject;
  options: IRunOptions;
}

interface IFormOptions {
  model: EditorModel;
  part?: IPart;
  schema: JSONObject;
  ui: JSONObject;
  defaults: JSONObject;
  entered: IEntered;
  /** What is wrong with the values of the last try. */
  problem: string;
  /** Leads elsewhere: the form is closed. */
  leave: (command: string, args: JSONObject) => void;
  trans: TranslationBundle;
}

/** The form of a run: on what, and with which parameters. */
class RunForm extends ReactWidget implements Dialog.IBodyWidget<IEntered> {
  constructor(private readonly _options: IFormOptions) {
    super();
    this._entered = _options.entered;
    this.addClass('claimed-RunForm');
  }

  getValue(): IEntered {
    return this._entered;
  }

  protected override render(): JSX.Element {
    const { model, part, problem, leave, trans } = this._options;
    const { engine } = model;
    const setUp = (name: string) =>
      leave(CommandIDs.engineSettings, { engine: name });
    return (
      <>
        {problem && (
          <p className="claimed-RunForm-problem" role="alert">
            {problem}
          </p>
        )}
        {engine && (
          <EngineField
            choice={engine}
            part={part}
            setUp={setUp}
            trans={trans}
          />
        )}
        <Obstacles model={model} trans={trans} />
        {this._renderReset()}
        {this._renderParameters()}
        <UseSignal signal={model.changed}>{() => this._renderRest()}</UseSignal>
      </>
    );
  }

  private _renderParameters(): JSX.Element {
    const { schema, ui } = this._options;
    return (
      <FormComponent
        schema={schema}
        uiSchema={ui}
        formData={this._entered.values}
        validator={silent}
        noValidate
        noHtml5Validate
        templates={templates}
        showErrorList={false}
        idPrefix="claimed-parameter"
        onChange={event =>
          this._enter({ values: event.formData as JSONObject })
        }
      />
    );
  }

  /** What depends on what the engine can. */
  private _renderRest(): JSX.Element {
    const { model, part, leave, trans } = this._options;
    const parameters = this._entered.values;
    const schedule = () =>
      leave(CommandIDs.schedulePipeline, { values: parameters });
    const canSchedule = model.engine?.can('schedules') && !part;
    return (
      <>
        <RunOptions
          engine={model.engine}
          options={this._entered.options}
          onChange={options => this._enter({ options })}
          trans={trans}
        />
        {canSchedule && (
          <p className="claimed-RunForm-schedule">
            {trans.__('Again and again, by the clock:')}{' '}
            <button type="button" className="claimed-Link" onClick={schedule}>
              {trans.__('Schedule…')}
            </button>
          </p>
        )}
      </>
    );
  }

  /** The way back from remembered values. */
  private _renderReset(): JSX.Element | null {
    const { defaults, trans } = this._options;
    if (JSONExt.deepEqual(this._entered.values, defaults)) {
      return null;
    }
    return (
      <p className="claimed-RunForm-reset">
        {trans.__('Other values than the pipeline’s own.')}{' '}
        <button
          type="button"
          className="claimed-Link"
          onClick={() => this._enter({ values: defaults })}
        >
          {trans.__('Take the defaults')}
        </button>
      </p>
    );
  }

  private _enter(entered: Partial<IEntered>): void {
    this._entered = { ...this._entered, ...entered };
    this.update();
  }

  private _entered: IEntered;
}

export interface IQuestion {
  model: EditorModel;
  /** The form begins with these, where the pipeline still has them. */
  begin: ReadonlyJSONObject;
  options: IRunOptions;
  /** What of the pipeline is to run. */
  part?: IPart;
  /** What was wrong with the values of the last try. */
  problem: string;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** How a pipeline is to be run. */
export interface IRunAnswer {
  parameters: JSONObject;
  options: IRunOptions;
}

/**
 * Asks how to run a pipeline, with its defaults filled in.
 *
 * Asks again when a value cannot be used. Resolves to null when the user
 * thinks better of it, or goes elsewhere.
 */
export async function askRun(question: IQuestion): Promise<IRunAnswer | null> {
  const { model, begin, trans } = question;
  const parameters = model.description?.parameters ?? {};
  const defaults = defaultValues(parameters);
  let entered: IEntered = {
    values: { ...defaults, ...formValues(parameters, begin) },
    options: question.options
  };
  let { problem } = question;
  for (;;) {
    const form = { ...question, parameters, defaults, entered, problem };
    const result = await launch(form, trans);
    if (!result) {
      return null;
    }
    entered = result;
    try {
      const given = formArguments(parameters, entered.values);
      return { parameters: given, options: entered.options };
    } catch (error) {
      problem = (error as Error).message;
    }
  }
}

type Form = IQuestion &
  Pick<IFormOptions, 'defaults' | 'entered'> & {
    parameters: Parameters<typeof parametersSchema>[0];
  };

/** Shows the form; resolves to what is entered, or null. */
async function launch(
  form: Form,
  trans: TranslationBundle
): Promise<IEntered | null> {
  const { commands, parameters } = form;
  const dialog: Dialog<IEntered> = new Dialog({
    title: titleOf(form),
    body: new RunForm({
      ...form,
      schema: anyNumbers(parametersSchema(parameters)),
      ui: parametersUi(parameters),
      leave: (command, args) => {
        // It is shown in the main area, which the form covers.
        dialog.reject();
        void commands.execute(command, args);
      }
    }),
    buttons: [
      Dialog.cancelButton(),
      Dialog.okButton({ label: trans.__('Run') })
    ]
  });
  const { button, value } = await dialog.launch();
  return button.accept ? (value ?? form.entered) : null;
}

/**
 * A schema in which a whole number may be any: the dialog would else shut its
 * button without a word, where the server says what is wrong.
 */
function anyNumbers(schema: JSONObject): JSONObject {
  const properties = Object.entries(schema.properties as JSONObject).map(
    ([name, part]) => {
      const { type, ...rest } = part as JSONObject;
      const loose = type === 'integer' ? 'number' : type;
      return [name, loose === undefined ? rest : { ...rest, type: loose }];
    }
  );
  const { required: _, ...rest } = schema;
  return { ...rest, properties: Object.fromEntries(properties) };
}

function titleOf({ model, part, trans }: IQuestion): string {
  const name = model.description?.name ?? model.path;
  if (part?.only) {
    return trans.__('Run only “%1” of “%2”', part.only, name);
  }
  if (part?.to) {
    return trans.__('Run “%2” up to “%1”', part.to, name);
  }
  if (part?.from) {
    return trans.__('Run “%2” from “%1”', part.from, name);
  }
  return part?.failed
    ? trans.__('Run what failed of “%1”', name)
    : trans.__('Run “%1”', name);
}
