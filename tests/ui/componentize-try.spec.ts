import { Locator, Page } from '@playwright/test';
import { cell, componentize, panel } from './componentize';
import { expect, test } from './page';

const input = (page: Page, name: string): Locator =>
  panel(page).locator('.claimed-Try').getByLabel(name, { exact: true });
const button = (page: Page, name: string): Locator =>
  panel(page).locator('.claimed-Try').getByRole('button', { name });
const output = (page: Page, name: string): Locator =>
  panel(page).locator(`[data-output="${name}"]`);
const result = (page: Page): Locator =>
  panel(page).getByRole('region', { name: 'Result' });

async function open(
  page: Page,
  notebook = 'large-orders.ipynb',
  first = 'minimum'
): Promise<void> {
  await componentize(page, notebook);
  await panel(page).locator('.claimed-Try > summary').focus();
  await page.keyboard.press('Enter');
  await expect(input(page, first)).toBeVisible();
}

test('a notebook is tried, and shows what it gives', async ({
  jupyter,
  page
}) => {
  test.setTimeout(120_000);
  await jupyter.open();
  await open(page);
  await expect(input(page, 'orders')).toHaveValue('orders.csv');
  await input(page, 'minimum').scrollIntoViewIfNeeded();
  await jupyter.picture('componentize-try-form-light');
  await input(page, 'minimum').fill('100');
  await input(page, 'missing').selectOption('keep');
  await input(page, 'minimum').press('Enter');
  await expect(result(page)).toContainText('Complete', { timeout: 60_000 });
  await expect(output(page, 'share')).toContainText('0.28571');
  await expect(output(page, 'large').locator('table')).toContainText('310');
  await expect(output(page, 'counts')).toContainText('CH');
  await output(page, 'large').scrollIntoViewIfNeeded();
  await jupyter.picture('componentize-tried-light');
  await jupyter.theme('Dark');
  await output(page, 'share').scrollIntoViewIfNeeded();
  await jupyter.picture('componentize-tried-dark');
  await jupyter.theme('Light');
  await button(page, 'Open executed notebook').click();
  const executed = page.locator('.claimed-ExecutedNotebook:visible');
  await expect(executed).toBeVisible();
  await jupyter.tab('try, executed').locator('.lm-TabBar-tabCloseIcon').click();
  await expect(executed).toHaveCount(0);
  await jupyter.openPalette();
  await page.locator('.claimed-Runs-row', { hasText: 'Try Keep' }).click();
  await expect(executed).toBeVisible();

  await jupyter
    .tab('large-orders, component')
    .locator('.lm-TabBar-tabCloseIcon')
    .click();
  await expect(panel(page)).toHaveCount(0);
});

test('a try that fails leads to the cell that failed', async ({
  jupyter,
  page
}) => {
  test.setTimeout(120_000);
  await jupyter.open();
  await open(page);
  await button(page, 'Choose a file').click();
  const dialog = page.locator('.jp-Dialog');
  await dialog.locator('.jp-DirListing-item', { hasText: 'stock.csv' }).click();
  await dialog.getByRole('button', { name: 'Select' }).click();
  await expect(input(page, 'orders')).toHaveValue('stock.csv');
  await button(page, 'Run').click();
  await expect(result(page)).toContainText('Failed', { timeout: 60_000 });
  await expect(result(page).getByRole('alert')).toContainText('KeyError');
  await result(page).scrollIntoViewIfNeeded();
  await jupyter.picture('componentize-try-failed-light');
  await button(page, 'Go to cell 3').click();
  await expect(cell(page, 2)).toHaveClass(/jp-mod-active/);

  await input(page, 'orders').fill('nowhere.csv');
  await button(page, 'Run').click();
  await expect(
    panel(page).locator('[data-input="orders"] .error-detail')
  ).toContainText('nowhere.csv');
  await jupyter.picture('componentize-try-refused-light');
});

test('a try that takes too long is cancelled', async ({ jupyter, page }) => {
  await jupyter.open();
  await open(page, 'waits.ipynb', 'seconds');
  await expect(input(page, 'api_key')).toHaveAttribute(
    'placeholder',
    'API_KEY'
  );
  await input(page, 'seconds').fill('');
  await button(page, 'Run').click();
  await expect(
    panel(page).locator('[data-input="api_key"] .error-detail')
  ).toHaveText('This input is needed.');
  await expect(input(page, 'api_key')).toBeFocused();
  await page.keyboard.type('HOME');
  await page.keyboard.press('Enter');
  await expect(result(page)).toContainText('Running');
  await jupyter.picture('componentize-trying-light');
  await button(page, 'Cancel').click();
  await expect(result(page)).toContainText('Canceled', { timeout: 30_000 });
  await expect(button(page, 'Run')).toBeFocused();
});
