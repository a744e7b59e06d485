import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { FormComponent } from '@jupyterlab/ui-components';
import { JSONExt, JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import * as React from 'react';
import { IDescription, IPart } from '../api/types';
import { LabelledField } from '../componentize/tryfields';
import { silent } from '../inspector/schema';
import {
  defaultValues,
  formArguments,
  formValues,
  parametersSchema,
  parametersUi
} from './parameters';

const templates = { FieldTemplate: LabelledField };

interface IFormOptions {
  schema: JSONObject;
  ui: JSONObject;
  defaults: JSONObject;
  values: JSONObject;
  /** What is wrong with the values of the last try. */
  problem: string;
  trans: TranslationBundle;
}

/** The form of a pipeline's parameters. */
class ParametersForm
  extends ReactWidget
  implements Dialog.IBodyWidget<JSONObject>
{
  constructor(private readonly _options: IFormOptions) {
    super();
    this._values = _options.values;
    this.addClass('claimed-RunForm');
  }

  getValue(): JSONObject {
    return this._values;
  }

  protected override render(): JSX.Element {
    const { schema, ui, problem } = this._options;
    return (
      <>
        {problem && (
          <p className="claimed-RunForm-problem" role="alert">
            {problem}
          </p>
        )}
        {this._renderReset()}
        <FormComponent
          schema={schema}
          uiSchema={ui}
          formData={this._values}
          validator={silent}
          noValidate
          noHtml5Validate
          templates={templates}
          showErrorList={false}
          idPrefix="claimed-parameter"
          onChange={event => {
            this._values = event.formData as JSONObject;
            this.update();
          }}
        />
      </>
    );
  }

  /** The way back from remembered values. */
  private _renderReset(): JSX.Element | null {
    const { defaults, trans } = this._options;
    if (JSONExt.deepEqual(this._values, defaults)) {
      return null;
    }
    return (
      <p className="claimed-RunForm-reset">
        {trans.__('Other values than the pipeline’s own.')}{' '}
        <button
          type="button"
          className="claimed-Link"
          onClick={() => {
            this._values = defaults;
            this.update();
          }}
        >
          {trans.__('Take the defaults')}
        </button>
      </p>
    );
  }

  private _values: JSONObject;
}

export interface IQuestion {
  description: IDescription;
  /** The form begins with these, where the pipeline still has them. */
  begin: ReadonlyJSONObject;
  /** What of the pipeline is to run. */
  part?: IPart;
  /** What was wrong with the values of the last try. */
  problem: string;
  trans: TranslationBundle;
}

/**
 * Asks for a pipeline's parameters, with its defaults filled in.
 *
 * Asks again when a value cannot be used. Resolves to null when the user
 * thinks better of it.
 */
export async function askParameters(
  question: IQuestion
): Promise<JSONObject | null> {
  const { description, begin, trans } = question;
  const { parameters } = description;
  const schema = anyNumbers(parametersSchema(parameters));
  const ui = parametersUi(parameters);
  const defaults = defaultValues(parameters);
  let values = { ...defaults, ...formValues(parameters, begin) };
  let { problem } = question;
  for (;;) {
    const options = { schema, ui, defaults, values, problem, trans };
    const result = await showDialog({
      title: titleOf(question),
      body: new ParametersForm(options),
      buttons: [
        Dialog.cancelButton(),
        Dialog.okButton({ label: trans.__('Run') })
      ]
    });
    if (!result.button.accept) {
      return null;
    }
    values = result.value ?? values;
    try {
      return formArguments(parameters, values);
    } catch (error) {
      problem = (error as Error).message;
    }
  }
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

function titleOf({ description, part, trans }: IQuestion): string {
  const { name } = description;
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
