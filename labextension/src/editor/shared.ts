import { DocumentChange, YDocument } from '@jupyter/ydoc';
import { JSONObject, JSONValue } from '@lumino/coreutils';
import { parseObject, rewriteText } from './rewrite';
import { SharedMap, readAt, writeAt, writeMap } from './ymaps';
import * as Y from 'yjs';

export interface IPipelineChange extends DocumentChange {
  /** Whether what the document says has changed. */
  contentChange?: boolean;
}

/**
 * The document that all editors of one .pipeline file share.
 *
 * `source` is the text as it was loaded, which edits leave alone; `document`
 * is what it says, as nested maps. A text that is no JSON object has no maps,
 * and is given back as it is.
 */
export class SharedPipeline extends YDocument<IPipelineChange> {
  constructor() {
    super();
    this.undoManager.addToScope(this._document);
    this._source.observe(this._onChange);
    this._document.observeDeep(this._onChange);
  }

  readonly version = '1.0.0';

  /** What the document says; not to be changed. */
  get content(): JSONObject {
    return (this._content ??= this._document.toJSON() as JSONObject);
  }

  /** Whether there is a document to edit, or nothing yet. */
  get isReadable(): boolean {
    return (
      this._document.size > 0 ||
      this._loaded.content !== null ||
      this._loaded.text.trim() === ''
    );
  }

  get(path: readonly string[]): JSONValue | undefined {
    const value = readAt(this._document, path);
    return value instanceof Y.Map
      ? (value.toJSON() as JSONObject)
      : (value as JSONValue | undefined);
  }

  /** Edits what is at a path; `transact` makes it a step to undo. */
  write(path: readonly string[], value: JSONValue | undefined): void {
    this._content = null;
    writeAt(this._document, path, value);
  }

  /** The text to save: the loaded one with what was edited. */
  getSource(): string {
    const { text, content } = this._loaded;
    const isUntouched = this._document.size === 0 && content === null;
    return isUntouched ? text : rewriteText(text, this.content);
  }

  /** Takes a text as loaded; no step to undo. */
  setSource(value: string): void {
    this.transact(() => {
      if (value !== this._source.toString()) {
        this._source.delete(0, this._source.length);
        this._source.insert(0, value);
      }
      writeMap(this._document, parseObject(value) ?? {});
    }, false);
  }

  /** Makes an edit one step to undo, whatever was edited just before. */
  override transact(
    edit: () => void,
    undoable = true,
    origin: unknown = null
  ): void {
    if (undoable && this._depth === 0) {
      this.undoManager.stopCapturing();
    }
    this._depth++;
    try {
      super.transact(edit, undoable, origin);
    } finally {
      this._depth--;
    }
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._source.unobserve(this._onChange);
    this._document.unobserveDeep(this._onChange);
    super.dispose();
  }

  /** The loaded text, and the object that it is. */
  private get _loaded(): { text: string; content: JSONObject | null } {
    if (!this._read) {
      const text = this._source.toString();
      this._read = { text, content: parseObject(text) };
    }
    return this._read;
  }

  private readonly _onChange = (): void => {
    this._read = null;
    this._content = null;
    this._changed.emit({ contentChange: true });
  };

  private readonly _source = this.ydoc.getText('source');
  private readonly _document: SharedMap = this.ydoc.getMap('document');
  private _read: { text: string; content: JSONObject | null } | null = null;
  private _content: JSONObject | null = null;
  private _depth = 0;
}
