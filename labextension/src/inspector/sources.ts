import { TranslationBundle } from '@jupyterlab/translation';
import { JSONObject, JSONValue } from '@lumino/coreutils';
import { IDescription, Source, typeName } from '../api/types';

export type SourceKind = 'value' | 'parameter' | 'output' | 'secret';

/** What the form of a task knows of an input: the schema's `x-port`. */
export interface IPortWords {
  type: string;
  kind: 'parameter' | 'artifact';
  optional: boolean;
  default: JSONValue;
  choices: JSONValue[] | null;
  sources: SourceKind[];
}

/** Something that an input can be fed by. */
export interface IOffer {
  /** As the document names it: a parameter, or `task.output`. */
  name: string;
  type: string;
}

/** Which of the four a source is; null for none. */
export function kindOf(source: Partial<Source> | undefined): SourceKind | null {
  const kinds: SourceKind[] = ['value', 'parameter', 'output', 'secret'];
  return kinds.find(kind => kind in (source ?? {})) ?? null;
}

/** The parameters of the pipeline that can feed an input, by the server's word. */
export function parameterOffers(
  description: IDescription,
  port: IPortWords
): IOffer[] {
  const all = Object.entries(description.parameters).map(
    ([name, { type }]) => ({ name, type })
  );
  return all.filter(({ type }) => feeds(description, type, port.type));
}

/** The outputs of the other tasks that can feed an input of a task. */
export function outputOffers(
  description: IDescription,
  task: string,
  port: IPortWords
): IOffer[] {
  return description.tasks
    .filter(({ name }) => name !== task)
    .flatMap(({ name, outputs }) =>
      outputs
        .filter(({ gives }) => feeds(description, gives, port.type))
        .map(output => ({ name: `${name}.${output.name}`, type: output.gives }))
    );
}

/** Whether the validator takes a type for another; what it never heard of, it is asked about. */
function feeds(
  { types }: IDescription,
  given: string,
  wanted: string
): boolean {
  const reads = types.reads[wanted];
  const at = types.given.indexOf(given);
  return reads === undefined || at < 0 || reads.includes(at);
}

/** What stands beside an offer in a list: `split.train (Dataset)`. */
export function offerLabel({ name, type }: IOffer): string {
  return `${name} (${typeName(type)})`;
}

/**
 * A text that was typed as a value of a type; as the text where it is none:
 * the server then says what is wrong with it.
 */
export function valueFromText(type: string, text: string): JSONValue {
  if (type === 'int' || type === 'float') {
    const number = Number(text);
    return text.trim() !== '' && Number.isFinite(number) ? number : text;
  }
  if (type === 'list' || type === 'dict') {
    try {
      return JSON.parse(text) as JSONValue;
    } catch {
      return text;
    }
  }
  return text;
}

/** A value as it is edited as text. */
export function textOfValue(value: JSONValue | undefined): string {
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a new value of a type begins with. */
export function firstValue({ type, choices, ...port }: IPortWords): JSONValue {
  if (port.kind === 'artifact') {
    return '';
  }
  const empty: { [type: string]: JSONValue } = {
    int: 0,
    float: 0,
    bool: false,
    list: [],
    dict: {}
  };
  return port.default ?? choices?.[0] ?? empty[type] ?? '';
}

/** The four, as a person calls them. */
export function kindLabel(kind: SourceKind, trans: TranslationBundle): string {
  switch (kind) {
    case 'value':
      return trans.__('Value');
    case 'parameter':
      return trans.__('Parameter');
    case 'output':
      return trans.__('Output');
    case 'secret':
      return trans.__('Secret');
  }
}

/** What an input says where it has no source: its default, or that it is needed. */
export function unsetText(port: IPortWords, trans: TranslationBundle): string {
  if (!port.optional) {
    return trans.__('not set: it is needed');
  }
  const value = port.default;
  const isEmpty = value === null || value === '';
  return isEmpty
    ? trans.__('not set')
    : trans.__('default: %1', textOfValue(value));
}

/** A source of one kind; what the other fields of the input are, is kept. */
export function sourceOf(
  kind: SourceKind,
  value: JSONValue,
  rest: JSONObject
): JSONObject {
  const { value: _v, parameter: _p, output: _o, secret: _s, ...kept } = rest;
  return { ...kept, [kind]: value };
}
