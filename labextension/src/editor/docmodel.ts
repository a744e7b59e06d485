import { IChangedArgs } from '@jupyterlab/coreutils';
import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Contents } from '@jupyterlab/services';
import {
  JSONExt,
  JSONObject,
  JSONValue,
  PartialJSONValue
} from '@lumino/coreutils';
import { ISignal, Signal } from '@lumino/signaling';
import { Source } from '../api/types';
import { FORMAT, Layout, Position, layoutOf, meaningOf } from './document';
import { IPipelineChange, SharedPipeline } from './shared';
import {
  componentName,
  objectAt,
  removeTasks,
  renameTask,
  taskName
} from './taskedits';

export interface INewTask {
  /** The name that is wished for; another is found when it is taken. */
  name?: string;
  position?: Position;
  inputs?: { [input: string]: Source };
  /** The component's title, for a name where its reference gives none. */
  title?: string;
}

/**
 * The document that JupyterLab's context loads and saves.
 *
 * Callers speak of JSON and of tasks. Each edit is one step to undo, or
 * several together by `transact`; only one's own are undone. A document that
 * is broken or read-only is never edited: the calls then do nothing.
 */
export class PipelineModel implements DocumentRegistry.IModel {
  constructor(options: DocumentRegistry.IModelOptions<SharedPipeline> = {}) {
    this._ownsShared = !options.sharedModel;
    this.sharedModel = options.sharedModel ?? new SharedPipeline();
    this.collaborative = !!options.collaborationEnabled;
    this.sharedModel.changed.connect(this._onChange, this);
  }

  readonly sharedModel: SharedPipeline;
  readonly collaborative: boolean;
  readonly defaultKernelName = '';
  readonly defaultKernelLanguage = '';
  /** What a document without a name is called once something is put in it. */
  defaultName = 'pipeline';

  get contentChanged(): ISignal<this, void> {
    return this._contentChanged;
  }
  get stateChanged(): ISignal<this, IChangedArgs<unknown>> {
    return this._stateChanged;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
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
  /** Whether this is a document that can be edited, now. */
  get isEditable(): boolean {
    return !this._readOnly && this.sharedModel.isReadable;
  }

  /** A copy of all that the document says. */
  get content(): JSONObject {
    return JSONExt.deepCopy(this.sharedModel.content);
  }
  /** Where the document puts its tasks. */
  get layout(): Layout {
    return layoutOf(this.sharedModel.content);
  }
  /** The document without what is drawn only, as text to compare. */
  get meaning(): string {
    return this.sharedModel.isReadable
      ? meaningOf(this.sharedModel.content)
      : this.toString();
  }

  /** A copy of what is at a path; undefined when nothing is. */
  get(path: string[]): JSONValue | undefined {
    const value = this.sharedModel.get(path);
    return value === undefined ? value : JSONExt.deepCopy(value);
  }

  /**
   * Sets what is at a path; undefined deletes it.
   *
   * Missing parents are made. Of an object only what differs is written, so
   * that what others change in it meanwhile stays.
   */
  set(path: string[], value: JSONValue | undefined): void {
    if (!isSame(this.sharedModel.get(path), value)) {
      this.transact(() => this.sharedModel.write(path, value));
    }
  }

  /** Makes several edits one step to undo. */
  transact(edit: () => void): void {
    if (!this.isEditable) {
      return;
    }
    this._isEdited = false;
    this.sharedModel.transact(edit);
    if (this._isEdited) {
      this.dirty = true;
    }
  }

  /** Adds a task, and returns its name; empty when nothing can be edited. */
  addTask(component: string, options: INewTask = {}): string {
    if (!this.isEditable) {
      return '';
    }
    const { title = '', position, inputs } = options;
    const wanted = options.name ?? componentName(component);
    const taken = new Set(Object.keys(objectAt(this.content, 'tasks')));
    const name = taskName(wanted, title, taken);
    const task: JSONObject = { component };
    if (inputs && Object.keys(inputs).length > 0) {
      task.inputs = inputs as unknown as JSONObject;
    }
    this.transact(() => {
      this._begin();
      this.set(['tasks', name], task);
      if (position) {
        this.place(new Map([[name, position]]));
      }
    });
    return name;
  }

  /** Removes tasks, with all that speaks of them. */
  removeTasks(names: Iterable<string>): void {
    this.transact(() => removeTasks(this, new Set(names)));
  }

  /** Renames a task wherever it is named; not to a name that is taken. */
  renameTask(from: string, to: string): void {
    const tasks = objectAt(this.content, 'tasks');
    if (to && from in tasks && !(to in tasks)) {
      this.transact(() => renameTask(this, from, to));
    }
  }

  /** Sets where a task's input comes from; null: from nowhere. */
  setInput(task: string, input: string, source: Source | null): void {
    const value = source as unknown as JSONObject | null;
    this.set(['tasks', task, 'inputs', input], value ?? undefined);
  }

  /** Writes new places of tasks, in whole pixels. */
  place(moved: Layout): void {
    this.transact(() =>
      moved.forEach((place, name) => this.set(['layout', name], round(place)))
    );
  }

  get canUndo(): boolean {
    return this.sharedModel.canUndo();
  }
  get canRedo(): boolean {
    return this.sharedModel.canRedo();
  }
  undo(): void {
    if (!this._readOnly) {
      this.sharedModel.undo();
    }
  }
  redo(): void {
    if (!this._readOnly) {
      this.sharedModel.redo();
    }
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

  /** What every document must say, of one that says nothing yet. */
  private _begin(): void {
    if (this.get(['format']) === undefined) {
      this.set(['format'], FORMAT);
    }
    if (this.get(['name']) === undefined) {
      this.set(['name'], this.defaultName);
    }
  }

  private _onChange(_: unknown, change: IPipelineChange): void {
    if (change.contentChange) {
      this._isEdited = true;
      this._contentChanged.emit();
    }
    for (const { name, oldValue, newValue } of change.stateChange ?? []) {
      if (oldValue !== newValue) {
        this._stateChanged.emit({ name, oldValue, newValue });
      }
    }
  }

  private readonly _ownsShared: boolean;
  /** Whether the content changed since the last edit began. */
  private _isEdited = false;
  private _readOnly = false;
  private _isDisposed = false;
  private _contentChanged = new Signal<this, void>(this);
  private _stateChanged = new Signal<this, IChangedArgs<unknown>>(this);
}

function isSame(a: JSONValue | undefined, b: JSONValue | undefined): boolean {
  return a === undefined || b === undefined ? a === b : JSONExt.deepEqual(a, b);
}

function round(place: Position): number[] {
  return place.map(number => Math.round(number) || 0); // no minus zero
}

/** Makes the models of .pipeline documents. */
export class PipelineModelFactory implements DocumentRegistry.IModelFactory<PipelineModel> {
  /** How who shares documents names the kind of these. */
  static readonly CONTENT_TYPE: Contents.ContentType = 'pipeline';
  /** How widget factories name these models. */
  static readonly NAME = 'claimed-pipeline-model';

  readonly name = PipelineModelFactory.NAME;
  readonly contentType = PipelineModelFactory.CONTENT_TYPE;
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
    options?: DocumentRegistry.IModelOptions<SharedPipeline>
  ): PipelineModel {
    return new PipelineModel(options);
  }

  private _isDisposed = false;
}
