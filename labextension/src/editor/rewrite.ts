import { JSONExt, JSONObject, JSONValue } from '@lumino/coreutils';
import { Node, parseTree } from 'jsonc-parser';
import { keyOrder } from './keyorder';
import { isObject } from './ymaps';

/** The object that a text is; null when it is not JSON, or no object. */
export function parseObject(text: string): JSONObject | null {
  try {
    const value: JSONValue = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * A text with the smallest changes that make it say something else.
 *
 * What stays the same stays as it was written: lines, the order of keys, the
 * spelling of numbers. A new key goes to its place among its siblings, a key
 * that is only renamed stays where it is.
 *
 * source: the text of a JSON object, or blank.
 */
export function rewriteText(source: string, content: JSONObject): string {
  const old = parseObject(source);
  const root = old && parseTree(source);
  if (!old || !root) {
    return emit(content, [], { indent: '', unit: '  ', inline: false }) + '\n';
  }
  const end = root.offset + root.length;
  const unit = indentOf(source, root) ?? '  ';
  const text = new Rewriter(source).node(root, old, content, [], {
    indent: '',
    unit,
    inline: false
  });
  return source.slice(0, root.offset) + text + source.slice(end);
}

/** How a value is written: the white space that its own line begins with. */
interface IStyle {
  indent: string;
  /** What one level of depth adds. */
  unit: string;
  /** All in one line. */
  inline: boolean;
}

/** A key and its value as text, with the white space before them. */
interface IMember {
  key: string;
  lead: string | null;
  text: string;
}

class Rewriter {
  constructor(private readonly _source: string) {}

  node(
    node: Node,
    old: JSONValue,
    value: JSONValue,
    path: string[],
    style: IStyle
  ): string {
    if (JSONExt.deepEqual(old, value)) {
      return this._slice(node.offset, node.offset + node.length);
    }
    if (isObject(old) && isObject(value)) {
      return this._object(node, old, value, path, style);
    }
    if (Array.isArray(old) && Array.isArray(value)) {
      if (old.length === value.length) {
        return this._array(node, old, value, style);
      }
      const isLine = !this._slice(
        node.offset,
        node.offset + node.length
      ).includes('\n');
      return emit(value, path, {
        ...style,
        inline: style.inline || (isLine && old.length > 0)
      });
    }
    return emit(value, path, style);
  }

  /** An array of as many items: each stays where it is. */
  private _array(
    node: Node,
    old: JSONValue[],
    value: JSONValue[],
    style: IStyle
  ): string {
    let text = '';
    let at = node.offset;
    const inner = { ...style, indent: style.indent + style.unit };
    (node.children ?? []).forEach((item, index) => {
      text += this._slice(at, item.offset);
      text += this.node(item, old[index], value[index], ['', ''], inner);
      at = item.offset + item.length;
    });
    return text + this._slice(at, node.offset + node.length);
  }

  private _object(
    node: Node,
    old: JSONObject,
    value: JSONObject,
    path: string[],
    style: IStyle
  ): string {
    const properties = node.children ?? [];
    if (properties.length === 0) {
      return emit(value, path, style);
    }
    const own = indentOf(this._source, node);
    const inner: IStyle = {
      unit: style.unit,
      indent: own ?? style.indent + style.unit,
      inline: style.inline || own === null
    };
    const renamed = renamedKeys(old, value);
    const members = this._kept(node, old, value, renamed, path, inner);
    const added = Object.keys(value).filter(
      key => !(key in old) && ![...renamed.values()].includes(key)
    );
    insert(members, added, path, value, inner);
    if (members.length === 0) {
      return '{}';
    }
    const first = this._slice(node.offset + 1, properties[0].offset);
    const last = properties[properties.length - 1];
    const end = this._slice(
      last.offset + last.length,
      node.offset + node.length
    );
    const between = inner.inline ? ' ' : `\n${inner.indent}`;
    const [head, ...rest] = members;
    const tail = rest.map(({ lead, text }) => `,${lead ?? between}${text}`);
    return `{${first}${head.text}${tail.join('')}${end}`;
  }

  /** The members that stay, some with another value or another name. */
  private _kept(
    node: Node,
    old: JSONObject,
    value: JSONObject,
    renamed: Map<string, string>,
    path: string[],
    style: IStyle
  ): IMember[] {
    const members: IMember[] = [];
    let end: number | null = null;
    for (const property of node.children ?? []) {
      const [name, content] = property.children!;
      const was = String(name.value);
      const key = renamed.get(was) ?? was;
      // The white space before the first member is the object's, not its own.
      const lead = end === null ? null : this._slice(end, property.offset);
      end = property.offset + property.length;
      if (!(key in value)) {
        continue;
      }
      const text =
        (key === was
          ? this._slice(property.offset, content.offset)
          : JSON.stringify(key) +
            this._slice(name.offset + name.length, content.offset)) +
        this.node(content, old[was], value[key], [...path, key], style);
      const comma = lead?.indexOf(',') ?? -1;
      members.push({ key, lead: lead ? lead.slice(comma + 1) : null, text });
    }
    return members;
  }

  private _slice(start: number, end: number): string {
    return this._source.slice(start, end);
  }
}

/** Puts new keys, each behind the nearest of those that come before it. */
function insert(
  members: IMember[],
  added: string[],
  path: string[],
  value: JSONObject,
  style: IStyle
): void {
  const order = keyOrder(path, Object.keys(value));
  for (const key of [...added].sort(order)) {
    let nearest = -1;
    members.forEach((member, at) => {
      const isBefore = order(member.key, key) < 0;
      const isNearer =
        nearest < 0 || order(member.key, members[nearest].key) > 0;
      nearest = isBefore && isNearer ? at : nearest;
    });
    const text = `${JSON.stringify(key)}: ${emit(value[key], [...path, key], style)}`;
    members.splice(nearest + 1, 0, { key, lead: null, text });
  }
}

/** The keys that are gone, by which new key has the very same value now. */
function renamedKeys(old: JSONObject, value: JSONObject): Map<string, string> {
  const gone = Object.keys(old).filter(key => !(key in value));
  const added = new Set(Object.keys(value).filter(key => !(key in old)));
  const renamed = new Map<string, string>();
  for (const key of gone) {
    for (const other of added) {
      if (isObject(old[key]) && JSONExt.deepEqual(old[key], value[other])) {
        renamed.set(key, other);
        added.delete(other);
        break;
      }
    }
  }
  return renamed;
}

/** A new value as text, in the order and the style of all documents. */
function emit(value: JSONValue, path: string[], style: IStyle): string {
  if (Array.isArray(value)) {
    const isLine = value.every(item => typeof item === 'number');
    const items = value.map(item => emit(item, ['', ''], deeper(style)));
    return enclose('[', items, ']', {
      ...style,
      inline: style.inline || isLine
    });
  }
  if (!isObject(value)) {
    return JSON.stringify(value);
  }
  const keys = Object.keys(value).filter(key => value[key] !== undefined);
  const members = keys
    .sort(keyOrder(path, Object.keys(value)))
    .map(
      key =>
        `${JSON.stringify(key)}: ${emit(value[key], [...path, key], deeper(style))}`
    );
  return enclose('{', members, '}', style);
}

function enclose(
  start: string,
  parts: string[],
  end: string,
  style: IStyle
): string {
  if (parts.length === 0 || style.inline) {
    return start + parts.join(', ') + end;
  }
  const line = `\n${deeper(style).indent}`;
  return `${start}${line}${parts.join(`,${line}`)}\n${style.indent}${end}`;
}

function deeper(style: IStyle): IStyle {
  return { ...style, indent: style.indent + style.unit };
}

/** The white space before an object's first key; null when it is in one line. */
function indentOf(source: string, node: Node): string | null {
  const first = node.children?.[0];
  const before = first ? source.slice(node.offset + 1, first.offset) : '';
  return /\n([ \t]*)$/.exec(before)?.[1] ?? null;
}
