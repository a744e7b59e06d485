import { ChildProcess, spawn } from 'node:child_process';
import { lab } from './lab';
import { Lab, expect, test } from './page';

test('a failure leads to the cell that failed', async ({ jupyter, page }) => {
  await jupyter.open('failing.pipeline');
  await expect(jupyter.card('fail')).toBeVisible();
  await jupyter.run();
  const toast = page.locator('.Toastify__toast');
  await expect(toast).toContainText('“Failing” failed');
  await expect(toast).toContainText("no column 'risk'");
  await jupyter.picture('run-failed-toast');
  await toast.getByRole('button', { name: 'Show the cell' }).click();
  const cell = page.locator('.claimed-ExecutedNotebook .claimed-mod-failed');
  await expect(cell).toBeInViewport();
  await expect(cell).toContainText('raise ValueError');
  await jupyter.picture('run-failed-cell');
});

test('a run goes on while the page is loaded anew', async ({
  jupyter,
  page
}) => {
  await jupyter.open('waiting.pipeline');
  await expect(jupyter.card('wait')).toBeVisible();
  await jupyter.run();
  await expect(jupyter.cardState('wait')).toContainText(/Running\s*\d+ s/);
  await page.reload();
  await expect(jupyter.cardState('wait')).toContainText(/Running\s*\d+ s/);
  await expect(page.locator('.claimed-RunStatus')).toContainText('Waiting');
  await jupyter.card('wait').click();
  await expect(jupyter.panel.getByRole('log')).toContainText('second 4');
  await jupyter.picture('run-after-reload');
  await jupyter.command('claimed:cancel-run').click();
  await expect(jupyter.runState).toHaveAttribute('data-state', 'CANCELED');
});

test('a run goes on while the server is away, and is followed again', async ({
  jupyter,
  page
}) => {
  test.setTimeout(180_000);
  let server = await serve();
  try {
    await page.goto(`${SECOND}/lab/tree/waiting.pipeline?token=${lab.token}`);
    await expect(jupyter.card('wait')).toBeVisible();
    await jupyter.run();
    await jupyter.card('wait').click();
    await expect(jupyter.panel.getByRole('log')).toContainText('second 1');
    await dismissDialogs(jupyter);
    await stop(server);
    await page.waitForTimeout(3000);
    server = await serve();
    // Nobody reloads the page: it finds back by itself.
    const log = jupyter.panel.getByRole('log');
    await expect(log).toContainText('second 12', { timeout: 60_000 });
    await expect(jupyter.cardState('wait')).toContainText(/Running\s*\d+ s/);
    await jupyter.picture('run-after-restart');
    await jupyter.command('claimed:cancel-run').click();
    await expect(jupyter.runState).toHaveAttribute('data-state', 'CANCELED', {
      timeout: 30_000
    });
  } finally {
    await stop(server);
  }
});

const PORT = new URL(lab.url).port;
const SECOND_PORT = String(Number(PORT) + 1);
const SECOND = lab.url.replace(PORT, SECOND_PORT);

/** A server of our own, with the same folders, that may be stopped. */
async function serve(): Promise<ChildProcess> {
  const [program, ...words] = lab.command
    .replace(`ServerApp.port=${PORT}`, `ServerApp.port=${SECOND_PORT}`)
    .split(' ');
  const env = { ...process.env, ...lab.env };
  const server = spawn(program, words, { env, stdio: 'ignore' });
  await expect(async () => {
    const answer = await fetch(`${SECOND}/api/status?token=${lab.token}`);
    expect(answer.ok).toBe(true);
  }).toPass({ timeout: 60_000 });
  return server;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = new Promise(resolve => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
}

/** JupyterLab says that the server was away; that is put aside when it is in the way. */
async function dismissDialogs({ page }: Lab): Promise<void> {
  const dialog = page.locator('.jp-Dialog', { hasText: 'Connection Error' });
  await page.addLocatorHandler(dialog, () =>
    dialog.getByRole('button', { name: 'Close' }).click()
  );
}
