import { Dialog, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { FormComponent } from '@jupyterlab/ui-components';
import { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { customizeValidator } from '@rjsf/validator-ajv8';
import * as React from 'react';
import { IDescription } from '../api/types';
import {
  defaultValues,
  formArguments,
  parametersSchema,
  parametersUi
} from './parameters';

const validator = customizeValidator<ReadonlyJSONObject>();

/** The form of a pipeline's parameters. */
class ParametersForm
  extends ReactWidget
  implements Dialog.IBodyWidget<JSONObject>
{
  constructor(
    private readonly _schema: JSONObject,
    private readonly _ui: JSONObject,
    private _values: JSONObject,
    private readonly _problem: string
  ) {
    super();
    this.addClass('claimed-RunForm');
  }

  getValue(): JSONObject {
    return this._values;
  }

  protected override render(): JSX.Element {
    return (
      <>
        {this._problem && (
          <p className="claimed-RunForm-problem" role="alert">
            {this._problem}
          </p>
        )}
        <FormComponent
          schema={this._schema}
          uiSchema={this._ui}
          formData={this._values}
          validator={validator}
          liveValidate
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
}

/**
 * Asks for a pipeline's parameters, with its defaults filled in.
 *
 * Asks again when a value cannot be used. Resolves to null when the user
 * thinks better of it.
 */
export async function askParameters(
  description: IDescription,
  trans: TranslationBundle
): Promise<JSONObject | null> {
  const schema = parametersSchema(description.parameters);
  const ui = parametersUi(description.parameters);
  let values = defaultValues(description.parameters);
  let problem = '';
  for (;;) {
    const result = await showDialog({
      title: trans.__('Run “%1”', description.name),
      body: new ParametersForm(schema, ui, values, problem),
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
      check(schema, values);
      return formArguments(description.parameters, values);
    } catch (error) {
      problem = (error as Error).message;
    }
  }
}

/** Raises an Error with one line about the first value that does not fit. */
function check(schema: JSONObject, values: JSONObject): void {
  const { errors } = validator.rawValidation<{
    message?: string;
    instancePath?: string;
  }>(schema, values);
  const first = errors?.[0];
  if (first) {
    const name = first.instancePath?.replace(/^\//, '') ?? '';
    throw new Error(`${name} ${first.message ?? ''}`.trim());
  }
}
