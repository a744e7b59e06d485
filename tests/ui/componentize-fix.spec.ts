import { Locator, Page } from '@playwright/test';
import { cell, componentize, panel, port } from './componentize';
import { expect, test } from './page';

const fix = (page: Page, label: string): Locator =>
  panel(page).getByRole('button', { name: label });
const status = (page: Page): Locator =>
  panel(page).locator('.claimed-FixStatus');

/** The cells as the panel last sent them to be inspected. */
function watchCells(page: Page): () => string {
  let cells = '';
  page.on('request', request => {
    if (request.url().includes('/claimed/components/inspect')) {
      cells = JSON.stringify(JSON.parse(request.postDataJSON().source).cells);
    }
  });
  return () => cells;
}

test('a doubt ends by one key, and one undo brings back what was', async ({
  jupyter,
  page
}) => {
  const cells = watchCells(page);
  await jupyter.open();
  await componentize(page, 'to-mend.ipynb');
  await expect(fix(page, 'Tag this cell')).toBeVisible();
  const before = cells();
  await jupyter.picture('componentize-fixes-light');

  await fix(page, 'Tag this cell').focus();
  await page.keyboard.press('Enter');
  await expect(port(page, 'rows')).toContainText('inferred');
  await expect(status(page)).toContainText('Done: Tag this cell');
  expect(cells()).toContain('"tags":["parameters"]');
  const undo = status(page).getByRole('button', { name: 'Undo' });
  await expect(undo).toBeFocused();
  await jupyter.picture('componentize-fixed-light');
  await page.keyboard.press('Enter');
  await expect(fix(page, 'Tag this cell')).toBeVisible();
  expect(cells()).toBe(before);
  await expect(status(page)).toBeEmpty();
  await expect(panel(page)).toBeFocused();

  await fix(page, 'Tag this cell').click();
  await expect(port(page, 'rows')).toBeVisible();
  await page.keyboard.press('Escape'); // to the notebook, which has its own undo
  await expect(page.locator('.jp-Notebook.jp-mod-commandMode')).toBeVisible();
  await page.keyboard.press('z');
  await expect(fix(page, 'Tag this cell')).toBeVisible();
  expect(cells()).toBe(before);
  await expect(status(page)).toBeEmpty();
});

test('what undoes in the notebook undoes a fix, until something is typed', async ({
  page,
  jupyter
}) => {
  await jupyter.open();
  await componentize(page, 'to-mend.ipynb');
  const pin = fix(page, 'Pin the version');
  const line = cell(page, 1).locator('.cm-content');
  await pin.click();
  await expect(line).toContainText('pandas==');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect(line).toHaveText('%pip install pandas');
  await expect(status(page)).toBeEmpty();

  await pin.click();
  await expect(line).toContainText('pandas==');
  await cell(page, 3).locator('.cm-line').first().click();
  await page.keyboard.press('Control+z');
  await expect(line).toHaveText('%pip install pandas');

  await pin.click();
  await expect(line).toContainText('pandas==');
  await cell(page, 3).locator('.cm-line').first().click();
  await page.keyboard.press('End');
  await page.keyboard.type(' # typed');
  await page.keyboard.press('Control+z');
  await expect(cell(page, 3)).not.toContainText('typed');
  await expect(line).toContainText('pandas==');
});

test('fixes make a component of a notebook that said nothing', async ({
  jupyter,
  page
}) => {
  const cells = watchCells(page);
  await jupyter.open();
  await componentize(page, 'to-mend.ipynb');
  await fix(page, 'Tag this cell').click();
  await expect(port(page, 'rows')).toBeVisible();
  await fix(page, 'Declare this path as an output').click();
  await expect(
    panel(page).getByRole('region', { name: 'Outputs' })
  ).toContainText('region_file');
  await fix(page, 'Declare this path as an input').click();
  await expect(port(page, 'orders')).toContainText('Dataset');
  await fix(page, 'Pin the version').click();
  await expect(cell(page, 1)).toContainText('pandas==');
  await fix(page, 'Add an annotation').first().click();
  await expect(port(page, 'region')).toContainText('declared');
  await expect(cell(page, 2)).toContainText('region: str = "EU"');
  await jupyter.picture('componentize-mended-light');
  const before = cells();

  // An edit that the server has not seen yet is not overwritten.
  await cell(page, 2).locator('.cm-line', { hasText: 'rows = ' }).click();
  await page.keyboard.press('End');
  await page.keyboard.type('0');
  await fix(page, 'Add an annotation').click();
  await expect(status(page)).toContainText('changed meanwhile');
  await expect(cell(page, 2)).toContainText('rows = 1000');
  await fix(page, 'Add an annotation').click();
  await expect(port(page, 'rows')).toContainText('declared');
  await expect(cell(page, 2)).toContainText('rows: int = 1000');
  await status(page).getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Control+z');
  await expect(cell(page, 2)).toContainText('rows = 1000');
  expect(cells()).toBe(before.replace('rows = 100', 'rows = 1000'));
});

test('a row leads to its line, and Escape back to the notebook', async ({
  jupyter,
  page
}) => {
  await jupyter.open();
  await componentize(page, 'large-orders.ipynb');
  await expect(port(page, 'counts')).toBeVisible();
  await page.locator('.claimed-Componentize').focus();
  await page.keyboard.press('Tab');
  await expect(fix(page, 'Edit details')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(port(page, 'orders').getByRole('button')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('.jp-Notebook.jp-mod-commandMode')).toBeVisible();
  await expect(panel(page).locator(':focus')).toHaveCount(0);

  await port(page, 'REGION').getByRole('button').first().focus();
  await page.keyboard.press('Enter');
  await expect(cell(page, 2)).toHaveClass(/jp-mod-active/);
  await expect(page.locator('.jp-Notebook.jp-mod-editMode')).toBeVisible();
  const line = await page.evaluate(
    () =>
      getSelection()?.anchorNode?.parentElement?.closest('.cm-line')
        ?.textContent
  );
  expect(line).toBe('region = os.environ.get("REGION", "EU")');
});
