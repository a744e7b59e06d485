import { IStateDB } from '@jupyterlab/statedb';
import { JSONObject } from '@lumino/coreutils';

const NAMESPACE = 'claimed-jlab:run-values';

/** The values that each pipeline was last run with, kept between visits. */
export class LastValues {
  /** db: where they are kept; null forgets them. */
  constructor(private readonly _db: IStateDB | null) {}

  /** The last values of the document at a contents path; empty when it never ran. */
  async of(path: string): Promise<JSONObject> {
    const found = await this._db?.fetch(key(path)).catch(() => undefined);
    return (found as JSONObject | undefined) ?? {};
  }

  async keep(path: string, values: JSONObject): Promise<void> {
    // A value that is not remembered is no reason not to run.
    await this._db?.save(key(path), values).catch(() => undefined);
  }
}

function key(path: string): string {
  return `${NAMESPACE}:${path}`;
}
