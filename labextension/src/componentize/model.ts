import { JSONExt, ReadonlyPartialJSONValue } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { ClaimedError, messageOf } from '../api/errors';
import { IComponentSpec, IDiagnostic, IFix, IInspection } from '../api/types';
import { IAppliedFix } from './fixes';
import { INotebookSource } from './source';

/** How long to wait for another edit before the server is asked, in ms. */
const SETTLE = 400;

/** How the server refuses to replace a component unasked. */
const EXISTS = 'component-exists';

/** What the server says of a notebook that is only not begun. */
const NO_INTERFACE = 'no-interface';

/** Where in the notebook something is; counted from 1. */
export interface IPlace {
  cell: number | null;
  line: number | null;
}

/**
 * loading: not known yet.  failed: nothing is known, `error` says why.
 * ready: there is an inspection; `error` says why it is not the newest.
 */
export type ComponentizeStatus = 'loading' | 'failed' | 'ready';

/**
 * The component that a notebook would become, while the notebook is edited.
 * Knows nothing of the DOM.
 */
export class ComponentizeModel implements IDisposable {
  constructor(
    private readonly _source: INotebookSource,
    private readonly _client: ClaimedClient
  ) {
    this._inspect = new Debouncer(() => this._update(), SETTLE);
    _source.changed.connect(this._onChanged, this);
    void _source.ready.then(() => this._update());
  }

