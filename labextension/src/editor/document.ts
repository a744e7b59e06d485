import { JSONObject, PartialJSONObject } from '@lumino/coreutils';
import { isObject } from './ymaps';

/** A place on the canvas, in pixels from the origin. */
export type Position = readonly [number, number];

export type Layout = ReadonlyMap<string, Position>;

/** The format that a new document is written in. */
export const FORMAT = 'claimed-pipeline/1';

/** The text of a document without tasks. */
export function newDocument(name: string): string {
  const content = { format: FORMAT, name, parameters: {}, tasks: {} };
  return JSON.stringify(content, null, 2) + '\n';
}

/** Where a document puts its tasks; what is no place is passed over. */
export function layoutOf(content: JSONObject): Layout {
  const layout = isObject(content.layout) ? content.layout : {};
  return new Map(
    Object.entries(layout).flatMap(([name, place]) =>
      isPosition(place) ? [[name, place]] : []
    )
  );
}

/** A document without what is drawn only: equal when a change means nothing. */
export function meaningOf(content: PartialJSONObject): string {
  return JSON.stringify({ ...content, layout: undefined, canvas: undefined });
}

export function isPosition(value: unknown): value is Position {
  return (
    Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)
  );
}
