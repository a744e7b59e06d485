import { choose, componentize, panel, port, replaceIn } from './componentize';
import { expect, test } from './page';

test('a notebook becomes a component of the palette', async ({
  jupyter,
  page
}) => {
  await jupyter.open();
  await componentize(page, 'large-orders.ipynb');
  await expect(panel(page)).toContainText('transform/large-orders@1.0.0');
  await expect(port(page, 'orders')).toContainText('Dataset');
  await expect(port(page, 'minimum')).toContainText('50');
  await expect(port(page, 'seed')).toContainText('inferred');
  await expect(port(page, 'large')).toContainText('declared');
  await jupyter.picture('componentize-light');

  await replaceIn(page, 1, 'seed = 7', 'api_key = "sk-1234567890abcdef"');
  const create = panel(page).locator('footer button');
  await expect(create).toBeDisabled();
  await jupyter.picture('componentize-mistake-light');
  await port(page, 'api_key').getByRole('button').click();
  await expect(page.locator('.jp-Notebook .jp-Cell').nth(1)).toHaveClass(
    /jp-mod-active/
  );
  await replaceIn(page, 1, 'api_key', 'seed: int = 7');
  await expect(port(page, 'seed')).toContainText('declared');

  await create.click();
  const toast = page.locator('.Toastify__toast', {
    hasText: 'transform/large-orders@1.0.0'
  });
  await expect(toast).toBeVisible();
  const row = jupyter.row('Keep the large orders');
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(row).toBeInViewport();
  await expect(create).toBeFocused();
  await jupyter.picture('componentize-selected-light');
  await toast.getByRole('button', { name: 'Show it' }).click();
  await expect(row).toBeFocused();
  await expect(row).toHaveAttribute('aria-selected', 'true');
  await expect(row).toContainText('Smallest amount that is kept');
  await jupyter.picture('componentize-created-light');
});

test('a component is replaced when the user says so', async ({
  jupyter,
  page
}) => {
  await jupyter.open('large-orders.ipynb');
  await page.locator('.jp-Notebook .jp-Cell').nth(2).click({ button: 'right' });
  await choose(page);
  await expect(panel(page)).toContainText('Changes since version 1.0.0');
  await replaceIn(page, 1, 'seed', 'limit: int = 7');
  await expect(panel(page)).toContainText("input 'seed' was removed");
  await expect(panel(page)).toContainText('Next version: 2.0.0');
  await jupyter.picture('componentize-changes-light');
  await jupyter.theme('Dark');
  await jupyter.picture('componentize-changes-dark');
  const replace = panel(page).getByRole('button', { name: 'Replace…' });
  await replace.click();
  const dialog = page.locator('.jp-Dialog');
  await expect(dialog).toContainText('transform/large-orders@1.0.0');
  await jupyter.picture('componentize-replace-dark');
  await dialog.getByRole('button', { name: 'Replace' }).click();
  await expect(page.locator('.Toastify__toast')).toBeVisible();
  await expect(panel(page)).toContainText('as the notebook says');
  await jupyter.theme('Light');
});

test('a notebook that says nothing is told how to begin', async ({
  jupyter,
  page
}) => {
  await jupyter.open('says-nothing.ipynb');
  await jupyter.tab('says-nothing.ipynb').click({ button: 'right' });
  await choose(page);
  await expect(panel(page)).toContainText('Tag a cell “parameters”');
  await jupyter.picture('componentize-empty-light');
});

test('when the server fails the panel says why and tries again', async ({
  jupyter,
  page
}) => {
  const inspect = '**/claimed/components/inspect*';
  await page.route(inspect, route =>
    route.fulfill({
      status: 500,
      json: { error: { code: 'x', message: 'The server is tired.' } }
    })
  );
  await jupyter.open();
  await componentize(page, 'large-orders.ipynb');
  await expect(panel(page)).toContainText('The server is tired.');
  await page.unroute(inspect);
  await panel(page).getByRole('button', { name: 'Try again' }).click();
  await expect(panel(page)).toContainText('Keep the large orders');
});
