import {
  JSONExt,
  JSONObject,
  JSONValue,
  ReadonlyJSONObject
} from '@lumino/coreutils';
import { isObject } from '../editor/ymaps';

/** A change of the document: what is at a path; undefined deletes it. */
export type Edit = [path: string[], value: JSONValue | undefined];

/**
 * What a form changed, field by field, so that two people who edit two fields
 * do not undo each other.
 *
 * schema: of the form; what a field says without being written is its default,
 * and what is empty is not written.  path: where the object is in the document.
 */
export function editsOf(
  schema: ReadonlyJSONObject,
  before: JSONObject,
  after: JSONObject,
  path: string[] = []
): Edit[] {
  // What the form does not know, a later version may: it is left alone.
  const names = Object.keys((schema.properties ?? {}) as object);
  return names.flatMap(name => {
    const part = propertyOf(schema, name);
    const [old, now] = [before[name], after[name]].map(value =>
      written(part, value)
    );
    if (isSame(old, now)) {
      return [];
    }
    if (isParts(part) && isObject(old) && isObject(now)) {
      return editsOf(part, old as JSONObject, now as JSONObject, [
        ...path,
        name
      ]);
    }
    return [[[...path, name], now] as Edit];
  });
}

/** A value as the document would have it: nothing where nothing was said. */
function written(
  schema: ReadonlyJSONObject,
  value: JSONValue | undefined
): JSONValue | undefined {
  if (value === undefined || value === null || value === '') {
    return undefined;
  }
  if (Array.isArray(value) && value.length === 0 && !isSource(schema)) {
    return undefined;
  }
  if (isObject(value) && (isParts(schema) || isSource(schema))) {
    const kept = Object.entries(value).flatMap(([name, inner]) => {
      const part = isSource(schema) ? inner : inside(schema, name, inner);
      return part === undefined ? [] : [[name, part] as const];
    });
    return kept.length ? Object.fromEntries(kept) : undefined;
  }
  return isSame(value, schema.default as JSONValue) ? undefined : value;
}

function inside(
  schema: ReadonlyJSONObject,
  name: string,
  value: JSONValue | undefined
): JSONValue | undefined {
  return written(propertyOf(schema, name), value);
}

function propertyOf(
  schema: ReadonlyJSONObject,
  name: string
): ReadonlyJSONObject {
  const properties = schema.properties as ReadonlyJSONObject | undefined;
  return (properties?.[name] as ReadonlyJSONObject | undefined) ?? {};
}

/** Whether an object has fields of its own; others are values, taken whole. */
function isParts(schema: ReadonlyJSONObject): boolean {
  return schema.properties !== undefined && !isSource(schema);
}

/** Where an input's value comes from: written whole, as one or nothing. */
function isSource(schema: ReadonlyJSONObject): boolean {
  return schema['x-port'] !== undefined;
}

function isSame(
  one: JSONValue | undefined,
  other: JSONValue | undefined
): boolean {
  return one === undefined || other === undefined
    ? one === other
    : JSONExt.deepEqual(one, other);
}
