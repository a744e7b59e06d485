import { JSONExt, JSONObject, JSONValue } from '@lumino/coreutils';
import * as Y from 'yjs';

/**
 * A JSON object as shared maps, one for each object inside it, so that two
 * people can edit two fields of one thing. Arrays and scalars are atoms.
 */
export type SharedMap = Y.Map<unknown>;

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is JSONObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes shared maps hold a JSON object; only what differs is written. */
export function writeMap(map: SharedMap, value: JSONObject): void {
  for (const key of [...map.keys()]) {
    if (value[key] === undefined) {
      map.delete(key);
    }
  }
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) {
      writeMember(map, key, member);
    }
  }
}

/**
 * Sets what is at a path; undefined deletes it.
 *
 * Objects that are missing on the way are made, and what stands in the way
 * and is no object is replaced.
 */
export function writeAt(
  map: SharedMap,
  path: readonly string[],
  value: JSONValue | undefined
): void {
  if (path.length === 0) {
    writeMap(map, isObject(value) ? value : {});
    return;
  }
  const [key, ...rest] = path;
  const member = map.get(key);
  if (rest.length > 0) {
    if (member instanceof Y.Map) {
      writeAt(member, rest, value);
    } else if (value !== undefined) {
      map.set(key, toMap(nest(rest, value)));
    }
  } else if (value === undefined) {
    if (map.has(key)) {
      map.delete(key);
    }
  } else {
    writeMember(map, key, value);
  }
}

/** What is at a path, as it is shared; undefined when nothing is. */
export function readAt(map: SharedMap, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value instanceof Y.Map ? value.get(key) : undefined),
    map
  );
}

function writeMember(map: SharedMap, key: string, value: JSONValue): void {
  const old = map.get(key);
  if (!isObject(value)) {
    const same =
      map.has(key) &&
      !(old instanceof Y.Map) &&
      JSONExt.deepEqual(old as JSONValue, value);
    if (!same) {
      map.set(key, value);
    }
  } else if (old instanceof Y.Map) {
    writeMap(old, value);
  } else {
    map.set(key, toMap(value));
  }
}

function toMap(value: JSONObject): SharedMap {
  const map: SharedMap = new Y.Map();
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) {
      map.set(key, isObject(member) ? toMap(member) : member);
    }
  }
  return map;
}

/** A value inside the objects that a path goes through. */
function nest(path: readonly string[], value: JSONValue): JSONObject {
  const inner = [...path]
    .reverse()
    .reduce<JSONValue>((inside, key) => ({ [key]: inside }), value);
  return inner as JSONObject;
}
