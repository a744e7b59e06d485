import { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { IParameter } from '../api/types';

type Parameters = { [name: string]: IParameter };

/** A JSON Schema for a form that asks for a pipeline's parameters. */
export function parametersSchema(parameters: Parameters): JSONObject {
  const properties: JSONObject = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    properties[name] = parameterSchema(name, parameter);
  }
  const required = Object.keys(parameters).filter(
    name => parameters[name].default === undefined
  );
  return { type: 'object', properties, required };
}

/** How the form asks: what is long gets more than one line. */
export function parametersUi(parameters: Parameters): JSONObject {
  const ui: JSONObject = {};
  for (const [name, { type, default: value }] of Object.entries(parameters)) {
    const isLong = typeof value === 'string' && value.length > 48;
    if (isJSON(type) || isLong) {
      ui[name] = { 'ui:widget': 'textarea', 'ui:options': { rows: 4 } };
    }
  }
  return ui;
}

/** What the form shows before anything was typed. */
export function defaultValues(parameters: Parameters): JSONObject {
  const defaults: JSONObject = {};
  for (const [name, { default: value }] of Object.entries(parameters)) {
    if (value !== undefined) {
      defaults[name] = value as JSONObject[string];
    }
  }
  return formValues(parameters, defaults);
}

/** Arguments of a run as the form shows them; those of no parameter are left out. */
export function formValues(
  parameters: Parameters,
  given: ReadonlyJSONObject
): JSONObject {
  const values: JSONObject = {};
  for (const [name, { type }] of Object.entries(parameters)) {
    const value = given[name] as JSONObject[string] | undefined;
    if (value !== undefined) {
      values[name] = isJSON(type) ? JSON.stringify(value, null, 2) : value;
    }
  }
  return values;
}

/**
 * The values of a form as arguments of a run.
 *
 * Raises an Error with one line when a list or a dict is not JSON.
 */
export function formArguments(
  parameters: Parameters,
  values: ReadonlyJSONObject
): JSONObject {
  const result: JSONObject = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) {
      continue;
    }
    result[name] = isJSON(parameters[name]?.type ?? '')
      ? parse(name, parameters[name].type, String(value))
      : (value as JSONObject[string]);
  }
  return result;
}

function parameterSchema(name: string, parameter: IParameter): JSONObject {
  const schema: JSONObject = { title: name };
  if (parameter.description) {
    schema.description = parameter.description;
  }
  const choices = literalChoices(parameter.type);
  if (choices) {
    return { ...schema, enum: choices };
  }
  const types: { [type: string]: string } = {
    int: 'integer',
    float: 'number',
    bool: 'boolean'
  };
  return { ...schema, type: types[parameter.type] ?? 'string' };
}

/** The choices of `Literal['a', 'b']`; null for every other type. */
export function literalChoices(type: string): string[] | null {
  const inside = /^Literal\[(.*)\]$/.exec(type)?.[1];
  if (inside === undefined) {
    return null;
  }
  const quoted = inside.matchAll(/'([^']*)'|"([^"]*)"/g);
  const found = [...quoted].map(match => match[1] ?? match[2]);
  return found.length ? found : null;
}

/** Lists and dicts are typed as JSON. */
function isJSON(type: string): boolean {
  return type === 'list' || type === 'dict';
}

function parse(name: string, type: string, text: string): JSONObject[string] {
  try {
    return JSON.parse(text);
  } catch {
    const example = type === 'list' ? '["a", 1]' : '{"a": 1}';
    throw new Error(`${name} must be JSON, like ${example}`);
  }
}
