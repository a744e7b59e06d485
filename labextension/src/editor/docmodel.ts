import { ISharedFile, YFile } from '@jupyter/ydoc';
import { IChangedArgs } from '@jupyterlab/coreutils';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Contents } from '@jupyterlab/services';
import { PartialJSONValue } from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import { DocumentText, Layout } from './document';

/**
 * The document that JupyterLab's context loads and saves.
 *
 * What editors share is the document's text, in Jupyter's own shared file, so
 * any collaboration server can carry it. Callers speak of tasks and places
 * only: how the shared document holds them may change without them.
 */
export class PipelineModel implements DocumentRegistry.IModel {
  constructor(options: DocumentRegistry.IModelOptions<ISharedFile> = {}) {
    this._ownsShared = !options.sharedModel;
    this.sharedModel = options.sharedModel ?? YFile.create();
    this.collaborative = !!options.collaborationEnabled;
    this._document = new DocumentText(this.sharedModel.getSource());
    this.sharedModel.changed.connect(this._onChange, this);
  }

  readonly sharedModel: ISharedFile;
  readonly collaborative: boolean;
  readonly defaultKernelName = '';
  readonly defaultKernelLanguage = '';

  get contentChanged(): ISignal<this, void> {
    return this._contentChanged;
  }
  get stateChanged(): ISignal<this, IChangedArgs<unknown>> {
    return this._stateChanged;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }
  /** The document's text, read. */
  get document(): DocumentText {
    return this._document;
  }
  get dirty(): boolean {
    return this.sharedModel.dirty;
  }
  set dirty(value: boolean) {
    this.sharedModel.dirty = value;
  }
  get readOnly(): boolean {
    return this._readOnly;
  }
  set readOnly(value: boolean) {
    if (value !== this._readOnly) {
      this._readOnly = value;
      this._stateChanged.emit({
        name: 'readOnly',
        oldValue: !value,
        newValue: value
      });
    }
  }

  /**
   * Writes new places of tasks into the document, which becomes dirty.
   *
   * Returns false, and changes nothing, when the document cannot be edited.
   */
  place(moved: Layout): boolean {
    const edit = this._readOnly ? null : this._document.place(moved);
    if (edit === null) {
      return false;
    }
    const { start, end, text } = edit;
    if (start !== end || text !== '') {
      this.sharedModel.updateSource(start, end, text);
      this.sharedModel.dirty = true;
    }
    return true;
  }

  initialize(): void {
    /* A new document is valid as it is. */
  }
  toString(): string {
    return this.sharedModel.getSource();
  }
  fromString(value: string): void {
    this.sharedModel.setSource(value);
    this.sharedModel.clearUndoHistory();
    // What comes from the disk is what is on the disk; nobody else resets it.
    this.dirty = false;
  }
  toJSON(): PartialJSONValue {
    return JSON.parse(this.toString() || 'null');
  }
  fromJSON(value: PartialJSONValue): void {
    this.fromString(JSON.stringify(value, null, 2));
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this.sharedModel.changed.disconnect(this._onChange, this);
    if (this._ownsShared) {
      this.sharedModel.dispose();
    }
    Signal.clearData(this);
  }

  private _onChange(
    _: unknown,
    change: {
      sourceChange?: unknown;
      stateChange?: { name: string; oldValue?: unknown; newValue?: unknown }[];
    }
  ): void {
    if (change.sourceChange) {
      this._document = new DocumentText(this.sharedModel.getSource());
      this._contentChanged.emit();
    }
    for (const { name, oldValue, newValue } of change.stateChange ?? []) {
      if (oldValue !== newValue) {
        this._stateChanged.emit({ name, oldValue, newValue });
      }
    }
  }

  private readonly _ownsShared: boolean;
  private _document: DocumentText;
  private _readOnly = false;
  private _isDisposed = false;
  private _contentChanged = new Signal<this, void>(this);
  private _stateChanged = new Signal<this, IChangedArgs<unknown>>(this);
}

/** Makes the models of .pipeline documents. */
export class PipelineModelFactory implements DocumentRegistry.IModelFactory<PipelineModel> {
  /** How widget factories name these models. */
  static readonly NAME = 'claimed-pipeline-model';

  readonly name = PipelineModelFactory.NAME;
  readonly contentType: Contents.ContentType = 'file';
  readonly fileFormat: Contents.FileFormat = 'text';
  readonly collaborative = true;

  get isDisposed(): boolean {
    return this._isDisposed;
  }
  dispose(): void {
    this._isDisposed = true;
  }
  preferredLanguage(): string {
    return '';
  }
  createNew(
    options?: DocumentRegistry.IModelOptions<ISharedFile>
  ): PipelineModel {
    return new PipelineModel(options);
  }

  private _isDisposed = false;
}
