import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab } from './lab';
import { IStarted, PIPELINE, expect, ordersRuns, test } from './lineage';

let first: IStarted;
let last: IStarted;

const artifact = (run: IStarted, task: string, output: string) =>
  `artifact/${run.tasks[task].outputs[output].artifact_id}`;

test.beforeAll(async () => {
  const runs = await ordersRuns([0.5, 0.25, 0.75]);
  [first, last] = [runs[0], runs[2]];
});

test('an output in the editor leads to where it came from', async ({
  explorer,
  jupyter,
  page
}) => {
  await jupyter.open(PIPELINE);
  await expect(jupyter.runState).toHaveAttribute('data-state', 'COMPLETE');
  await jupyter.card('fit').click();
  await jupyter
    .port('model')
    .getByRole('button', { name: 'Where did model come from?' })
    .click();
  await expect(explorer.panel).toContainText('model.json');
  await expect(explorer.panel).toContainText(artifact(last, 'fit', 'model'));
  // orders.csv, three tasks that cleaned it and the one that imported it, clean.csv, fit, model
  await expect(explorer.count).toContainText('7 nodes');
  await test.step('and from there to what it was made by', async () => {
    await explorer.panel.getByRole('button', { name: 'Fit a mean' }).click();
    await expect(explorer.panel).toContainText('Task run');
    await expect(explorer.panel).toContainText('rate');
    await jupyter.picture('lineage-execution');
    await explorer.panel
      .getByRole('button', { name: 'Open notebook as it was' })
      .click();
    const notebook = page.locator('.claimed-ExecutedNotebook');
    await expect(notebook).toContainText('score = round');
  });
});

test('a run is a graph, and expands without anything else moving', async ({
  explorer,
  jupyter,
  page
}) => {
  await jupyter.open(PIPELINE);
  await page
    .locator('.claimed-RunState')
    .getByRole('button', { name: 'Lineage' })
    .click();
  await expect(explorer.trail).toContainText('Run of Order value');
  await expect(explorer.count).toContainText('7 nodes');
  await jupyter.picture('lineage-run-light');
  await test.step('the table has the same nodes', async () => {
    await explorer.view('Table').click();
    await expect(explorer.count).toContainText('7 rows');
    await explorer.row('clean.csv').click();
    await expect(explorer.panel).toContainText('Used by');
  });
  await test.step('one more step shows the other runs', async () => {
    await explorer.view('Graph').click();
    await explorer.row('clean.csv').waitFor({ state: 'hidden' });
    await explorer.panel.getByRole('button', { name: 'More to do' }).click();
    await explorer.menuItem('Show What Was Made of It').click();
    await expect(explorer.count).toContainText('15 nodes');
  });
  await test.step('and what was asked for is put away, what one began with stays', async () => {
    await explorer.panel.getByRole('button', { name: 'More to do' }).click();
    await explorer.menuItem('Put Away What Is Behind').click();
    await expect(explorer.count).toContainText('7 nodes');
  });
});

test('what is found is a table that one sorts, selects in and saves', async ({
  explorer,
  jupyter,
  page
}) => {
  await jupyter.open();
  await page.keyboard.press('Escape');
  await explorer.open();
  await explorer.find('pipeline:"Order value" (type:Model or type:Metrics)');
  await expect(explorer.row(/model|metrics/)).toHaveCount(6);
  await jupyter.picture('lineage-table-light');
  await test.step('sorted', async () => {
    const head = explorer.grid.getByRole('columnheader', { name: 'Name' });
    await head.getByRole('button').click();
    await expect(head).toHaveAttribute('aria-sort', 'ascending');
    await expect(explorer.row(/json/).first()).toContainText('metrics.json');
    await head.getByRole('button').click();
    await expect(explorer.row(/json/).first()).toContainText('model.json');
  });
  await test.step('saved', async () => {
    const saved = page.waitForEvent('download');
    await explorer.root.getByRole('button', { name: 'CSV' }).click();
    expect((await saved).suggestedFilename()).toBe('lineage.csv');
  });
  await test.step('tagged, several at once', async () => {
    const ticks = explorer.grid.getByRole('checkbox', { name: /Select “/ });
    await ticks.nth(0).check();
    await ticks.nth(1).check();
    await explorer.root.getByRole('button', { name: 'Tag…' }).click();
    await page.locator('.jp-Dialog input').fill('candidate');
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    await expect(explorer.grid.getByText('candidate')).toHaveCount(2);
    await explorer.find('tag:candidate');
    await expect(explorer.row(/json/)).toHaveCount(2);
  });
});

test('tags and a note stay with a node', async ({
  explorer,
  jupyter,
  page
}) => {
  const id = artifact(first, 'fit', 'model');
  await explorer.link(`?lineage=${id}&lineage-node=${id}`);
  const { panel } = explorer;
  await panel.getByRole('combobox', { name: 'Add a tag' }).fill('golden');
  await page.keyboard.press('Enter');
  await expect(
    panel.getByRole('button', { name: 'golden' }).first()
  ).toBeVisible();
  // A second try finds the note of the first.
  await panel.getByRole('button', { name: /^(Add a note|Edit)$/ }).click();
  await panel.getByRole('textbox', { name: /Note/ }).fill('# Use **this** one');
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect(
    panel.getByRole('heading', { name: 'Use this one' })
  ).toBeVisible();
  await jupyter.reload('claimed-lineage', id);
  await expect(explorer.panel).toContainText('golden');
  await expect(
    panel.getByRole('heading', { name: 'Use this one' })
  ).toBeVisible();
  await panel.getByRole('button', { name: 'Remove the tag “golden”' }).click();
  await expect(panel.getByText('golden')).toHaveCount(0);
});

