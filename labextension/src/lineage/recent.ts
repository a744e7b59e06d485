import { IStateDB } from '@jupyterlab/statedb';
import { remembered } from './completion';

const KEY = 'claimed-jlab:lineage-searches';

/** What was searched for, kept with the workspace. */
export class RecentSearches {
  constructor(private readonly _state: IStateDB | null) {}

  get searches(): readonly string[] {
    return this._searches;
  }

  async load(): Promise<void> {
    // Without what was kept one begins with nothing.
    const kept = await this._state?.fetch(KEY).catch(() => undefined);
    if (Array.isArray(kept)) {
      this._searches = kept.filter(
        (search): search is string => typeof search === 'string'
      );
    }
  }

  /** Remembers what was searched for; what is the newest already stays. */
  add(query: string): void {
    if (query.trim() === this._searches[0]) {
      return;
    }
    this._searches = remembered(this._searches, query);
    void this._state?.save(KEY, this._searches).catch(() => undefined);
  }

  private _searches: string[] = [];
}
