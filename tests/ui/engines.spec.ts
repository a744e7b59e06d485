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
});

test.afterAll(async () => {
  await kubeflow.stop();
  forgetEngines();
});

const form = (jupyter: Lab) => jupyter.page.locator('.jp-Dialog');
const items = (jupyter: Lab) => jupyter.page.locator('.claimed-Runs-item');
const engines = (jupyter: Lab) =>
  jupyter.page.locator('.claimed-EngineSwitch select:visible');
const settings = (jupyter: Lab) =>
  jupyter.page.locator('.claimed-EngineSettings');
const step = (jupyter: Lab, name: string) =>
  settings(jupyter).locator('.claimed-Probe li', { hasText: name });

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

test('an engine that is not set up says why, and leads to its settings', async ({
  jupyter,
  page
}) => {
  await jupyter.open(SQUARES);
  await expect(jupyter.card('make')).toBeVisible();
  await ask(jupyter);
  const option = form(jupyter).locator('[data-engine="kubeflow"]');
  await expect(option).toContainText('set the address of a cluster first');
  await expect(option.getByRole('radio')).toBeDisabled();
  await expect(
    form(jupyter).locator('[data-engine="local"]').getByRole('radio')
  ).toBeChecked();
  await jupyter.picture('engines-form-not-set-up-light');
  await option.getByRole('button', { name: 'Set up…' }).click();
  await expect(form(jupyter)).toHaveCount(0);
  await expect(settings(jupyter)).toContainText('not set up');

  await test.step('a wrong address is told at its field', async () => {
    const address = settings(jupyter).getByLabel('Address of the API');
    await address.fill('ftp://somewhere');
    await settings(jupyter).getByRole('button', { name: 'Save' }).click();
    await expect(settings(jupyter)).toContainText('is no address');
    await jupyter.picture('engines-settings-wrong-light');
  });
  await test.step('a port where nobody listens is the step that failed', async () => {
    const address = settings(jupyter).getByLabel('Address of the API');
    await address.fill('http://127.0.0.1:9');
    await settings(jupyter)
      .getByRole('button', { name: 'Test connection' })
      .click();
    await expect(settings(jupyter)).toContainText(
      'The connection does not work.'
    );
    await expect(
      settings(jupyter).locator('.claimed-Probe li[data-state="failed"]')
    ).toHaveCount(1);
    await expect(step(jupyter, 'Connection').first()).toHaveAttribute(
      'data-state',
      'failed'
    );
    await jupyter.picture('engines-probe-failed-light');
  });
  await test.step('what a way to sign in needs is asked for', async () => {
    const way = settings(jupyter).getByLabel('Sign-in', { exact: true });
    await way.selectOption({ label: 'User and password (Dex)' });
    await expect(
      settings(jupyter).getByLabel('User', { exact: true })
    ).toBeVisible();
    await expect(
      settings(jupyter).locator('#claimed-engine-credential')
    ).toHaveAttribute('type', 'password');
    await jupyter.picture('engines-settings-dex-light');
    await way.selectOption({ label: 'None' });
  });
  await test.step('the right one works, and is kept', async () => {
    const address = settings(jupyter).getByLabel('Address of the API');
    await address.fill(kubeflow.url);
    await settings(jupyter)
      .getByRole('button', { name: 'Test connection' })
      .click();
    await expect(settings(jupyter)).toContainText('The connection works.');
    await settings(jupyter).getByRole('button', { name: 'Save' }).click();
    await expect(settings(jupyter)).toContainText('Saved.');
    await expect(
      settings(jupyter).locator('.claimed-EngineSettings-standing')
    ).toContainText('set up');
    await settings(jupyter)
      .getByRole('button', { name: 'Test connection' })
      .click();
    await expect(settings(jupyter)).toContainText('The connection works.');
    await jupyter.picture('engines-settings-light');
    await jupyter.theme('Dark');
    await jupyter.picture('engines-settings-dark');
    await jupyter.theme('Light');
  });
  await expect(page.locator('body')).not.toContainText('Error');
});

