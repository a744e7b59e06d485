import { JSONObject, ReadonlyJSONObject } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { PipelineModel } from '../editor/docmodel';
import { editsOf } from './edits';

/** How long typing must rest before it becomes an edit of the document, in ms. */
const SETTLED = 400;

/**
 * What is typed in a form, until it is settled: then it becomes one step to
 * undo. Only fields that were changed here are written, so that what somebody
 * else edits meanwhile stays.
 */
export class Draft implements IDisposable {
  /**
   * path: where the form's object is in the document.
   * schema: of the form.
   */
  constructor(
    private readonly _document: PipelineModel,
    private readonly _path: string[],
    private readonly _schema: ReadonlyJSONObject,
    settled = SETTLED
  ) {
    this._settle = new Debouncer(() => this.flush(), settled);
    _document.contentChanged.connect(this._onContent, this);
  }

  /** Emitted when the form is to be drawn anew. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get isDisposed(): boolean {
    return this._settle.isDisposed;
  }

  /** What the form shows: what is typed, else what the document has. */
  get data(): JSONObject {
    return this._pending?.data ?? this._written;
  }

  /** Takes what the form has become. */
  change(data: JSONObject): void {
    const base = this._pending?.base ?? this._written;
    if (!this._pending && editsOf(this._schema, base, data).length === 0) {
      return; // the form only filled in what is not said
    }
    this._pending = { base, data };
    this._changed.emit();
    void this._settle.invoke().catch(() => undefined);
  }

  /** Writes what is typed now: the field was left, or another task is shown. */
  flush(): void {
    if (!this._pending) {
      return;
    }
    const { base, data } = this._pending;
    this._pending = null;
    const edits = editsOf(this._schema, base, data, this._path);
    this._document.transact(() =>
      edits.forEach(([path, value]) => this._document.set(path, value))
    );
    this._changed.emit();
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.flush();
      this._settle.dispose();
      this._document.contentChanged.disconnect(this._onContent, this);
      Signal.clearData(this);
    }
  }

  private get _written(): JSONObject {
    const found =
      this._path.length > 0
        ? this._document.get(this._path)
        : this._document.content;
    return (found ?? {}) as JSONObject;
  }

  private _onContent(): void {
    this._changed.emit();
  }

  private readonly _settle: Debouncer<void>;
  private _pending: { base: JSONObject; data: JSONObject } | null = null;
  private _changed = new Signal<this, void>(this);
}
