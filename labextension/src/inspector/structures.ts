import { JSONObject, JSONValue } from '@lumino/coreutils';

/** Names and their values, a line each: `TOKEN = registry/token`. */
export function textOfPairs(pairs: JSONObject | undefined): string {
  return Object.entries(pairs ?? {})
    .map(([name, value]) => `${name} = ${String(value)}`)
    .join('\n');
}

/** The pairs of such lines; nothing for none. A line without a value is one that is not yet done. */
export function pairsOfText(text: string): JSONObject | undefined {
  const pairs = text.split('\n').flatMap(line => {
    const [name, ...value] = line.split('=');
    return name.trim() && value.length > 0
      ? [[name.trim(), value.join('=').trim()] as const]
      : [];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

/** The things of a list, a line each, as JSON. */
export function textOfThings(things: JSONValue[] | undefined): string {
  return (things ?? []).map(thing => JSON.stringify(thing)).join('\n');
}

/**
 * The things of such lines; nothing for none.
 *
 * Raises an Error that says which line is no JSON object.
 */
export function thingsOfText(text: string): JSONObject[] | undefined {
  const things = text.split('\n').flatMap((line, i) => {
    if (!line.trim()) {
      return [];
    }
    const thing = parsed(line);
    if (typeof thing !== 'object' || thing === null || Array.isArray(thing)) {
      throw new Error(`line ${i + 1} is no JSON object`);
    }
    return [thing];
  });
  return things.length > 0 ? things : undefined;
}

/** What a thing of a list is like, for who writes the first one: its fields, with what they may be. */
export function exampleOf(schema: JSONObject): string {
  const { properties } = schema as { properties?: { [name: string]: Part } };
  const fields = Object.entries(properties ?? {}).map(([name, part]) => {
    const value = part.enum?.[0] ?? EXAMPLES[part.type ?? ''] ?? '…';
    return [name, value] as const;
  });
  return JSON.stringify(Object.fromEntries(fields));
}

interface Part {
  type?: string;
  enum?: JSONValue[];
}

const EXAMPLES: { [type: string]: JSONValue } = {
  boolean: false,
  integer: 1,
  number: 1,
  array: []
};

function parsed(line: string): JSONValue {
  try {
    return JSON.parse(line) as JSONValue;
  } catch {
    return null;
  }
}