test('what the chosen engine cannot is said before the run, at the task', async ({
  jupyter,
  page
}) => {
  await jupyter.open('cluster/choosy.pipeline');
  await expect(jupyter.card('make')).toBeVisible();
  const problems = page.locator('.claimed-Problems');
  await expect(problems).toHaveCount(0);
  await engines(jupyter).selectOption('kubeflow');
  await expect(problems).toContainText('choose by the error');
  await problems.getByRole('button').first().click();
  await expect(jupyter.panel.getByLabel('Only for these errors')).toBeFocused();
  await expect(jupyter.panel).toContainText('choose by the error');
  await jupyter.picture('engines-cant-light');
  await ask(jupyter);
  await expect(form(jupyter).locator('.claimed-Obstacles')).toContainText(
    'choose by the error'
  );
  await form(jupyter).getByLabel('This machine').check();
  await expect(form(jupyter).locator('.claimed-Obstacles')).toHaveCount(0);
  await form(jupyter).getByRole('button', { name: 'Cancel' }).click();
});

test('a pipeline runs on the cluster, live, and comes home', async ({
  jupyter,
  page
}) => {
  test.setTimeout(RUN + 60_000);
  await jupyter.open(SQUARES);
  await jupyter.openPalette();
  await ask(jupyter);
  await form(jupyter).getByLabel('Kubeflow Pipelines').check();
  await expect(form(jupyter)).not.toContainText('Tasks at a time');
  await jupyter.picture('engines-form-light');
  await form(jupyter).getByLabel('count').fill('4');
  await form(jupyter).getByRole('button', { name: 'Run' }).click();
  await expect(items(jupyter).first()).toContainText('Kubeflow Pipelines');
  await state(jupyter, 'COMPLETE');
  await expect(jupyter.cardState('sum')).toHaveAttribute(
    'data-state',
    /COMPLETE|CACHED/
  );
  await jupyter.card('sum').click();
  await expect(jupyter.port('total')).toContainText('14');
  await expect(
    page.locator('.claimed-RunState:visible .claimed-EngineLink')
  ).toHaveAttribute('rel', /noopener/);
  await jupyter.picture('engines-run-light');
  await jupyter.theme('Dark');
  await jupyter.picture('engines-run-dark');
  await jupyter.theme('Light');
  await test.step('the executed notebook and an output open', async () => {
    await jupyter.card('sum').click();
    await jupyter.panel
      .getByRole('button', { name: 'Open executed notebook' })
      .click();
    await expect(page.locator('.claimed-ExecutedNotebook')).toContainText(
      'the sum is 14'
    );
    await jupyter.tab('squares').click();
    await jupyter.card('make').click();
    await jupyter.port('table').getByRole('button').click();
    await expect(page.locator('.claimed-OutputView')).toContainText('square');
  });
});

test('the engine is remembered, and a part runs only where it can', async ({
  jupyter
}) => {
  await jupyter.page.goto(`/lab/tree/${SQUARES}?token=${lab.token}`);
  await expect(engines(jupyter)).toHaveValue('kubeflow');
  await jupyter.card('make').click();
  await expect(jupyter.panel).toBeVisible();
  await expect(
    jupyter.panel.getByRole('button', { name: 'only this task' })
  ).toHaveCount(0);
  await engines(jupyter).selectOption('local');
  await expect(
    jupyter.panel.getByRole('button', { name: 'only this task' })
  ).toBeVisible();
});

test('a run that failed is retried in place, compared and archived', async ({
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
  const [item] = [items(jupyter).first()];
  await expect(item).toContainText('FileNotFoundError');
  await jupyter.card('look').click();
  await expect(jupyter.panel.getByRole('alert')).toContainText(
    'FileNotFoundError'
  );
  await jupyter.picture('engines-failed-light');
  writeFileSync(marker, 'here');
  await choose(item, 'Retry What Failed');
  await state(jupyter, 'COMPLETE');

  await page.getByLabel('Engine of the runs').waitFor({ state: 'detached' });
  await items(jupyter).first().getByRole('checkbox').check();
  await items(jupyter).nth(1).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(page.locator('.claimed-Comparison')).toContainText('kubeflow');
  await page.getByRole('button', { name: /selected: clear/ }).click();

  await choose(item, 'Archive');
  await expect(items(jupyter)).toHaveCount(1);
  await page.getByLabel('Show archived').check();
  await expect(items(jupyter)).toHaveCount(2);
  await expect(items(jupyter).first()).toContainText('archived');
  await jupyter.picture('engines-archived-light');
  await choose(items(jupyter).first(), 'Unarchive');
  await expect(items(jupyter).first()).not.toContainText('archived');
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
  await expect(one).toContainText('0 30 6 * * MON-FRI');
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
