import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';

const CHECKOUT = resolve(__dirname, '../..');
const VENV = join(CHECKOUT, '.venv/bin');

/** The workers of a test run learn these by environment. */
const FOLDER = (process.env.CLAIMED_HUB_FOLDER ??= makeFolder());
const PORT = (process.env.CLAIMED_HUB_PORT ??= String(
  40_000 + (process.pid % 8_000) * 3
));
const PASSWORD = (process.env.CLAIMED_HUB_PASSWORD ??=
  randomBytes(12).toString('hex'));

/** The JupyterHub that the tests talk to, below a prefix. */
export const hub = {
  url: `http://127.0.0.1:${PORT}/hubs`,
  password: PASSWORD,
  folder: FOLDER,
  command: `${existsSync(VENV) ? join(VENV, 'jupyterhub') : 'jupyterhub'} -f ${join(__dirname, 'jupyterhub_config.py')}`,
  env: {
    PATH: [VENV, process.env.PATH].join(delimiter),
    CLAIMED_HUB_FOLDER: FOLDER,
    CLAIMED_HUB_PORT: PORT,
    CLAIMED_HUB_PASSWORD: PASSWORD
  }
};

/** Forgets all runs of a user and what they left in the cache, as if nothing had run. */
export function forgetRuns(user: string): void {
  for (const name of ['runs', 'cache']) {
    const state = join(FOLDER, 'homes', user, '.local/share/jupyter/claimed');
    rmSync(join(state, name), { recursive: true, force: true });
  }
}

/** A folder with a home for each user, the examples in it. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'claimed-hub-'));
  for (const user of ['alice', 'bob']) {
    cpSync(join(CHECKOUT, 'examples'), join(folder, 'homes', user), {
      recursive: true
    });
  }
  return folder;
}
