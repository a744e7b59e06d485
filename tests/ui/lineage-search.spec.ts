import { IStarted, expect, ordersRuns, test } from './lineage';

let first: IStarted;

test.beforeAll(async () => {
  [first] = await ordersRuns([0.5, 0.25, 0.75]);
});

test('a mistake in the search is marked where it is', async ({
  explorer,
  jupyter
}) => {
  await jupyter.open();
  await explorer.open();
  await explorer.find('type:Model nmae:x');
  await expect(explorer.root.getByRole('alert')).toContainText(
    "no field 'nmae'"
  );
  await expect(explorer.root.locator('[data-wrong]')).toHaveText('nmae:x');
  await jupyter.picture('lineage-mistake');
  await explorer.find('name:nothing-like-this type:Model');
  await expect(explorer.root).toContainText('Nothing is like');
  await explorer.root
    .getByRole('button', { name: 'type:Model' })
    .first()
    .click();
  await expect(explorer.row('model.json')).toHaveCount(3);
});

test('what is typed stays while the first graph arrives', async ({
  explorer,
  jupyter,
  page
}) => {
  await jupyter.open();
  await page.route('**/claimed/lineage/graph**', async route => {
    await new Promise(resolve => setTimeout(resolve, 1500));
    await route.continue();
  });
  await explorer.open();
  await explorer.search.pressSequentially('type:Mo');
  await expect(explorer.root).toContainText('7 nodes');
  await expect(explorer.search).toHaveValue('type:Mo');
});

test('the end of a path may be searched for', async ({ explorer }) => {
  const { artifact_id } = first.tasks.fit.outputs.model;
  const model = `artifact/${artifact_id}`;
  await explorer.link(`?lineage=${model}&lineage-node=${model}`);
  await explorer.panel.getByRole('button', { name: 'Path to…' }).click();
  await explorer.find('orders.csv type:Dataset');
  await expect(explorer.root).toContainText('select where it ends');
  await explorer.row('orders.csv').first().click();
  await expect(explorer.root).toContainText('All paths between');
  await expect(explorer.panel).toContainText('orders.csv');
});
