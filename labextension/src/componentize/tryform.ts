import { TranslationBundle } from '@jupyterlab/translation';
import { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { UiSchema } from '@rjsf/utils';
import { InputSpec } from '../api/schema';
import { IParameter, TryInputs } from '../api/types';
import {
  defaultValues,
  formArguments,
  parametersSchema,
  parametersUi
} from '../editor/parameters';
import { valueText } from '../editor/source';

type Ui = UiSchema<ReadonlyJSONObject>;

/** An input with a value that cannot be used; the message is for a person. */
export class InputProblem extends Error {
  constructor(
    message: string,
    readonly input: string
  ) {
    super(message);
  }
}

/** The inputs that a person fills in; what is set by where files lie is not. */
export function askedInputs(inputs: InputSpec[]): InputSpec[] {
  return inputs.filter(input => !input.prefix);
}

/** A JSON Schema for a form that asks for a component's inputs. */
export function inputsSchema(inputs: InputSpec[]): JSONObject {
  const schema = parametersSchema(asParameters(inputs));
  const properties = schema.properties as { [name: string]: JSONObject };
  for (const { name, choices } of inputs) {
    if (choices) {
      const { type: _, ...rest } = properties[name]; // they have their own
      properties[name] = { ...rest, enum: choices as JSONObject[] };
    }
  }
  // A missing value is told when the user has pressed the button, not before.
  return { type: 'object', properties };
}

/** How the form asks: an artifact is a path, a secret the name of a variable. */
export function inputsUi(inputs: InputSpec[], trans: TranslationBundle): Ui {
  const ui = parametersUi(asParameters(inputs)) as Ui;
  for (const input of inputs) {
    const { name } = input;
    if (isSecret(input)) {
      ui[name] = {
        'ui:placeholder': name.toUpperCase(),
        'ui:help': trans.__(
          'The name of the environment variable that holds it, never the secret itself.'
        )
      };
    } else if (input.kind === 'artifact') {
      ui[name] = { 'ui:widget': 'path', ...placeholder(input) };
    } else if (!input.choices && input.type !== 'bool') {
      ui[name] = { ...(ui[name] as Ui), ...whenEmpty(input) };
    }
  }
  return ui;
}

/** An empty text is a text; any other empty field shows its default. */
function whenEmpty(input: InputSpec): Ui {
  return input.type === 'str' && input.default !== null
    ? { 'ui:emptyValue': '' }
    : placeholder(input);
}

function placeholder({ default: value }: InputSpec): Ui {
  return value === null ? {} : { 'ui:placeholder': valueText(value) };
}

/** What the form shows before anything was typed. */
export function inputDefaults(inputs: InputSpec[]): JSONObject {
  return defaultValues(asParameters(inputs));
}

/**
 * The values of the form, as the server takes them.
 *
 * An empty field is left to the notebook's default. Raises an InputProblem
 * when there is none, or when a list or a dict is not JSON.
 */
export function tryInputs(
  inputs: InputSpec[],
  values: ReadonlyJSONObject
): TryInputs {
  const parameters = asParameters(inputs);
  const given: TryInputs = {};
  for (const input of inputs) {
    const { name } = input;
    const value = values[name];
    if (isEmpty(value, input)) {
      if (!input.optional) {
        throw new InputProblem('This input is needed.', name);
      }
    } else if (isSecret(input)) {
      given[name] = { secret: String(value) };
    } else {
      given[name] = { value: argument(parameters, name, value) };
    }
  }
  return given;
}

function isSecret(input: InputSpec): boolean {
  return input.type === 'Secret';
}

function isEmpty(value: unknown, input: InputSpec): boolean {
  const isText = input.kind === 'parameter' && input.type === 'str';
  return (
    value === undefined ||
    value === null ||
    (value === '' && !(isText && input.default !== null))
  );
}

function argument(
  parameters: { [name: string]: IParameter },
  name: string,
  value: ReadonlyJSONObject[string]
): unknown {
  try {
    return formArguments(parameters, { [name]: value })[name];
  } catch (error) {
    throw new InputProblem((error as Error).message, name);
  }
}

/** The inputs as the form of a pipeline's parameters knows them. */
function asParameters(inputs: InputSpec[]): { [name: string]: IParameter } {
  return Object.fromEntries(
    inputs.map(input => {
      const isText = input.kind === 'artifact' || isSecret(input);
      const value = isSecret(input) ? undefined : (input.default ?? undefined);
      const type = isText ? 'str' : input.type;
      const { description } = input;
      return [input.name, { type, default: value, description }];
    })
  );
}
