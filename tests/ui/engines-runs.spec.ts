import { Locator } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kubeflow } from './kubeflow';
import { forgetEngines, forgetRuns, lab } from './lab';
import { Lab, expect, test } from './page';

const SQUARES = 'cluster/squares.pipeline';
const FRAGILE = 'cluster/fragile.pipeline';

/** A run there takes its pods' time, and the way to know of it. */
const RUN = 90_000;

test.describe.configure({ mode: 'serial' });

let kubeflow: Kubeflow;

test.beforeAll(async () => {
  forgetRuns();
  forgetEngines();
  kubeflow = await Kubeflow.start();
  kubeflow.choose();
});

test.afterAll(async () => {
  await kubeflow.stop();
  forgetEngines();
});

const form = (jupyter: Lab) => jupyter.page.locator('.jp-Dialog');
const items = (jupyter: Lab) => jupyter.page.locator('.claimed-Runs-item');
const engines = (jupyter: Lab) =>
  jupyter.page.locator('.claimed-EngineSwitch select:visible');

async function ask(jupyter: Lab): Promise<void> {
  await jupyter.command('claimed:run-pipeline').click();
  await expect(form(jupyter)).toBeVisible();
}

async function choose(item: Locator, label: string): Promise<void> {
  await item.getByRole('button', { name: /Run again, compare/ }).click();
  await item.page().getByRole('menuitem', { name: label, exact: true }).click();
}

async function state(jupyter: Lab, wanted: string): Promise<void> {
  await expect(jupyter.runState).toHaveAttribute('data-state', wanted, {
    timeout: RUN
  });
}

test('a run that failed is retried in place, and archived', async ({
  jupyter,
  page
}) => {
  test.setTimeout(2 * RUN + 60_000);
  const marker = join(lab.folder, 'marker.txt');
  await jupyter.open(FRAGILE);
  await jupyter.openPalette();
  await engines(jupyter).selectOption('kubeflow');
  await ask(jupyter);
  await form(jupyter).getByLabel('marker').fill(marker);
  await form(jupyter).getByRole('button', { name: 'Run' }).click();
  await state(jupyter, 'FAILED');
  const item = items(jupyter).first();
  await expect(item).toContainText('FileNotFoundError');
  await jupyter.card('look').locator('header').click();
  await expect(jupyter.panel.getByRole('alert')).toContainText(
    'FileNotFoundError'
  );
  await jupyter.picture('engines-failed-light');
  writeFileSync(marker, 'here');
  await choose(item, 'Retry What Failed');
  await state(jupyter, 'COMPLETE');

  await expect(jupyter.port('length')).toContainText('4');

  await choose(item, 'Archive');
  await expect(items(jupyter)).toHaveCount(0);
  await page.getByLabel('Show archived').check();
  await expect(items(jupyter)).toHaveCount(1);
  await expect(items(jupyter).first()).toContainText('archived');
  await jupyter.picture('engines-archived-light');
  await choose(items(jupyter).first(), 'Unarchive');
  await expect(items(jupyter).first()).not.toContainText('archived');
});

test('runs of several engines are told apart, and compared', async ({
  jupyter,
  page
}) => {
  await jupyter.open('cluster/choosy.pipeline');
  await jupyter.openPalette();
  await jupyter.run();
  await state(jupyter, 'COMPLETE');
  await expect(items(jupyter)).toHaveCount(2);
  const filter = page.getByLabel('Engine of the runs');
  await filter.selectOption({ label: 'This machine' });
  await expect(items(jupyter)).toHaveCount(1);
  await expect(items(jupyter)).toContainText('Choosy');
  await filter.selectOption({ label: 'All engines' });
  await jupyter.picture('engines-list-light');
  await items(jupyter).first().getByRole('checkbox').check();
  await items(jupyter).last().getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const view = page.locator('.claimed-Comparison');
  await expect(view).toContainText('Kubeflow Pipelines');
  await expect(view).toContainText('This machine');
});

test('a cluster that is away is said calmly, and the run goes on', async ({
  jupyter,
  page
}) => {
  test.setTimeout(2 * RUN);
  await kubeflow.fault({ pod: true, kind: 'slow', seconds: 5 });
  await jupyter.open(SQUARES);
  await jupyter.openPalette();
  await engines(jupyter).selectOption('kubeflow');
  await ask(jupyter);
  await form(jupyter).getByLabel('count').fill('6');
  await form(jupyter).getByRole('button', { name: 'Run' }).click();
  await expect(items(jupyter).first()).toContainText('Squares');
  await kubeflow.fault({ kind: 'reset', path: '^/apis' });
  const notice = items(jupyter).first().locator('.claimed-Notice');
  await expect(notice).toBeVisible({ timeout: RUN });
  await expect(page.locator('.claimed-RunState .claimed-Notice')).toBeVisible();
  await jupyter.picture('engines-away-light');
  await kubeflow.mend();
  await state(jupyter, 'COMPLETE');
  await expect(notice).toHaveCount(0);
});

test('a pipeline runs by the clock, rests, and is taken off it', async ({
  jupyter,
  page
}) => {
  await jupyter.open(SQUARES);
  await jupyter.openPalette();
  await engines(jupyter).selectOption('kubeflow');
  const section = page.locator('.claimed-Schedules');
  await section.locator('summary').click();
  await expect(section).toContainText('Nothing runs by the clock yet');
  await ask(jupyter);
  await form(jupyter).getByRole('button', { name: 'Schedule…' }).click();
  await expect(form(jupyter)).toContainText('Next:');
  await jupyter.picture('engines-schedule-light');
  await form(jupyter).getByLabel('When').selectOption({ label: 'Cron' });
  const cron = form(jupyter).getByLabel('Cron, six fields (UTC)');
  await cron.fill('30 6 * * *');
  await expect(form(jupyter)).toContainText('the second first');
  await jupyter.picture('engines-schedule-wrong-light');
  await cron.fill('0 30 6 * * MON-FRI');
  await expect(form(jupyter)).toContainText('Next:');
  await form(jupyter).getByLabel('Name').fill('Squares of the day');
  await form(jupyter)
    .getByRole('button', { name: 'Schedule', exact: true })
    .click();
  const one = section.locator('li', { hasText: 'Squares of the day' });
  await expect(one).toContainText('Monday to Friday at 06:30 UTC');
  await jupyter.picture('engines-schedules-light');
  const enabled = one.getByRole('switch');
  await expect(enabled).toBeChecked();
  await enabled.click();
  await expect(enabled).not.toBeChecked();
  await expect(one).toContainText('off');
  await jupyter.theme('Dark');
  await jupyter.picture('engines-schedules-dark');
  await jupyter.theme('Light');
  await one.getByRole('button', { name: 'Delete' }).click();
  await form(jupyter).getByRole('button', { name: 'Delete' }).click();
  await expect(section).toContainText('Nothing runs by the clock yet');
});
