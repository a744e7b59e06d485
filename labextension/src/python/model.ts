import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Contents } from '@jupyterlab/services';
import { PathExt } from '@jupyterlab/coreutils';
import { JSONObject } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { ClaimedError, messageOf } from '../api/errors';
import { IDiagnostic } from '../api/types';
import { PipelineModel } from '../editor/docmodel';

/** How long to wait for another edit before the other side hears of it, in ms. */
const SETTLE = 400;

/**
 * loading: not known yet.  same: both sides say the same.  waiting: one side
 * was edited and the other is being asked.  broken: one side cannot be read, so
 * neither is touched until it is mended.  unreachable: nobody could be asked.
 */
export type PythonStatus =
  'loading' | 'same' | 'waiting' | 'broken' | 'unreachable';

export interface IPythonOptions {
  context: DocumentRegistry.IContext<PipelineModel>;
  client: ClaimedClient;
  contents: Contents.IManager;
}

/**
 * A pipeline as Python: an edit of either is brought into the other by the
 * server, which touches no line that the edit is not about. Knows no DOM.
 */
export class PythonModel implements IDisposable {
  constructor({ context, client, contents }: IPythonOptions) {
    this._context = context;
    this._client = client;
    this._contents = contents;
    this._toPython = new Debouncer(() => this._fromDocument(), SETTLE);
    this._toDocument = new Debouncer(() => this._fromPython(), SETTLE);
    void context.ready.then(() => this._open());
  }

  /** Emitted when the text or what is said of it has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get text(): string {
    return this._text;
  }
  get status(): PythonStatus {
    return this._status;
  }
  /** Why nothing goes to the other side, in one line. */
  get problem(): string {
    return this._problem;
  }
  /** What one side has no words for; with lines of the Python where known. */
  get diagnostics(): IDiagnostic[] {
    return this._diagnostics;
  }
  /** The contents path of the module beside the document. */
  get path(): string {
    return this._context.localPath.replace(/\.pipeline$/, '') + '.py';
  }
  get name(): string {
    return PathExt.basename(this.path);
  }
  get readOnly(): boolean {
    return !this._context.model.isEditable;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Takes over what the user wrote. */
  edit(text: string): void {
    if (text !== this._text) {
      this._text = text;
      this._say('waiting');
      void this._toDocument.invoke();
    }
  }

  /** Writes the module beside the document. */
  async save(): Promise<void> {
    await this._contents.save(this.path, {
      type: 'file',
      format: 'text',
      content: this._text
    });
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._toPython.dispose();
    this._toDocument.dispose();
    this._context.model.contentChanged.disconnect(this._onContent, this);
    Signal.clearData(this);
  }

  /** Begins with the module that is beside the document, for its formatting. */
  private async _open(): Promise<void> {
    const file = await this._contents
      .get(this.path, { content: true, type: 'file', format: 'text' })
      .catch(() => null);
    if (this._isDisposed) {
      return;
    }
    this._text = typeof file?.content === 'string' ? file.content : '';
    this._context.model.contentChanged.connect(this._onContent, this);
    await this._fromDocument();
  }

  private _onContent(): void {
    void this._toPython.invoke();
  }

  private async _fromDocument(): Promise<void> {
    const asked = this._text;
    const source = this._context.model.toString();
    await this._ask(async () => {
      const path = this._context.localPath;
      const answer = await this._client.asPython(path, source, asked);
      if (this._isDisposed || this._text !== asked) {
        return; // the user writes: that comes over when it is done
      }
      this._text = answer.python;
      this._base = source;
      this._say('same', answer.diagnostics);
    });
  }

  private async _fromPython(): Promise<void> {
    const asked = this._text;
    const { model } = this._context;
    const source = model.toString();
    await this._ask(async () => {
      const path = this._context.localPath;
      const answer = await this._client.fromPython(
        path,
        asked,
        source,
        this._base ?? source
      );
      if (this._isDisposed || this._text !== asked) {
        return;
      }
      if (answer.source === null) {
        this._say('broken', answer.diagnostics, answer.diagnostics[0]?.message);
      } else if (model.toString() !== source) {
        void this._toDocument.invoke(); // it was edited meanwhile
      } else {
        this._apply(JSON.parse(answer.source) as JSONObject);
        if (source === this._base) {
          this._base = model.toString();
        } else {
          // What was drawn meanwhile is in the document, not in the Python yet.
          void this._toPython.invoke();
        }
        this._say('same', answer.diagnostics);
      }
    });
  }

  /** Writes a document into the shared one, as one step to undo. */
  private _apply(next: JSONObject): void {
    const { model } = this._context;
    model.transact(() => {
      for (const key of Object.keys(model.content)) {
        if (!(key in next)) {
          model.set([key], undefined);
        }
      }
      for (const [key, value] of Object.entries(next)) {
        model.set([key], value);
      }
    });
  }

  private async _ask(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (!this._isDisposed) {
        const refused = error instanceof ClaimedError;
        const where = refused && error.where ? `${error.where}: ` : '';
        const problem = where + messageOf(error);
        this._say(refused ? 'broken' : 'unreachable', [], problem);
      }
    }
  }

  private _say(
    status: PythonStatus,
    diagnostics = this._diagnostics,
    problem = ''
  ): void {
    this._status = status;
    this._diagnostics = diagnostics;
    this._problem = problem;
    this._changed.emit();
  }

  private readonly _context: DocumentRegistry.IContext<PipelineModel>;
  private readonly _client: ClaimedClient;
  private readonly _contents: Contents.IManager;
  private readonly _toPython: Debouncer;
  private readonly _toDocument: Debouncer;
  private _text = '';
  /** The document's text when both sides said the same. */
  private _base: string | null = null;
  private _status: PythonStatus = 'loading';
  private _problem = '';
  private _diagnostics: IDiagnostic[] = [];
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}