test('a path between two nodes stands out, and a link leads to it', async ({
  explorer,
  jupyter,
  page
}) => {
  const [from, to] = [
    artifact(first, 'clean', 'clean'),
    artifact(last, 'fit', 'metrics')
  ];
  await explorer.link(`?lineage=${to}&lineage-node=${to}`);
  await explorer.panel.getByRole('button', { name: 'Path to…' }).click();
  await expect(explorer.root).toContainText('select where it ends');
  await explorer.view('Table').click();
  await explorer.grid.locator(`[data-node="${from}"]`).click();
  await expect(explorer.root).toContainText('All paths between');
  await expect(explorer.view('Graph')).toBeChecked();
  await jupyter.picture('lineage-path-light');
  await test.step('the link', async () => {
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write']);
    await explorer.root.getByRole('button', { name: 'Copy a link' }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toContain(`/lab?lineage=${to}&lineage-from=${to}`);
    await jupyter.open();
    await expect(explorer.root).toHaveCount(0);
    await explorer.link(new URL(link).search);
    await expect(explorer.root).toContainText('All paths between');
  });
  await explorer.root.getByRole('button', { name: 'Clear the path' }).click();
  await expect(explorer.root).not.toContainText('All paths between');
});

test('the versions of an artifact are a chart and a list', async ({
  explorer,
  jupyter
}) => {
  const id = artifact(first, 'fit', 'metrics');
  await explorer.link(
    `?lineage=${id}&lineage-node=${id}&lineage-view=timeline`
  );
  const points = explorer.root.getByRole('button', { name: /^Version \d, / });
  await expect(points).toHaveCount(3);
  await expect(points.first()).toHaveAttribute('aria-pressed', 'true');
  await points.last().click();
  await expect(explorer.panel).toContainText(artifact(last, 'fit', 'metrics'));
  await expect(points).toHaveCount(3);
  await expect(explorer.root.locator('strong')).toHaveText('metrics.json');
  await jupyter.picture('lineage-timeline-light');
});

test('a file in the browser tells where it was used', async ({
  explorer,
  jupyter,
  page
}) => {
  writeFileSync(join(lab.root, 'lineage/unused.txt'), 'nothing');
  await jupyter.open('lineage/fit-mean.ipynb');
  const file = page.locator('.jp-DirListing-item[title*="Name: fit-mean"]');
  await file.click({ button: 'right' });
  await explorer.menuItem('Where Was This Used?').click();
  await expect(explorer.root).toContainText('fit-mean.ipynb” was used');
  await expect(explorer.row('Fit a mean')).toHaveCount(3);
  await jupyter.picture('lineage-used');
  await test.step('of a table, too', async () => {
    await page.locator('.jp-BreadCrumbs-home').click();
    const table = page.locator(
      '.jp-DirListing-item[title*="Name: orders.csv"]'
    );
    await table.click({ button: 'right' });
    await explorer.menuItem('Where Was This Used?').click();
    await expect(explorer.row('orders.csv')).toHaveCount(1);
  });
  await page.locator('.jp-DirListing-item[title*="Name: lineage"]').dblclick();
  const other = page.locator('.jp-DirListing-item[title*="Name: unused.txt"]');
  await other.click({ button: 'right' });
  await explorer.menuItem('Where Was This Used?').click();
  await expect(explorer.root).toContainText('Not used yet');
});

test('everything is there by the keyboard alone', async ({
  explorer,
  jupyter,
  page
}) => {
  await jupyter.open();
  await explorer.open();
  await expect(page.locator('.claimed-Lineage:focus-within')).toBeVisible();
  await page.keyboard.press('/');
  await expect(explorer.search).toBeFocused();
  await page.keyboard.type('type:Mo');
  await expect(
    explorer.root.getByRole('option', { name: /Model/ }).first()
  ).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(explorer.search).toHaveValue(/type:(system\.)?Model/);
  await page.keyboard.type('pipeline:"Order value"');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(explorer.count).toContainText('3 rows');
  await explorer.grid.focus();
  await page.keyboard.press('End');
  await expect(explorer.panel).toContainText(artifact(first, 'fit', 'model'));
  await page.keyboard.press('Enter');
  await expect(explorer.view('Graph')).toBeChecked();
  await expect(explorer.trail).toContainText('model.json');
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(explorer.view('Table')).toBeChecked();
  await page.keyboard.press('Alt+ArrowRight');
  await expect(explorer.view('Graph')).toBeChecked();
  await explorer.view('Graph').focus();
  await page.keyboard.press('ArrowRight');
  await expect(explorer.view('Table')).toBeChecked();
  await expect(explorer.view('Table')).toBeFocused();
});

test('it is seen in the dark, too', async ({ explorer, jupyter }) => {
  const id = artifact(last, 'fit', 'report');
  await explorer.link(`?lineage=${id}&lineage-node=${id}`);
  await expect(
    explorer.panel.getByRole('heading', { name: 'How good it is' })
  ).toBeVisible();
  await jupyter.picture('lineage-report-light');
  await jupyter.theme('Dark');
  await jupyter.picture('lineage-report-dark');
  await explorer.view('Table').click();
  await jupyter.picture('lineage-table-dark');
  await explorer.view('Timeline').click();
  await jupyter.picture('lineage-timeline-dark');
  await jupyter.theme('Light');
});
