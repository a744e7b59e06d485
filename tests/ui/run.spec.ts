import { forgetRuns } from './lab';
import { Lab, expect, test } from './page';

const EXAMPLE = 'trusted-ai/german-credit.pipeline';

/** The example takes the better part of a minute. */
const RUN = 240_000;

test.describe.configure({ mode: 'serial' });

test('the example runs, live, and shows what it made', async ({
  jupyter,
  page
}) => {
  test.setTimeout(RUN + 60_000);
  forgetRuns(); // also when these tests are tried again
  await jupyter.open(EXAMPLE);
  await jupyter.openPalette();
  await expect(jupyter.card('load')).toBeVisible();
  await jupyter.picture('example-light');
  await page.evaluate(() => document.body.setAttribute('data-same-page', ''));

  await test.step('run', async () => {
    await jupyter.run();
    await expect(jupyter.cardState('load')).toHaveAttribute(
      'data-state',
      /RUNNING|COMPLETE/
    );
    await expect(jupyter.runState).toHaveAttribute('data-state', 'RUNNING');
    // Which card it is, is a matter of luck: most tasks take half a second.
    const running = page.locator('.claimed-Card [data-state="RUNNING"]');
    await expect(running.first()).toBeVisible();
    await jupyter.picture('example-running');
  });
  await test.step('all tasks are done, without a reload', async () => {
    await expect(jupyter.runState).toHaveAttribute('data-state', 'COMPLETE', {
      timeout: RUN
    });
    const states = page.locator('.claimed-Card-footer [data-state]');
    for (const state of await states.all()) {
      await expect(state).toHaveAttribute('data-state', /COMPLETE|CACHED/);
    }
    await expect(page.locator('body')).toHaveAttribute('data-same-page', '');
    await expect(page.locator('.claimed-Runs-row')).toContainText('Complete');
  });
  await test.step('a task tells its inputs, outputs and log', async () => {
    await jupyter.card('fairness_sex_after').click();
    await expect(jupyter.port('predictions')).toContainText(
      'predict_fair.predictions'
    );
    await expect(jupyter.port('disparate_impact')).toContainText(
      /0\.\d+|1\.\d+/
    );
    await jupyter.picture('task-light');
  });
  await readExecutedNotebook(jupyter);
  await readReports(jupyter);
});

async function readExecutedNotebook(jupyter: Lab): Promise<void> {
  await test.step('the executed notebook opens, read-only', async () => {
    await jupyter.panel
      .getByRole('button', { name: 'Open executed notebook' })
      .click();
    const notebook = jupyter.page.locator('.claimed-ExecutedNotebook');
    await expect(notebook).toContainText('after mitigation');
    await expect(notebook.locator('.cm-content').first()).toHaveAttribute(
      'aria-readonly',
      'true'
    );
    await jupyter.tab('german-credit').click();
  });
}

async function readReports(jupyter: Lab): Promise<void> {
  const { page } = jupyter;
  const opener = jupyter
    .port('report')
    .getByRole('button', { name: 'Open report' });
  await test.step('an output says what it is before it is opened', async () => {
    await opener.hover();
    const hint = page.locator('.claimed-OutputHint');
    await expect(hint).toContainText('in their fair range');
    await page.screenshot({ path: 'test-results/pictures/output-hint.png' });
  });
  await test.step('the fairness report is a chart and a table', async () => {
    await opener.click();
    await expect(page.locator('.claimed-OutputHint')).toHaveCount(0);
    const view = page.locator('.claimed-OutputView');
    await expect(view.locator('.vega-embed .marks')).toBeVisible();
    await expect(view.locator('table')).toContainText('Disparate impact');
    await jupyter.picture('report-light');
    await jupyter.theme('Dark');
    await jupyter.picture('report-dark');
    await jupyter.tab('german-credit').click();
    await jupyter.picture('task-dark');
    await page.keyboard.press('Escape');
    await jupyter.panel.getByRole('button', { name: 'Close' }).click();
    await jupyter.picture('example-dark');
    await jupyter.theme('Light');
  });
  await test.step('the report of the run opens without rights', async () => {
    await page.getByRole('button', { name: 'Run report' }).click();
    const frame = page.locator('.claimed-Sandbox iframe');
    await expect(frame).toHaveAttribute('sandbox', 'allow-scripts');
    await expect(
      page.frameLocator('.claimed-Sandbox iframe').locator('body')
    ).toContainText('Blessing');
    await jupyter.picture('run-report');
  });
}

test('the newest run is there when the document is opened again', async ({
  jupyter
}) => {
  await jupyter.open(EXAMPLE);
  await expect(jupyter.runState).toHaveAttribute('data-state', 'COMPLETE');
  await expect(jupyter.cardState('bless')).toHaveAttribute(
    'data-state',
    'COMPLETE'
  );
});

test('a second run is answered from the cache, and both are listed', async ({
  jupyter,
  page
}) => {
  await jupyter.open(EXAMPLE);
  await jupyter.openPalette();
  await expect(jupyter.runState).toHaveAttribute('data-state', 'COMPLETE');
  await jupyter.run();
  await expect(jupyter.cardState('bless')).toHaveAttribute(
    'data-state',
    'CACHED',
    { timeout: RUN }
  );
  const rows = page.locator('.claimed-Runs-row');
  await expect(rows).toHaveCount(2);
  await rows.last().click();
  await expect(jupyter.cardState('bless')).toHaveAttribute(
    'data-state',
    'COMPLETE'
  );
});

test('a failed task shows its error, and its notebook at the cell', async ({
  jupyter,
  page
}) => {
  await jupyter.open('failing.pipeline');
  await expect(jupyter.card('fail')).toBeVisible();
  await jupyter.run();
  await expect(jupyter.runState).toHaveAttribute('data-state', 'FAILED');
  await jupyter.card('fail').click();
  await expect(jupyter.panel.getByRole('alert')).toContainText(
    "ValueError: no column 'risk'"
  );
  await expect(jupyter.panel.getByRole('log')).toContainText('about to fail');
  await jupyter.picture('failed-task');
  await jupyter.panel
    .getByRole('button', { name: 'Open executed notebook' })
    .click();
  await expect(page.locator('.claimed-mod-failed')).toBeInViewport();
});

test('a running task shows its log as it grows, and can be canceled', async ({
  jupyter
}) => {
  await jupyter.open('waiting.pipeline');
  await expect(jupyter.card('wait')).toBeVisible();
  await expect(jupyter.command('claimed:cancel-run')).toHaveAttribute(
    'aria-disabled',
    'true'
  );
  await jupyter.run();
  await jupyter.card('wait').click();
  const log = jupyter.panel.getByRole('log');
  await expect(log).toContainText('second 1');
  await expect(log).toContainText('second 3');
  await expect(jupyter.cardState('wait')).toContainText(/Running\s*\d+ s/);
  await jupyter.command('claimed:cancel-run').click();
  await expect(jupyter.runState).toHaveAttribute('data-state', 'CANCELED');
});
