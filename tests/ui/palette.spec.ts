import { expect, test } from './page';

test.beforeEach(async ({ jupyter }) => {
  await jupyter.open();
});

test('the palette loads all components in one request', async ({
  jupyter,
  page
}) => {
  const requests: string[] = [];
  page.on('request', request => {
    if (request.url().includes('/claimed/components')) {
      requests.push(request.url());
    }
  });
  await jupyter.openPalette();
  expect(requests).toHaveLength(1);
});

test('components are grouped by category and group', async ({ jupyter }) => {
  await jupyter.openPalette();
  const metric = jupyter.row('metric').first();
  await expect(metric).toHaveAttribute('aria-level', '1');
  const component = jupyter.row('Measure fairness (AIF360)');
  await expect(component).toHaveAttribute('aria-level', '3');
  await metric.locator('.claimed-Tree-line').click();
  await expect(metric).toHaveAttribute('aria-expanded', 'false');
  await expect(component).toHaveCount(0);
});

test('a search finds by library, and says when nothing fits', async ({
  jupyter,
  page
}) => {
  await jupyter.openPalette();
  const search = page.locator('.claimed-Palette-search input');
  await search.fill('aif360');
  await expect(jupyter.row('Measure fairness (AIF360)')).toBeVisible();
  await expect(jupyter.row('Load a table')).toHaveCount(0);
  await search.fill('nothing of the kind');
  await expect(page.getByText(/No component fits/)).toBeVisible();
});

test('a component says on hover what it takes and gives', async ({
  jupyter
}) => {
  await jupyter.openPalette();
  const line = jupyter.row('Load a table').locator('.claimed-Tree-line');
  await expect(line).toHaveAttribute(
    'title',
    /source: Dataset[^]*table: Dataset/
  );
});

test('a component that lacks a library is grey and says how to add it', async ({
  jupyter,
  page
}) => {
  await jupyter.openPalette();
  await page.locator('.claimed-Palette-search input').fill('needs a library');
  const row = jupyter.row('Needs a library');
  await expect(row).toHaveAttribute('data-missing', 'true');
  await row.locator('.claimed-Tree-line').click();
  await expect(row).toContainText('pip install library_that_nobody_has');
  const copy = row.getByRole('button', { name: /Copy the command/ });
  await copy.click();
  await expect(copy).toHaveText('Copied');
});

test('the arrow keys walk the tree and Enter opens a component', async ({
  jupyter,
  page
}) => {
  await jupyter.openPalette();
  const rows = page.locator('.claimed-Tree [role=treeitem]');
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const focused = page.locator('.claimed-Tree [role=treeitem]:focus');
  await expect(focused).toHaveAttribute('aria-level', '3');
  await page.keyboard.press('Enter');
  await expect(focused.locator('.claimed-Details')).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(focused).toHaveAttribute('aria-level', '2');
});

test('when the server fails the palette says why and tries again', async ({
  jupyter,
  page
}) => {
  await page.route('**/claimed/components*', route =>
    route.fulfill({
      status: 500,
      json: { error: { code: 'x', message: 'The catalog is away.' } }
    })
  );
  await page.locator('[data-id="claimed-palette"]').click();
  await expect(page.getByText('The catalog is away.')).toBeVisible();
  await page.unroute('**/claimed/components*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(jupyter.row('Load a table')).toBeVisible();
});
