import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedClient } from '../api/client';
import { ClaimedError, messageOf } from '../api/errors';
import { ICatalog, ICatalogRequest } from '../api/types';

export type CatalogsStatus = 'loading' | 'error' | 'ready';

/** What is being done to a catalog. */
export type Work = 'switch' | 'fetch' | 'remove';

/** The fields of the form that adds a catalog. */
export const FIELDS = ['location', 'name', 'ref'] as const;
export type Field = (typeof FIELDS)[number];

/** What the server says where another catalog has the name. */
const NAME_TAKEN = 'catalog-exists';

/** What is wrong with what the user entered, in one line. */
export interface IFieldProblem {
  field: Field;
  message: string;
}

/** The last thing that was done, to be told to the user. */
export interface IDone {
  what: 'added' | 'enabled' | 'disabled' | 'fetched' | 'removed';
  catalog: ICatalog;
}

export interface ICatalogsOptions {
  client: ClaimedClient;
  /** Called when there may be other components than before. */
  componentsChanged: () => Promise<void>;
}

/**
 * The places that components come from, and what is done to them. Knows
 * nothing of the DOM.
 *
 * Whatever fails is kept where it is shown: at the catalog, at the field of
 * the form, or in `error` when there is no list at all.
 */
export class CatalogsModel implements IDisposable {
  constructor({ client, componentsChanged }: ICatalogsOptions) {
    this._client = client;
    this._componentsChanged = componentsChanged;
  }

  /** Emitted when anything that a view shows has changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get status(): CatalogsStatus {
    return this._status;
  }
  /** Why the list could not be loaded, in one line. */
  get error(): string {
    return this._error;
  }
  get catalogs(): ICatalog[] {
    return this._catalogs;
  }
  /** What is being added; null when nothing is. */
  get adding(): ICatalogRequest | null {
    return this._adding;
  }
  /** Why the last one could not be added. */
  get fieldProblem(): IFieldProblem | null {
    return this._fieldProblem;
  }
  get done(): IDone | null {
    return this._done;
  }
  get isDisposed(): boolean {
    return this._isDisposed;
  }

  workOn(name: string): Work | null {
    return this._work.get(name) ?? null;
  }

  /** What is wrong with a catalog, in one line: with it, or with what was tried. */
  problemOf(catalog: ICatalog): string {
    return this._problems.get(catalog.name) ?? catalog.problem ?? '';
  }

  /** Loads the list; what was shown stays until the answer is there. */
  async refresh(): Promise<void> {
    if (this._status === 'error') {
      this._status = 'loading';
      this._emit();
    }
    try {
      this._catalogs = await this._client.catalogs();
      this._status = 'ready';
    } catch (error) {
      this._error = messageOf(error);
      this._status = 'error';
    }
    this._emit();
  }

  /** Adds a catalog. Returns whether that went well; else `fieldProblem` is set. */
  async add(request: ICatalogRequest): Promise<boolean> {
    if (this._adding) {
      return false;
    }
    this._adding = request;
    this._fieldProblem = null;
    this._done = null;
    this._emit();
    try {
      const catalog = await this._client.addCatalog(request);
      this._put(catalog);
      this._done = { what: 'added', catalog };
    } catch (error) {
      this._fieldProblem = fieldProblem(error, request);
    } finally {
      this._adding = null;
      this._emit();
    }
    if (!this._fieldProblem) {
      await this._componentsChanged();
    }
    return !this._fieldProblem;
  }

  setEnabled(catalog: ICatalog, enabled: boolean): Promise<void> {
    const what = enabled ? 'enabled' : 'disabled';
    return this._act(catalog, 'switch', what, () =>
      this._client.changeCatalog(catalog.name, enabled ? 'enable' : 'disable')
    );
  }

  /** Fetches a catalog again, or reads its folder again. */
  fetch(catalog: ICatalog): Promise<void> {
    return this._act(catalog, 'fetch', 'fetched', () =>
      this._client.changeCatalog(catalog.name, 'refresh')
    );
  }

  remove(catalog: ICatalog): Promise<void> {
    return this._act(catalog, 'remove', 'removed', async () => {
      await this._client.removeCatalog(catalog.name);
      return null;
    });
  }

  /** Takes back what was said of a field, as soon as the user mends it. */
  forgetFieldProblem(): void {
    if (this._fieldProblem) {
      this._fieldProblem = null;
      this._emit();
    }
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Does one thing to a catalog, which then is what `act` returns; null is gone. */
  private async _act(
    catalog: ICatalog,
    work: Work,
    what: IDone['what'],
    act: () => Promise<ICatalog | null>
  ): Promise<void> {
    const { name } = catalog;
    if (this._work.has(name)) {
      return;
    }
    this._work.set(name, work);
    this._problems.delete(name);
    this._done = null;
    this._emit();
    try {
      const now = await act();
      this._catalogs = this._catalogs.flatMap(other =>
        other.name === name ? (now ?? []) : other
      );
      // What could not be fetched is told at the catalog, which stays as it was.
      const failed = what === 'fetched' && now?.problem;
      this._done = failed ? null : { what, catalog: now ?? catalog };
    } catch (error) {
      this._problems.set(name, messageOf(error));
    } finally {
      this._work.delete(name);
      this._emit();
    }
    if (!this._problems.has(name)) {
      await this._componentsChanged();
    }
  }

  private _put(catalog: ICatalog): void {
    const others = this._catalogs.filter(({ name }) => name !== catalog.name);
    this._catalogs = [...others, catalog];
  }

  private _emit(): void {
    if (!this._isDisposed) {
      this._changed.emit();
    }
  }

  private readonly _client: ClaimedClient;
  private readonly _componentsChanged: () => Promise<void>;
  private _status: CatalogsStatus = 'loading';
  private _error = '';
  private _catalogs: ICatalog[] = [];
  private _adding: ICatalogRequest | null = null;
  private _fieldProblem: IFieldProblem | null = null;
  private _done: IDone | null = null;
  private _work = new Map<string, Work>();
  private _problems = new Map<string, string>();
  private _isDisposed = false;
  private _changed = new Signal<this, void>(this);
}

/** The field that an error is about: the one it names, else the place. */
function fieldProblem(error: unknown, request: ICatalogRequest): IFieldProblem {
  if (error instanceof ClaimedError) {
    const { code, where, message } = error;
    const field =
      code === NAME_TAKEN ? 'name' : FIELDS.find(field => field === where);
    if (field || where === request.location) {
      return { field: field ?? 'location', message };
    }
  }
  return { field: 'location', message: messageOf(error) };
}
