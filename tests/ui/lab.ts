import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const HERE = __dirname;
const CHECKOUT = resolve(HERE, '../..');

/** Where the server lives; the workers of a test run learn it by environment. */
const FOLDER = (process.env.CLAIMED_UI_FOLDER ??= makeFolder());
const TOKEN = (process.env.CLAIMED_UI_TOKEN ??=
  randomBytes(16).toString('hex'));
const PORT = (process.env.CLAIMED_UI_PORT ??= String(
  20_000 + (process.pid % 20_000)
));

/** The JupyterLab that the tests talk to. */
export const lab = {
  url: `http://127.0.0.1:${PORT}`,
  token: TOKEN,
  folder: FOLDER,
  /** The contents root. */
  root: join(FOLDER, 'root'),
  command: [
    jupyter(),
    'lab',
    '--no-browser',
    '--allow-root',
    '--log-level=WARN',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${PORT}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${join(FOLDER, 'root')}`,
    `--IdentityProvider.token=${TOKEN}`
  ].join(' '),
  env: environment()
};

/** Forgets all runs and what they left in the cache, as if nothing had run. */
export function forgetRuns(): void {
  for (const name of ['runs', 'cache']) {
    rmSync(join(FOLDER, 'home', name), { recursive: true, force: true });
  }
}

/** Forgets how the engines were set up, and what they run by the clock. */
export function forgetEngines(): void {
  for (const name of ['engines', 'schedules']) {
    rmSync(join(FOLDER, 'home', name), { recursive: true, force: true });
  }
}

/** A folder with the examples, the test's documents, components and settings. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'claimed-ui-'));
  cpSync(join(CHECKOUT, 'examples'), join(folder, 'root'), { recursive: true });
  cpSync(join(HERE, 'fixtures/root'), join(folder, 'root'), {
    recursive: true
  });
  cpSync(join(HERE, 'fixtures/components'), join(folder, 'home/components'), {
    recursive: true
  });
  const settings = join(folder, 'settings/@jupyterlab/apputils-extension');
  mkdirSync(settings, { recursive: true });
  writeFileSync(
    join(settings, 'notification.jupyterlab-settings'),
    JSON.stringify({ fetchNews: 'false', checkForUpdates: false })
  );
  return folder;
}

/** A program beside Jupyter's, such as its Python. */
export function beside(name: string): string {
  return join(dirname(jupyter()), name);
}

/** The one that is asked for, the checkout's own, else what the shell finds. */
function jupyter(): string {
  const own = join(CHECKOUT, '.venv/bin/jupyter');
  const given = process.env.CLAIMED_UI_JUPYTER;
  return given ?? (existsSync(own) ? own : 'jupyter');
}

function environment(): { [name: string]: string } {
  const at = (name: string) => join(FOLDER, name);
  return {
    PATH: [dirname(jupyter()), process.env.PATH].join(delimiter),
    CLAIMED_HOME: at('home'),
    IPYTHONDIR: at('ipython'),
    JUPYTER_CONFIG_DIR: at('config'),
    JUPYTER_DATA_DIR: at('data'),
    JUPYTER_RUNTIME_DIR: at('runtime'),
    JUPYTERLAB_SETTINGS_DIR: at('settings'),
    JUPYTERLAB_WORKSPACES_DIR: at('workspaces')
  };
}
