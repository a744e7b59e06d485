import { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { UiSchema, ValidatorType } from '@rjsf/utils';
import { IPortWords } from './sources';

/** What is many fields, and seldom wanted. */
const FOLDED = 'kubernetes';

/** Inputs are asked for at once; the rest when it is wanted. */
const INPUTS = 'inputs';

type Ui = UiSchema<ReadonlyJSONObject>;
type Properties = { [name: string]: JSONObject };

/** The part of a task's schema that asks for its inputs. */
export function inputsForm(schema: JSONObject, given: string[]): JSONObject {
  const inputs = propertiesOf(schema)[INPUTS];
  const known = propertiesOf(inputs);
  const unknown = given.filter(name => !(name in known));
  const ports = Object.entries(known).map(([name, { oneOf: _, ...port }]) => [
    name,
    port
  ]);
  return object({
    [INPUTS]: {
      ...inputs,
      properties: Object.fromEntries([
        ...ports,
        ...unknown.map(name => [name, unknownPort(name)])
      ])
    }
  });
}

/** The part of a task's schema that asks for all but its inputs. */
export function settingsForm(
  schema: JSONObject,
  otherTasks: string[]
): JSONObject {
  const { [INPUTS]: _, ...own } = propertiesOf(schema);
  const rest = Object.fromEntries(
    Object.entries(own).map(([name, part]) => [name, closed(part)])
  );
  if (rest.after) {
    const items = { type: 'string', enum: otherTasks };
    rest.after = { ...rest.after, uniqueItems: true, items };
    if (otherTasks.length === 0) {
      delete rest.after;
    }
  }
  return object(rest);
}

/** Where the form draws fields of our own. */
export function uiOf(schema: ReadonlyJSONObject): Ui {
  const ui: Ui = { 'ui:submitButtonOptions': { norender: true } };
  for (const [name, part] of Object.entries(propertiesOf(schema))) {
    if (name === 'for_each') {
      ui[name] = { 'ui:field': 'forEach' };
    } else if (part['x-port']) {
      ui[name] = { 'ui:field': 'source' };
    } else if (name === 'description') {
      ui[name] = { 'ui:widget': 'textarea', 'ui:options': { rows: 2 } };
    } else if (name === 'after') {
      ui[name] = { 'ui:widget': 'checkboxes' };
    } else if (part.type === 'array') {
      const { type } = (part.items ?? {}) as JSONObject;
      ui[name] = { 'ui:field': type === 'object' ? 'things' : 'words' };
    } else if (part.type === 'object') {
      ui[name] = part.properties
        ? { ...uiOf(part), ...(name === FOLDED && { 'ui:folded': true }) }
        : { 'ui:field': 'pairs' };
    }
  }
  return ui;
}

/** The server validates; a form says nothing of its own. */
export const silent: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  toErrorList: () => [],
  isValid: () => true,
  rawValidation: () => ({ errors: [] })
};

function object(properties: Properties): JSONObject {
  return { type: 'object', properties };
}

/**
 * A part whose fields are all known and say nothing of their own: a retry that
 * is not asked for must not show how often it would be.
 */
function closed(part: JSONObject): JSONObject {
  const { additionalProperties: _, ...rest } = part;
  if (!rest.properties) {
    return rest;
  }
  const properties = Object.entries(propertiesOf(rest)).map(
    ([name, { default: value, ...inner }]) => [
      name,
      value === undefined ? inner : { ...inner, examples: [value] }
    ]
  );
  return { ...rest, properties: Object.fromEntries(properties) };
}

/** An input that the component has not: it can be looked at and taken away. */
function unknownPort(name: string): JSONObject {
  const port: IPortWords = {
    type: '?',
    kind: 'parameter',
    optional: true,
    default: null,
    choices: null,
    sources: []
  };
  return {
    title: name,
    type: 'object',
    'x-port': port as unknown as JSONObject
  };
}

function propertiesOf(schema: ReadonlyJSONObject): Properties {
  return { ...((schema?.properties ?? {}) as Properties) };
}
