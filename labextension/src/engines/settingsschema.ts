import { JSONObject, JSONValue, ReadonlyJSONObject } from '@lumino/coreutils';
import { IEngineSettings } from '../api/engines';

type Properties = { [name: string]: JSONObject };

/** The groups of settings in the order in which one comes to them. */
const GROUPS = ['Connection', 'Sign-in', 'Runs'];

/** Some of the settings, as a schema of their own. */
export interface IGroup {
  title: string;
  schema: JSONObject;
}

export function propertiesOf(schema: ReadonlyJSONObject): Properties {
  return { ...(schema.properties as Properties | undefined) };
}

/** The settings by their groups; without those that the others leave no use for. */
export function groupsOf(
  schema: JSONObject,
  values: ReadonlyJSONObject = {}
): IGroup[] {
  const groups = new Map<string, Properties>(GROUPS.map(name => [name, {}]));
  for (const [name, property] of Object.entries(propertiesOf(schema))) {
    if (!isOfUse(property, schema, values)) {
      continue;
    }
    const group = String(property['x-group'] ?? GROUPS[0]);
    const members = groups.get(group) ?? {};
    members[name] = plain(property);
    groups.set(group, members);
  }
  const { $defs } = schema;
  return [...groups]
    .filter(([, properties]) => Object.keys(properties).length > 0)
    .map(([title, properties]) => ({
      title,
      schema: { type: 'object', properties, ...($defs && { $defs }) }
    }));
}

/** Whether the values of others ask for a setting: `x-when` says which, and which values. */
function isOfUse(
  property: JSONObject,
  schema: JSONObject,
  values: ReadonlyJSONObject
): boolean {
  const all = propertiesOf(schema);
  const when = (property['x-when'] ?? {}) as { [name: string]: JSONValue[] };
  return Object.entries(when).every(([name, wanted]) =>
    wanted.includes((values[name] ?? all[name]?.default ?? null) as JSONValue)
  );
}

/** Whether a secret is one that the form takes, to be kept in the keyring. */
export function isTyped(values: ReadonlyJSONObject): boolean {
  return (values.credential_from ?? 'keyring') === 'keyring';
}

/** A value that may be missing is asked for as it is, without a choice of types. */
function plain(property: JSONObject): JSONObject {
  const { anyOf, default: _, ...rest } = property;
  const [one, ...more] = typesOf(anyOf);
  const shape = anyOf && more.length === 0 ? one : anyOf ? { anyOf } : {};
  return worded({ ...shape, ...rest } as JSONObject);
}

/** A choice with the words that a person knows it by. */
function worded(property: JSONObject): JSONObject {
  const words = property['x-words'] as { [value: string]: string } | undefined;
  const { enum: choices, ...rest } = property;
  return words && Array.isArray(choices)
    ? {
        ...rest,
        oneOf: choices.map(value => {
          const word = words[String(value)] ?? String(value);
          return { const: value, title: word };
        })
      }
    : property;
}

/** The types of a choice, but for nothing at all. */
function typesOf(anyOf: JSONValue | undefined): JSONObject[] {
  const types = (anyOf ?? []) as JSONObject[];
  return types.filter(({ type }) => type !== 'null');
}

/** The values of all settings: what the form left empty is as if it were not set. */
export function complete(
  schema: JSONObject,
  values: ReadonlyJSONObject
): JSONObject {
  return Object.fromEntries(
    Object.entries(propertiesOf(schema)).map(([name, property]) => {
      const value = values[name] as JSONValue | undefined;
      return [name, value === undefined ? emptyOf(property) : value];
    })
  );
}

function emptyOf({ anyOf, type, default: value }: JSONObject): JSONValue {
  const isText = type === 'string' && !anyOf;
  return isText ? '' : (value ?? null);
}

/** What the values need to sign in with. */
export interface ISecret {
  /** `none`, or the way to sign in that needs it. */
  kind: string;
  /** What it is called; null where it has no word. */
  word: string | null;
}

export function secretOf(
  { schema, values: kept, credential }: IEngineSettings,
  values: ReadonlyJSONObject
): ISecret {
  const way = Object.entries(propertiesOf(schema)).find(
    ([, property]) => property['x-credential']
  );
  if (!way) {
    return { kind: credential.kind, word: null };
  }
  const [name, property] = way;
  const needing = property['x-credential'] as string[];
  const chosen = String(values[name] ?? property.default ?? 'none');
  const isKept = chosen === kept[name];
  const words = property['x-credential-words'] as { [way: string]: string };
  return {
    kind: isKept ? credential.kind : needing.includes(chosen) ? chosen : 'none',
    word: words?.[chosen] ?? null
  };
}
