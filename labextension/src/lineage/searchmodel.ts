import { Debouncer } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';
import { ISuggestion } from '../api/lineage';
import { completed } from './completion';

/** How long the typing rests before suggestions are asked for, in ms. */
const REST = 120;

/** A line of the list below the box. */
export interface IChoice {
  text: string;
  about: string;
}

export interface ISearchOptions {
  /** Asks what could stand at a place of the query. */
  complete: (query: string, at: number) => Promise<ISuggestion[]>;
  /** Finds what a query says. */
  search: (query: string) => void;
  /** Whole queries that are offered before anything is typed. */
  offered: () => IChoice[];
  rest?: number;
}

/** What is typed into the search box, and what is offered below it. */
export class SearchModel {
  constructor(private readonly _options: ISearchOptions) {
    this._asks = new Debouncer(() => this._ask(), _options.rest ?? REST);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get text(): string {
    return this._text;
  }
  /** Where the cursor belongs after a choice; null where it is. */
  get cursor(): number | null {
    return this._cursor;
  }
  get isOpen(): boolean {
    return this._isOpen && this.choices.length > 0;
  }
  /** The number of the marked choice, from 0; -1 when none is. */
  get active(): number {
    return this._active;
  }
  get choices(): IChoice[] {
    return this._text === '' ? this._options.offered() : this._suggestions;
  }

  /** Shows what is searched for now. */
  set(query: string): void {
    this._text = query;
    this._suggestions = [];
    this._close();
  }

  /** The text was changed by hand; `at` is where the cursor is. */
  type(text: string, at: number): void {
    this._text = text;
    this._at = at;
    this._cursor = null;
    this.open();
  }

  open(): void {
    this._isOpen = true;
    this._active = -1;
    void this._asks.invoke();
    this._changed.emit();
  }

  close(): void {
    this._close();
  }

  /** Marks the next or the last choice, around the ends. */
  step(by: 1 | -1): void {
    const count = this.choices.length;
    this._isOpen = true;
    const from = this._active < 0 && by < 0 ? 0 : this._active;
    this._active = count === 0 ? -1 : (from + by + count) % count;
    this._changed.emit();
  }

  /** Takes the marked choice; says whether there was one. */
  takeActive(): boolean {
    const isMarked = this.isOpen && this._active >= 0;
    if (isMarked) {
      this.take(this._active);
    }
    return isMarked;
  }

  take(index: number): void {
    if (this._text === '') {
      this.search(this.choices[index].text);
      return;
    }
    const typed = completed(this._text, this._suggestions[index]);
    this._text = typed.text;
    this._at = this._cursor = typed.at;
    this._suggestions = [];
    this.open();
  }

  search(query = this._text): void {
    this._text = query;
    this._close();
    this._options.search(query);
  }

  dispose(): void {
    this._asks.dispose();
    Signal.clearData(this);
  }

  private _close(): void {
    this._isOpen = false;
    this._active = -1;
    this._changed.emit();
  }

  private async _ask(): Promise<void> {
    const text = this._text;
    if (!this._isOpen || text === '') {
      return;
    }
    // Without suggestions one can still type.
    const found = await this._options
      .complete(text, this._at)
      .catch((): ISuggestion[] => []);
    if (text === this._text) {
      this._suggestions = found;
      this._changed.emit();
    }
  }

  private readonly _asks: Debouncer<void>;
  private _text = '';
  private _at = 0;
  private _cursor: number | null = null;
  private _isOpen = false;
  private _active = -1;
  private _suggestions: ISuggestion[] = [];
  private _changed = new Signal<this, void>(this);
}
