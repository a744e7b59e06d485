import { Page, expect, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { forgetRuns, hub } from './hub';

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

test('the palette, a live run and its report work behind a hub, and nobody else gets in', async ({
  page,
  browser
}) => {
  forgetRuns('alice'); // also when the test is tried again
  await logIn(page, 'alice', '/tree/trusted-ai/german-credit.pipeline');

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

  await test.step('another user is refused by the first one’s API', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await logIn(other, 'bob', '');
    const answer = (user: string) =>
      other.evaluate(async url => {
        const xsrf = /(?:^|; )_xsrf=([^;]+)/.exec(document.cookie)?.[1] ?? '';
        const response = await fetch(url, {
          headers: { 'X-XSRFToken': xsrf }
        });
        return response.status;
      }, `${hub.url}/user/${user}/claimed/components`);
    expect(await answer('bob')).toBe(200);
    expect(await answer('alice')).toBe(403);
    await context.close();
  });
});
