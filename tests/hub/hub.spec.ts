import { Page, expect, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { forgetRuns, hub } from './hub';
import { longLineage } from './lineage';

const PICTURES = resolve(__dirname, '../../test-results/pictures');
const RUN = 180_000;

/** Logs a user in and waits for their own JupyterLab. */
async function logIn(page: Page, user: string, path: string): Promise<void> {
  const target = encodeURIComponent(`/hubs/user/${user}/lab${path}`);
  const spawn = encodeURIComponent(`/hubs/hub/spawn?next=${target}`);
  await page.goto(`${hub.url}/hub/login?next=${spawn}`);
  await page.fill('#username_input', user);
  await page.fill('#password_input', hub.password);
  await page.click('#login_submit');
  await page.waitForURL(`**/user/${user}/lab**`, { timeout: 120_000 });
  await expect(page.locator('#jupyterlab-splash')).toHaveCount(0);
}

/** What the API of a user's server answers to whoever is logged in on the page. */
function ask(
  page: Page,
  user: string,
  endPoint: string
): Promise<{ status: number; body: { runs?: { run_id: string }[] } }> {
  return page.evaluate(async url => {
    const xsrf = /(?:^|; )_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
    const headers = { 'X-XSRFToken': xsrf };
    const response = await fetch(url, { headers });
    const body = await response.json().catch(() => ({}));
    return { status: response.status, body };
  }, `${hub.url}/user/${user}/claimed/${endPoint}`);
}

test('the palette, a live run and its lineage work behind a hub, and nobody else gets in', async ({
  page,
  browser
}) => {
  forgetRuns('alice'); // also when the test is tried again
  // A workspace that an earlier try has left would open with its run chosen.
  await logIn(page, 'alice', '/tree/trusted-ai/german-credit.pipeline?reset');

  await test.step('the palette loads', async () => {
    await page.locator('[data-id="claimed-palette"]').click();
    await expect(
      page.locator('.claimed-Tree [role=treeitem]', {
        hasText: 'Train a classifier'
      })
    ).toBeVisible();
  });

  await test.step('the example runs with live states, without a reload', async () => {
    await page.evaluate(() => document.body.setAttribute('data-same-page', ''));
    await page
      .locator('.jp-Toolbar [data-command="claimed:run-pipeline"]:visible')
      .click();
    await page
      .locator('.jp-Dialog')
      .getByRole('button', { name: 'Run' })
      .click();
    const state = page.locator('.claimed-RunState:visible [data-state]');
    await expect(state).toHaveAttribute('data-state', 'RUNNING');
    // Which card it is, is a matter of luck: most tasks take half a second.
    const running = page.locator('.claimed-Card [data-state="RUNNING"]');
    await expect(running.first()).toBeVisible();
    await expect(state).toHaveAttribute('data-state', 'COMPLETE', {
      timeout: RUN
    });
    await expect(page.locator('body')).toHaveAttribute('data-same-page', '');
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, 'hub.png') });
  });

  await test.step('the lineage of the run is drawn, and by a worker from the user’s own URL', async () => {
    const base = `${hub.url}/user/alice/`;
    await page
      .locator('.claimed-RunState:visible')
      .getByRole('button', { name: 'Lineage' })
      .click();
    const explorer = page.locator('.claimed-Lineage:visible');
    await expect(
      explorer.locator('.claimed-Lineage-bar [role=status]:visible')
    ).toContainText(/\d\d nodes/);
    await explorer.getByRole('radio', { name: 'Table' }).click();
    const model = explorer.locator('[data-node]', { hasText: 'model.joblib' });
    await expect(model.first()).toBeVisible();
    await page.screenshot({ path: join(PICTURES, 'hub-lineage.png') });
    const worker = page.waitForEvent('worker', found =>
      found.url().includes('claimed-jlab')
    );
    const json = longLineage(1000); // a small graph needs no worker
    await page.route(/\/claimed\/lineage\/graph\?/, route =>
      route.fulfill({ json })
    );
    await model.first().dblclick();
    expect((await worker).url()).toContain(base);
    await page.unrouteAll();
  });

  await test.step('another user is refused by the first one’s API, and has no such lineage', async () => {
    const { runs } = (await ask(page, 'alice', 'runs')).body;
    const lineage = `lineage/graph?start=run:${runs![0].run_id}`;
    const status = async (who: Page, user: string, endPoint: string) =>
      (await ask(who, user, endPoint)).status;
    const context = await browser.newContext();
    const other = await context.newPage();
    await logIn(other, 'bob', '');
    expect(await status(page, 'alice', lineage)).toBe(200);
    expect(await status(other, 'bob', 'components')).toBe(200);
    expect(await status(other, 'bob', lineage)).toBe(404);
    expect(await status(other, 'alice', 'components')).toBe(403);
    expect(await status(other, 'alice', lineage)).toBe(403);
    await context.close();
  });
});
