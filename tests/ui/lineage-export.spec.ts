import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lab } from './lab';
import { Explorer, IStarted, expect, ordersRuns, test } from './lineage';

let last: IStarted;

test.beforeAll(async () => {
  last = (await ordersRuns([0.5, 0.25, 0.75]))[2];
});

/** Opens the explorer at the model of the last run, or the task that made it, and the dialog for it. */
async function askFor(explorer: Explorer, isTask = false): Promise<void> {
  const { execution_id, outputs } = last.tasks.fit;
  const id = isTask
    ? `execution/${execution_id}`
    : `artifact/${outputs.model.artifact_id}`;
  await explorer.link(`?lineage=${id}&lineage-node=${id}`);
  await explorer.panel.getByRole('button', { name: 'Export lineage…' }).click();
}

test('lineage is saved beside the files as a crate, which says what it lacks', async ({
  explorer,
  jupyter,
  page
}) => {
  const crate = join(lab.root, 'model.json-ro-crate.zip');
  rmSync(crate, { force: true }); // also when the test is tried again
  await askFor(explorer);
  const dialog = page.locator('.claimed-ExportDialog');
  const files = dialog.getByRole('checkbox', { name: /With the files/ });
  await expect(
    dialog.getByRole('radio', { name: /OpenLineage/ })
  ).toBeFocused();
  await expect(files).toBeDisabled();
  await dialog.getByRole('radio', { name: /The whole run/ }).check();
  await jupyter.picture('lineage-export-light');
  await dialog.getByRole('radio', { name: /RO-Crate/ }).check();
  await files.check();
  await dialog.getByRole('button', { name: 'Save in “/”' }).click();
  const news = page.locator('.Toastify__toast', { hasText: 'Saved as model' });
  await expect(news).toContainText('1 run, 2 tasks, 5 artifacts');
  await jupyter.picture('lineage-exported-light');
  expect(existsSync(crate)).toBe(true);
  await news.getByRole('button', { name: 'Show in Folder' }).click();
  await expect(
    page.locator('.jp-DirListing-item.jp-mod-selected')
  ).toContainText('model.json-ro-crate.zip');
});

test('the lineage of a task’s run is handed over as a file', async ({
  explorer,
  jupyter,
  page
}) => {
  await askFor(explorer, true);
  const dialog = page.locator('.claimed-ExportDialog');
  await dialog.getByRole('radio', { name: /PROV/ }).check();
  await jupyter.picture('lineage-export-task');
  const coming = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Download' }).click();
  const saved = await coming;
  expect(saved.suggestedFilename()).toBe('Fit-a-mean-prov.json');
  const document = JSON.parse(readFileSync(await saved.path(), 'utf8'));
  expect(Object.keys(document)).toContain('wasGeneratedBy');
  const news = page.locator('.Toastify__toast', { hasText: 'Downloaded' });
  await expect(news).toContainText('Fit-a-mean-prov.json');
});

test('all that a search finds is exported, or the rows that are selected', async ({
  explorer,
  jupyter,
  page
}) => {
  await explorer.link(
    '?lineage=&lineage-query=name:model.json%20pipeline:"Order value"&lineage-view=table'
  );
  const dialog = page.locator('.claimed-ExportDialog');
  const news = page.locator('.Toastify__toast');
  const ask = () =>
    explorer.root.getByRole('button', { name: 'Export lineage…' }).click();
  const save = async () => {
    const coming = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download' }).click();
    return (await coming).suggestedFilename();
  };
  await expect(explorer.row('model.json').first()).toBeVisible();
  await ask();
  await expect(dialog).toContainText('All that was found');
  await jupyter.picture('lineage-export-found');
  expect(await save()).toMatch(/^name-model.json.*-openlineage.jsonl$/);
  await expect(
    news.filter({ hasText: /Downloaded .*: ([3-9]|\d\d) runs/ })
  ).toBeVisible();
  await explorer.row('model.json').first().getByRole('checkbox').check();
  await ask();
  await expect(
    dialog.getByRole('radio', { name: 'The selected row' })
  ).toBeChecked();
  await save();
  await expect(news.filter({ hasText: /Downloaded .*: 1 run,/ })).toBeVisible();
});

test('what a crate lacks is said, in the dark, too', async ({
  explorer,
  jupyter,
  page
}) => {
  const model = fileURLToPath(last.tasks.fit.outputs.model.uri);
  await jupyter.open();
  await jupyter.theme('Dark');
  await askFor(explorer);
  const dialog = page.locator('.claimed-ExportDialog');
  await dialog.getByRole('radio', { name: /RO-Crate/ }).check();
  await dialog.getByRole('checkbox', { name: /With the files/ }).check();
  await jupyter.picture('lineage-export-dark');
  renameSync(model, `${model}.away`);
  try {
    await dialog.getByRole('button', { name: 'Download' }).click();
    const news = page.locator('.Toastify__toast', { hasText: 'Downloaded' });
    await news.getByRole('button', { name: 'What Is Left Out' }).click();
    await expect(page.locator('.claimed-Export-left')).toContainText(
      'file that is elsewhere or gone: the crate has its URI only (once)'
    );
    await jupyter.picture('lineage-export-left-dark');
    await page.locator('.jp-Dialog').getByRole('button').last().click();
  } finally {
    renameSync(`${model}.away`, model);
  }
  await jupyter.theme('Light');
});
