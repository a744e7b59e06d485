import { Kubeflow } from './kubeflow';
import { forgetEngines, forgetRuns, lab } from './lab';
import { Lab, expect, test } from './page';

const SQUARES = 'cluster/squares.pipeline';

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
    // While the theme's style comes in the canvas is laid out anew, and a click may miss.
    await expect(async () => {
      await jupyter.card('sum').click();
      await expect(jupyter.panel).toBeVisible({ timeout: 3000 });
    }).toPass({ timeout: 30_000 });
    await jupyter.panel
      .getByRole('button', { name: 'Open executed notebook' })
      .click();
    await expect(page.locator('.claimed-ExecutedNotebook')).toContainText(
      'the sum is 14'
    );
    await jupyter.tab('squares').click();
    await jupyter.card('make').click();
    await jupyter
      .port('table')
      .getByRole('button', { name: 'Open table' })
      .click();
    await expect(page.locator('.claimed-OutputView')).toContainText('square');
  });
});

test('a large output is brought here only when that is wished', async ({
  jupyter,
  page
}) => {
  // The same answer, but for the size: nobody waits for three gigabytes.
  await page.route(/outputs\/table(?!.*fetch)/, async route => {
    const response = await route.fetch();
    const output = await response.json();
    const far = { ...output, fetch: true, size: 3_000_000_000 };
    await route.fulfill({ response, json: far });
  });
  await jupyter.open(SQUARES);
  await jupyter.card('make').click();
  await jupyter
    .port('table')
    .getByRole('button', { name: 'Open table' })
    .click();
  const view = page.locator('.claimed-FetchView');
  await expect(view).toContainText('3.0 GB');
  await jupyter.picture('engines-fetch-light');
  await view.getByRole('button', { name: 'Fetch' }).click();
  await expect(page.locator('.claimed-OutputView')).toContainText('square');
});

test('the engine is remembered, and a part runs only where it can', async ({
  jupyter,
  page
}) => {
  await jupyter.open(SQUARES);
  const kept = page.waitForResponse(
    response =>
      response.url().includes('/api/workspaces') &&
      (response.request().postData() ?? '').includes('claimed-jlab:engine')
  );
  await engines(jupyter).selectOption('kubeflow');
  await kept;
  await page.goto(`/lab/tree/${SQUARES}?token=${lab.token}`);
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
