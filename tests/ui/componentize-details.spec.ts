import { Page } from '@playwright/test';
import { componentize, panel } from './componentize';
import { expect, test } from './page';

const field = (page: Page, name: string) =>
  page.locator(`.jp-NotebookTools [id$="_/claimed/${name}"]`);

test('what a component is called is edited in the property inspector', async ({
  jupyter,
  page
}) => {
  const found: unknown[] = [];
  page.on('request', request => {
    if (request.url().includes('/claimed/components/inspect')) {
      found.push(JSON.parse(request.postDataJSON().source).metadata.claimed);
    }
  });
  await jupyter.open();
  await componentize(page, 'large-orders.ipynb');
  await expect(panel(page)).toContainText('large-orders@1.0.0');
  await panel(page).getByRole('button', { name: 'Edit details' }).click();
  await expect(field(page, 'name')).toBeFocused();
  await expect(field(page, 'group')).toHaveValue('Orders');
  await page.waitForTimeout(1000);
  expect(found.at(-1)).toEqual(found[0]); // looking changes nothing
  await jupyter.picture('componentize-details-light');

  await field(page, 'name').fill('big-orders');
  await field(page, 'title').fill('Big orders');
  await field(page, 'category').fill('filter');
  await field(page, 'description').fill('Only the big ones.');
  await field(page, 'tags').fill('orders, euro');
  await field(page, 'author').fill('Ada');
  await expect(panel(page)).toContainText('filter/big-orders@1.0.0');
  await expect(panel(page).getByRole('heading').first()).toHaveText(
    'Big orders'
  );
  await expect(panel(page)).toContainText('Only the big ones.');
  expect(found.at(-1)).toEqual({
    name: 'big-orders',
    title: 'Big orders',
    category: 'filter',
    description: 'Only the big ones.',
    group: 'Orders',
    version: '1.0.0',
    license: 'Apache-2.0',
    tags: ['orders', 'euro'],
    author: 'Ada'
  });
  await field(page, 'tags').fill('');
  await field(page, 'name').fill('');
  await expect(panel(page)).toContainText('filter/large-orders@1.0.0');
  await jupyter.theme('Dark');
  await jupyter.picture('componentize-details-dark');
  await jupyter.theme('Light');
});
