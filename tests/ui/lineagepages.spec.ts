import { IStarted, expect, ordersRuns, test } from './lineage';

let first: IStarted;

const model = () => `artifact/${first.tasks.fit.outputs.model.artifact_id}`;

test.beforeAll(async () => {
  [first] = await ordersRuns([0.5, 0.25, 0.75]);
});

test('two versions are laid side by side', async ({
  explorer,
  jupyter,
  page
}) => {
  await explorer.link(
    `?lineage=${model()}&lineage-node=${model()}&lineage-view=timeline`
  );
  const ticks = explorer.root.getByRole('checkbox', {
    name: /Compare version/
  });
  await expect(ticks).toHaveCount(3);
  const compare = explorer.root.getByRole('button', {
    name: 'Compare',
    exact: true
  });
  await expect(compare).toBeDisabled();
  await ticks.first().check();
  await ticks.last().check();
  await compare.click();
  const view = page.locator('.claimed-Comparison:visible');
  await expect(view).toContainText('rate');
  await expect(view.locator('tr[data-differs]').first()).toBeVisible();
  await jupyter.picture('lineage-compare-light');
  await view.getByRole('checkbox').uncheck();
  await expect(
    view.locator('tbody tr:not([data-differs])').first()
  ).toBeVisible();
  await view.getByRole('button', { name: 'model.json' }).first().click();
  await expect(explorer.view('Graph')).toBeChecked();
});

test('a model has a card', async ({ explorer, jupyter, page }) => {
  await explorer.link(`?lineage=${model()}&lineage-node=${model()}`);
  await explorer.panel.getByRole('button', { name: 'Model card' }).click();
  const card = page.locator('.claimed-CardView');
  await expect(card.getByRole('heading', { name: 'model.json' })).toBeVisible();
  await jupyter.picture('lineage-card-light');
  const saved = page.waitForEvent('download');
  await card.getByRole('button', { name: 'Download' }).click();
  expect((await saved).suggestedFilename()).toBe('model.json-card.md');
});

test('an artifact is made again, and is the same', async ({
  explorer,
  jupyter,
  page
}) => {
  await explorer.link(`?lineage=${model()}&lineage-node=${model()}`);
  await explorer.panel.getByRole('button', { name: 'Reproduce' }).click();
  const view = page.locator('.claimed-Reproduce');
  await expect(view.locator('[data-verdict]')).toHaveAttribute(
    'data-verdict',
    'reproduced',
    { timeout: 45_000 }
  );
  await jupyter.picture('lineage-reproduce-light');
});

test('what shows the lineage comes back with JupyterLab', async ({
  explorer,
  jupyter
}) => {
  await explorer.link(`?lineage=${model()}&lineage-node=${model()}`);
  await expect(explorer.panel).toContainText('model.json');
  await explorer.find('type:Dataset');
  await expect(explorer.row('orders.csv')).toHaveCount(1);
  await jupyter.reload('claimed-lineage', 'type:Dataset');
  await expect(explorer.search).toHaveValue('type:Dataset');
  await expect(explorer.row('orders.csv')).toHaveCount(1);
  await expect(explorer.view('Table')).toBeChecked();
  await jupyter.picture('lineage-restored');
});

test('a note is written and read without the mouse', async ({
  explorer,
  page
}) => {
  await explorer.link(`?lineage=${model()}&lineage-node=${model()}`);
  // A second try finds the note of the first.
  const opener = explorer.panel.getByRole('button', {
    name: /^(Add a note|Edit)$/
  });
  await opener.focus();
  await page.keyboard.press('Enter');
  const text = explorer.panel.getByRole('textbox', { name: /Note/ });
  await expect(text).toBeFocused();
  await expect(
    explorer.panel.getByRole('button', { name: 'Save' })
  ).toBeInViewport({ ratio: 1 });
  await text.fill('# Careful\n\nOnly **seven** rows.');
  await page.keyboard.press('Control+Enter');
  await expect(
    explorer.panel.getByRole('heading', { name: 'Careful' })
  ).toBeVisible();
  await expect(opener).toBeFocused();
});

test('rows are sorted by the keyboard', async ({ explorer, page }) => {
  await explorer.link('?lineage=&lineage-query=type:Model&lineage-view=table');
  await expect(explorer.row('model.json').first()).toBeVisible();
  const head = (name: string) =>
    explorer.grid.getByRole('columnheader', { name });
  await explorer.grid.focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(head('Type')).toHaveAttribute('aria-sort', 'ascending');
});

test('what came from outside is not offered to be made again', async ({
  explorer
}) => {
  await explorer.link('?lineage=&lineage-query=orders.csv&lineage-view=table');
  await explorer.row('orders.csv').first().click();
  await expect(explorer.panel).toContainText('Import orders.csv');
  await expect(
    explorer.panel.getByRole('button', { name: 'Reproduce' })
  ).toHaveCount(0);
});
