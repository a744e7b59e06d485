import { JSONExt, JSONObject } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import {
  EnginesClient,
  IEngineSettings,
  IProbe,
  ISettingsChange
} from '../api/engines';
import { ClaimedError, messageOf } from '../api/errors';
import { ISecret, complete, propertiesOf, secretOf } from './settingsschema';

/** The name that the server knows the secret by, where it speaks of fields. */
export const CREDENTIAL = 'credential';

/** What is wrong, in one line; field: null where it is about no field. */
export interface ISettingsProblem {
  field: string | null;
  message: string;
}

export type SettingsWork = 'test' | 'save' | 'forget';

export interface ISettingsOptions {
  client: EnginesClient;
  engine: string;
  /** Called when the engine is set up otherwise than before. */
  saved: () => void;
}

/**
 * The settings of one engine, as they are kept and as they are changed. Knows
 * nothing of the DOM. A secret is here only until it is stored.
 */
export class SettingsModel implements IDisposable {
  constructor(private readonly _options: ISettingsOptions) {}

  /** Emitted when anything that a view shows has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  /** As they are kept; null while they are not known. */
  get settings(): IEngineSettings | null {
    return this._settings;
  }
  /** Why they are not known. */
  get error(): string {
    return this._error;
  }
  /** As they are in the form. */
  get values(): JSONObject {
    return this._values;
  }
  get credential(): string {
    return this._credential;
  }
  /** What the values in the form need to sign in with. */
  get secret(): ISecret {
    const { _settings: known, _values } = this;
    return known ? secretOf(known, _values) : { kind: 'none', word: null };
  }
  get isChanged(): boolean {
    return (
      this._credential !== '' ||
      !JSONExt.deepEqual(this._values, this._settings?.values ?? {})
    );
  }
  /** What is being done; null when nothing is. */
  get work(): SettingsWork | null {
    return this._work;
  }
  get problem(): ISettingsProblem | null {
    return this._problem;
  }
  /** How the last test went, of what the form said then. */
  get probe(): IProbe | null {
    return this._probe;
  }
  /** What was done last, to be told to the user. */
  get done(): 'saved' | 'forgotten' | null {
    return this._done;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  async load(): Promise<void> {
    const { client, engine } = this._options;
    this._error = '';
    try {
      this._take(await client.settings(engine));
    } catch (error) {
      this._error = messageOf(error);
    }
    this._emit();
  }

  change(values: JSONObject): void {
    this._values = values;
    this._forgetWords();
  }

  changeCredential(credential: string): void {
    this._credential = credential;
    this._forgetWords();
  }

  /** Tries what the form says, kept or not. */
  test(): Promise<void> {
    const { client, engine } = this._options;
    return this._do('test', async () => {
      this._probe = await client.test(engine, this._change());
    });
  }

  /** Keeps what the form says. Resolves to whether that went well. */
  async save(): Promise<boolean> {
    const { client, engine, saved } = this._options;
    await this._do('save', async () => {
      this._take(await client.saveSettings(engine, this._change()));
      this._done = 'saved';
      saved();
    });
    return this._problem === null;
  }

  /** Forgets the secret that is stored. */
  forget(): Promise<void> {
    const { client, engine, saved } = this._options;
    return this._do('forget', async () => {
      const change = { credential: null };
      const { credential, ...rest } = await client.saveSettings(engine, change);
      this._settings = { ...rest, credential };
      this._done = 'forgotten';
      saved();
    });
  }

  dispose(): void {
    this._isDisposed = true;
    this._credential = '';
    Signal.clearData(this);
  }

  /** What the form says otherwise than it is kept, of that which is not fixed. */
  private _change(): ISettingsChange {
    const { schema, fixed } = this._settings!;
    const kept = complete(schema, this._settings!.values);
    const all = Object.entries(complete(schema, this._values));
    const values = all.filter(
      ([name, value]) =>
        !fixed.includes(name) && !JSONExt.deepEqual(value, kept[name])
    );
    return {
      values: Object.fromEntries(values),
      ...(this._credential !== '' && { credential: this._credential })
    };
  }

  private async _do(
    work: SettingsWork,
    act: () => Promise<void>
  ): Promise<void> {
    if (this._work || !this._settings) {
      return;
    }
    this._work = work;
    this._problem = null;
    this._probe = null;
    this._done = null;
    this._emit();
    try {
      await act();
    } catch (error) {
      this._problem = problemOf(error, this._settings.schema);
    } finally {
      this._work = null;
      this._emit();
    }
  }

  private _take(settings: IEngineSettings): void {
    this._settings = settings;
    this._values = { ...settings.values };
    this._credential = '';
  }

  /** What was said of other values is out of date. */
  private _forgetWords(): void {
    this._problem = null;
    this._probe = null;
    this._done = null;
    this._emit();
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private _settings: IEngineSettings | null = null;
  private _error = '';
  private _values: JSONObject = {};
  private _credential = '';
  private _work: SettingsWork | null = null;
  private _problem: ISettingsProblem | null = null;
  private _probe: IProbe | null = null;
  private _done: 'saved' | 'forgotten' | null = null;
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}

/** What is wrong, at the field that the server names. */
function problemOf(error: unknown, schema: JSONObject): ISettingsProblem {
  const where = error instanceof ClaimedError ? error.where : null;
  const isField =
    where !== null && (where === CREDENTIAL || where in propertiesOf(schema));
  return isField
    ? { field: where, message: (error as ClaimedError).message }
    : { field: null, message: messageOf(error) };
}
