import {
  Node,
  ParseError,
  findNodeAtLocation,
  getNodeValue,
  parseTree
} from 'jsonc-parser';

/** A place on the canvas, in pixels from the origin. */
export type Position = readonly [number, number];

export type Layout = ReadonlyMap<string, Position>;

/** A replacement of the characters from `start` to `end`. */
export interface ITextEdit {
  start: number;
  end: number;
  text: string;
}

/** The format that a new document is written in. */
export const FORMAT = 'claimed-pipeline/1';

/** The text of a document without tasks. */
export function newDocument(name: string): string {
  const content = { format: FORMAT, name, parameters: {}, tasks: {} };
  return JSON.stringify(content, null, 2) + '\n';
}

/**
 * The text of a .pipeline document, read just enough to place its tasks.
 *
 * What the document means is for the server to say. Edits are made in the
 * text itself, so that unknown fields, the order of keys and the author's way
 * of writing survive, and a diff shows the moved task alone.
 */
export class DocumentText {
  constructor(readonly text: string) {
    const errors: ParseError[] = [];
    const root = parseTree(text, errors, { disallowComments: true });
    this._root = errors.length === 0 && root?.type === 'object' ? root : null;
  }

  /** Whether this is a JSON object; what is not is never written to. */
  get isEditable(): boolean {
    return this._root !== null;
  }

  /** The names of the tasks, in the document's order. */
  get tasks(): string[] {
    return this._keys('tasks');
  }

  /** Where the document puts its tasks. */
  get layout(): Layout {
    const layout = new Map<string, Position>();
    for (const name of this._keys('layout')) {
      const value: unknown = this._value(['layout', name]);
      if (isPosition(value)) {
        layout.set(name, value);
      }
    }
    return layout;
  }

  /** The document without its layout: equal when a change means nothing. */
  get meaning(): string {
    if (this._root === null) {
      return this.text;
    }
    return JSON.stringify({ ...this._value([]), layout: undefined });
  }

  /**
   * The edit that writes new places of some tasks, in whole pixels.
   *
   * Only the numbers of a task that has a place are touched; a task that has
   * none gets a line of its own, behind the task it follows in the document.
   * Null when the text is no JSON object.
   */
  place(moved: Layout): ITextEdit | null {
    if (this._root === null) {
      return null;
    }
    const order = [...new Set([...this.tasks, ...moved.keys()])];
    const placed = order.reduce<DocumentText>((document, name) => {
      const position = moved.get(name);
      return position ? document._placeOne(name, position, order) : document;
    }, this);
    return difference(this.text, placed.text);
  }

  private _placeOne(
    name: string,
    position: Position,
    order: string[]
  ): DocumentText {
    const [x, y] = position.map(Math.round);
    const value = this._find(['layout', name]);
    if (value && isPosition(getNodeValue(value))) {
      const [first, second] = value.children!;
      return this._replace(second, `${y}`)._replace(first, `${x}`);
    }
    if (value) {
      return this._replace(value, `[${x}, ${y}]`);
    }
    const entry = `${JSON.stringify(name)}: [${x}, ${y}]`;
    const layout = this._find(['layout']);
    if (layout?.type !== 'object') {
      return this._addLayout(entry, layout);
    }
    const before = order.slice(0, order.indexOf(name)).reverse();
    const after = before
      .map(other => this._find(['layout', other])?.parent)
      .find(node => node !== undefined);
    const line = `\n${this._indent}${this._indent}${entry}`;
    if (after) {
      return this._insert(after.offset + after.length, `,${line}`);
    }
    const end = layout.children?.length ? ',' : `\n${this._indent}`;
    return this._insert(layout.offset + 1, line + end);
  }

  /** A document whose layout has one entry. */
  private _addLayout(entry: string, old: Node | undefined): DocumentText {
    const indent = this._indent;
    const value = `{\n${indent}${indent}${entry}\n${indent}}`;
    if (old) {
      return this._replace(old, value);
    }
    const root = this._root!;
    const last = root.children?.[root.children.length - 1];
    const member = `\n${indent}"layout": ${value}`;
    return last
      ? this._insert(last.offset + last.length, `,${member}`)
      : this._insert(root.offset + 1, `${member}\n`);
  }

  private _insert(at: number, text: string): DocumentText {
    return new DocumentText(
      this.text.slice(0, at) + text + this.text.slice(at)
    );
  }

  private _replace(node: Node, text: string): DocumentText {
    const end = node.offset + node.length;
    return new DocumentText(
      this.text.slice(0, node.offset) + text + this.text.slice(end)
    );
  }

  /** The white space before the first key; two spaces when there is none. */
  private get _indent(): string {
    const root = this._root!;
    const first = root.children?.[0];
    const before = this.text.slice(root.offset + 1, first?.offset);
    return /\n([ \t]+)$/.exec(before)?.[1] ?? '  ';
  }

  private _keys(section: string): string[] {
    const value: unknown = this._value([section]);
    return isObject(value) ? Object.keys(value) : [];
  }

  private _find(path: string[]): Node | undefined {
    return this._root ? findNodeAtLocation(this._root, path) : undefined;
  }

  // The parser's own type: the content is whatever the user wrote.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  private _value(path: string[]): any {
    const node = this._find(path);
    return node ? getNodeValue(node) : undefined;
  }

  private readonly _root: Node | null;
}

/** The one replacement that makes a text another. */
function difference(before: string, after: string): ITextEdit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) {
    start++;
  }
  let same = 0;
  while (
    same < shorter - start &&
    before[before.length - 1 - same] === after[after.length - 1 - same]
  ) {
    same++;
  }
  const text = after.slice(start, after.length - same);
  return { start, end: before.length - same, text };
}

function isPosition(value: unknown): value is Position {
  return (
    Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
