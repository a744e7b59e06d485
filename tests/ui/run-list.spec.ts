import { Locator } from '@playwright/test';
import { forgetRuns } from './lab';
import { Lab, expect, test } from './page';

const DOCUMENT = 'two-waits.pipeline';

test.describe.configure({ mode: 'serial' });

const form = (jupyter: Lab) => jupyter.page.locator('.jp-Dialog');
const items = (jupyter: Lab) => jupyter.page.locator('.claimed-Runs-item');

async function choose(item: Locator, label: string): Promise<void> {
  await item.getByRole('button', { name: /Run again, compare/ }).click();
  await item.page().getByRole('menuitem', { name: label, exact: true }).click();
}

async function state(jupyter: Lab, wanted: string): Promise<void> {
  await expect(jupyter.runState).toHaveAttribute('data-state', wanted, {
    timeout: 40_000
  });
}

test('the form remembers the last values, and a run tells how far it is', async ({
  jupyter,
  page
}) => {
  forgetRuns();
  await jupyter.open(DOCUMENT);
  await jupyter.openPalette();
  await jupyter.card('one').click();
  await page.keyboard.press('Shift+Enter');
  await form(jupyter).getByLabel('first').fill('5');
  await form(jupyter).getByLabel('second').fill('3');
  await jupyter.picture('run-form-light');
  await form(jupyter).getByRole('button', { name: 'Run' }).click();
  await state(jupyter, 'RUNNING');
  const status = page.locator('.claimed-RunStatus');
  await expect(status).toContainText('of 2 tasks');
  await state(jupyter, 'COMPLETE');
  await expect(status).toBeHidden();
  await expect(page.locator('.Toastify__toast')).toContainText(
    '“Two waits” is complete'
  );
  await jupyter.picture('run-complete-toast');

  await jupyter.command('claimed:run-pipeline').click();
  await expect(form(jupyter).getByLabel('second')).toHaveValue('3');
  await expect(form(jupyter)).toContainText('Take the defaults');
  await form(jupyter).getByLabel('first').fill('1.5');
  await form(jupyter).getByRole('button', { name: 'Run' }).click();
  await expect(form(jupyter).getByRole('alert')).toContainText(
    "the parameter 'first': 1.5 is not int"
  );
  await jupyter.picture('run-form-problem');
  await form(jupyter).getByLabel('first').fill('6');
  await form(jupyter).getByRole('button', { name: 'Run' }).click();
  await state(jupyter, 'RUNNING');
  await expect(status).toContainText('left');
  await expect(page.locator('.claimed-RunState')).toContainText('left');
  await expect(items(jupyter).first()).toContainText('left');
  await jupyter.picture('run-progress-light');
  await state(jupyter, 'COMPLETE');
});

test('runs are found, compared, and run again with changes', async ({
  jupyter,
  page
}) => {
  await jupyter.open(DOCUMENT);
  await jupyter.openPalette();
  await expect(items(jupyter)).toHaveCount(2);
  await page.getByLabel('Filter runs').fill('first=6');
  await expect(items(jupyter)).toHaveCount(1);
  await page.getByLabel('Filter runs').fill('nothing like it');
  await jupyter.picture('runs-none-found');
  await page.getByRole('button', { name: 'Show all runs' }).click();
  await expect(items(jupyter)).toHaveCount(2);

  await items(jupyter).first().getByRole('checkbox').check();
  await items(jupyter).last().getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
  const view = page.locator('.claimed-Comparison');
  const row = view.locator('tr[data-differs]', { hasText: 'first' });
  await expect(row.first()).toContainText(/≠\s*first\s*5\s*6/);
  await jupyter.picture('run-compare-light');
  await view.getByLabel('Only what differs').uncheck();
  await expect(view).toContainText('words');
  await jupyter.theme('Dark');
  await jupyter.picture('run-compare-dark');

  await choose(items(jupyter).last(), 'Run Again with Changes…');
  await expect(form(jupyter).getByLabel('first')).toHaveValue('5');
  await jupyter.picture('run-form-dark');
  await form(jupyter).getByRole('button', { name: 'Cancel' }).click();
  await jupyter.theme('Light');
  await choose(items(jupyter).last(), 'Run Again');
  await expect(items(jupyter)).toHaveCount(3);
});

test('a part is run from the menu of a task, and a run is deleted', async ({
  jupyter,
  page
}) => {
  await jupyter.open(DOCUMENT);
  await jupyter.openPalette();
  await jupyter.card('one').click({ button: 'right' });
  await jupyter.picture('task-menu');
  await page
    .locator('.lm-Menu-item', { hasText: 'Run Only This Task' })
    .click();
  await expect(form(jupyter)).toContainText('Run only “one” of “Two waits”');
  await form(jupyter).getByRole('button', { name: 'Run' }).click();
  await expect(items(jupyter)).toHaveCount(4);
  await state(jupyter, 'COMPLETE');
  await expect(jupyter.cardState('two')).toHaveCount(0);
  await jupyter.card('two').click();
  await jupyter.panel.getByRole('button', { name: 'up to here' }).click();
  await expect(form(jupyter)).toContainText('Run “Two waits” up to “two”');
  await form(jupyter).getByRole('button', { name: 'Cancel' }).click();

  await choose(items(jupyter).first(), 'Delete Run…');
  await jupyter.picture('run-delete');
  await form(jupyter).getByRole('button', { name: 'Delete' }).click();
  await expect(items(jupyter)).toHaveCount(3);
});