  /** Emitted when anything that a view shows has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get status(): ComponentizeStatus {
    if (this._inspection) {
      return 'ready';
    }
    return this._error ? 'failed' : 'loading';
  }
  /** Why the notebook could not be inspected, in one line; else empty. */
  get error(): string {
    return this._error;
  }
  /** What the server makes of the notebook; the last good answer. */
  get inspection(): IInspection | null {
    return this._inspection;
  }
  /** Whether the component is being created. */
  get isCreating(): boolean {
    return this._isCreating;
  }
  /** Whether a component of this name is there, and would be replaced. */
  get replaces(): boolean {
    return this._exists || !!this._inspection?.existing;
  }
  /** What makes the notebook unusable as a component, if anything does. */
  get obstacle(): IDiagnostic | null {
    const found = this._inspection?.component.diagnostics ?? [];
    return found.find(({ level }) => level === 'error') ?? null;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** What is said about an input or an output. */
  about(port: string): IDiagnostic[] {
    const found = this._inspection?.component.diagnostics ?? [];
    return found.filter(({ field }) => field === port);
  }

  /** What is said about the notebook as a whole; an empty one gets advice. */
  get general(): IDiagnostic[] {
    const spec = this._inspection?.component;
    const names = [...(spec?.inputs ?? []), ...(spec?.outputs ?? [])].map(
      ({ name }) => name
    );
    return (spec?.diagnostics ?? []).filter(
      ({ code, field }) =>
        code !== NO_INTERFACE && (field === null || !names.includes(field))
    );
  }

  /** The last fix that was applied, while it can be taken back. */
  get applied(): IAppliedFix | null {
    return this._applied?.canUndo ? this._applied : null;
  }
  /** Whether that fix is the very last thing that was done to the notebook. */
  get isFixNewest(): boolean {
    return this.applied !== null && this._fixed === this._source.written;
  }
  /** Why the last fix was not applied, in one line; else empty. */
  get refusal(): string {
    return this._refusal;
  }

  /** Shows where in the notebook something is, when that is known. */
  show({ cell, line }: IPlace): void {
    if (cell !== null) {
      this._source.show(cell, line);
    }
  }

  /** Leads the user back to the notebook. */
  leave(): void {
    this._source.activate();
  }

  /**
   * Applies a fix to the notebook.
   *
   * When the notebook is no longer what the fix was made for, it is inspected
   * again, and changed only if the fix is still the same.
   */
  async fix(fix: IFix): Promise<void> {
    if (this._isFixing) {
      return; // the button was pressed twice
    }
    this._isFixing = true;
    this._refusal = '';
    try {
      if (await this._isStill(fix)) {
        this._applied = this._source.apply(fix);
        this._fixed = this._source.written;
        this._emit();
        await this._update();
      } else {
        this._refusal = 'The notebook has changed meanwhile: look again.';
      }
    } catch (error) {
      this._refusal = messageOf(error);
    } finally {
      this._isFixing = false;
      this._emit();
    }
  }

  /** Takes back the last fix. */
  async undoFix(): Promise<void> {
    this.applied?.undo();
    this._applied = null;
    await this._update();
    this._emit();
  }

  /** Asks the server again, whether the notebook changed or not. */
  async refresh(): Promise<void> {
    this._text = null;
    await this._update();
  }

  /** Whether the inputs that the notebook was run with come along. */
  get withSample(): boolean {
    return this._withSample;
  }
  set withSample(value: boolean) {
    this._withSample = value;
    this._emit();
  }

  /**
   * Saves the notebook and makes a component of it.
   *
   * replace: also when a component of this name is there. Returns null when
   * one is there and it was not to be replaced: the user has to be asked.
   * Rejects with whatever else went wrong.
   */
  async create(replace: boolean): Promise<IComponentSpec | null> {
    this._isCreating = true;
    this._changed.emit();
    try {
      await this._source.save();
      const { path } = this._source;
      const made = await this._client.createComponent(
        path,
        replace || undefined,
        this._withSample ? undefined : false
      );
      await this.refresh();
      return made;
    } catch (error) {
      if (error instanceof ClaimedError && error.code === EXISTS) {
        this._exists = true;
        return null;
      }
      throw error;
    } finally {
      this._isCreating = false;
      this._emit();
    }
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    this._inspect.dispose();
    this._source.changed.disconnect(this._onChanged, this);
    Signal.clearData(this);
  }

  private async _update(): Promise<void> {
    if (this._isDisposed) {
      return;
    }
    const { path, text, written } = this._source;
    if (text === this._text) {
      return; // it was run, nothing else
    }
    this._text = text;
    try {
      const inspection = await this._client.inspect(path, text);
      if (text === this._text) {
        this._inspection = inspection;
        this._inspected = written;
        this._exists = false; // it says so itself
        this._error = '';
      }
    } catch (error) {
      if (text === this._text) {
        this._error = messageOf(error);
        this._text = null;
      }
    }
    this._emit();
  }

  /** Whether the inspection is of what the notebook holds now. */
  private get _isCurrent(): boolean {
    return this._inspected === this._source.written;
  }

  /** Whether a fix is for what the notebook holds now; looks again if needed. */
  private async _isStill(fix: IFix): Promise<boolean> {
    if (this._isCurrent) {
      return true;
    }
    await this.refresh();
    return this._isCurrent && this._offers(fix);
  }

  private _offers(fix: IFix): boolean {
    const { inputs, outputs, diagnostics } = this._inspection!.component;
    return [...inputs, ...outputs, ...diagnostics].some(offer =>
      JSONExt.deepEqual(asJSON(offer.fix), asJSON(fix))
    );
  }

  private _onChanged(): void {
    this._refusal = '';
    void this._inspect.invoke();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _inspect: Debouncer<void>;
  private _inspection: IInspection | null = null;
  /** What was written when it was inspected. */
  private _inspected: string | null = null;
  private _applied: IAppliedFix | null = null;
  /** What was written when the last fix was applied. */
  private _fixed = '';
  private _isFixing = false;
  private _refusal = '';
  private _error = '';
  /** What was asked for last; null when it is to be inspected anyway. */
  private _text: string | null = null;
  private _exists = false;
  private _isCreating = false;
  private _withSample = true;
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}

function asJSON(value: unknown): ReadonlyPartialJSONValue {
  return (value ?? null) as ReadonlyPartialJSONValue;
}
