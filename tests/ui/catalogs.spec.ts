import { Locator, Page } from '@playwright/test';
import { join } from 'node:path';
import { lab } from './lab';
import { Lab, expect, test } from './page';
import { Repository } from './repository';

const NAME = 'strangers';

const panel = (page: Page): Locator =>
  page.locator('.claimed-Catalogs:visible');
const entry = (page: Page, name = NAME): Locator =>
  panel(page).locator(`[data-catalog="${name}"]`);
const greet = (jupyter: Lab): Locator => jupyter.row('Greet somebody');
const dialog = (page: Page): Locator => page.locator('.jp-Dialog');

async function openCatalogs(jupyter: Lab): Promise<void> {
  await jupyter.openPalette();
  await jupyter.command('claimed:manage-catalogs').click();
  await expect(entry(jupyter.page, 'mine')).toBeVisible();
}

async function add(page: Page, location: string, name = ''): Promise<void> {
  await panel(page).getByLabel('URL or folder').fill(location);
  await panel(page).getByLabel('Name (optional)').fill(name);
  await page.keyboard.press('Enter');
}

async function remove(page: Page, name = NAME): Promise<void> {
  await entry(page, name).getByRole('button', { name: 'Remove…' }).click();
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  await expect(entry(page, name)).toHaveCount(0);
}

test('a component of a git repository is used, once the user trusts it', async ({
  jupyter,
  page
}) => {
  test.setTimeout(180_000);
  const repository = new Repository();
  await jupyter.open();
  await openCatalogs(jupyter);

  await test.step('the repository is added and says where it is from', async () => {
    await add(page, repository.url, NAME);
    await expect(panel(page)).toContainText('“strangers” was added');
    await expect(entry(page)).toContainText('Git repository');
    await expect(entry(page)).toContainText(repository.url);
    await expect(entry(page)).toContainText(`commit ${repository.head}`);
    await expect(entry(page)).toContainText('from outside');
    await expect(panel(page).getByLabel('URL or folder')).toHaveValue('');
  });
  await test.step('the palette shows it, with who made it and where', async () => {
    await entry(page).getByRole('button', { name: '1 component' }).click();
    await expect(greet(jupyter)).toContainText('not trusted yet');
    await expect(jupyter.row('Load a table')).toHaveCount(0);
    await greet(jupyter).locator('.claimed-Tree-line').click();
    await expect(greet(jupyter)).toContainText('A. Stranger');
    await expect(greet(jupyter)).toContainText(repository.head);
    await jupyter.picture('catalogs-light');
    await jupyter.theme('Dark');
    await jupyter.picture('catalogs-dark');
    await jupyter.theme('Light');
  });
  await runFromOutside(jupyter);
  await changeCode(jupyter, repository);
  await switchOffAndRemove(jupyter);
});

async function runFromOutside(jupyter: Lab): Promise<void> {
  const { page } = jupyter;
  const run = () => jupyter.command('claimed:run-pipeline').click();
  await jupyter.open('outside.pipeline');
  await jupyter.openPalette();
  await expect(jupyter.card('greet')).toBeVisible();
  await test.step('a run asks, and Cancel is the answer at hand', async () => {
    await run();
    await expect(dialog(page)).toContainText('Trust this component?');
    await expect(dialog(page)).toContainText('test/greet@1.0.0');
    await expect(dialog(page)).toContainText('A. Stranger');
    await expect(
      dialog(page).getByRole('button', { name: 'Cancel' })
    ).toBeFocused();
    await jupyter.picture('trust-light');
    await page.keyboard.press('Enter');
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.locator('.claimed-RunState:visible')).toHaveText(
      'No run yet'
    );
  });
  await test.step('the code can be read first, which runs nothing', async () => {
    await run();
    await dialog(page)
      .getByRole('button', { name: 'Look at the code' })
      .click();
    const code = page.locator('.claimed-ExecutedNotebook:visible');
    await expect(code).toContainText('print(manners.GREETING, whom)');
    await expect(code).toContainText('GREETING = "Hello,"');
    await jupyter.picture('code-light');
    await jupyter.tab('outside').click();
    await expect(page.locator('.claimed-RunState:visible')).toHaveText(
      'No run yet'
    );
  });
  await test.step('trusted, it runs and is not asked about again', async () => {
    await jupyter.theme('Dark');
    await run();
    await expect(dialog(page)).toBeVisible();
    await jupyter.picture('trust-dark');
    await dialog(page).getByRole('button', { name: 'Trust and run' }).click();
    await expect(jupyter.runState).toHaveAttribute('data-state', 'COMPLETE', {
      timeout: 60_000
    });
    await expect(greet(jupyter)).not.toContainText('not trusted yet');
    await jupyter.theme('Light');
    await jupyter.run();
    await expect(jupyter.cardState('greet')).toHaveAttribute(
      'data-state',
      'CACHED'
    );
  });
}

async function changeCode(jupyter: Lab, repository: Repository): Promise<void> {
  const { page } = jupyter;
  await test.step('changed code is fetched on demand, and asks again', async () => {
    repository.edit('Hello,', 'Goodbye,');
    await jupyter.command('claimed:manage-catalogs').click();
    await expect(entry(page)).not.toContainText(repository.head);
    await entry(page).getByRole('button', { name: 'Refresh' }).click();
    await expect(entry(page)).toContainText(`commit ${repository.head}`);
    await expect(greet(jupyter)).toContainText('not trusted yet');
  });
}

async function switchOffAndRemove(jupyter: Lab): Promise<void> {
  const { page } = jupyter;
  await test.step('off, it leaves the palette; on, it is back', async () => {
    const onOff = entry(page).getByRole('switch');
    await onOff.focus();
    await page.keyboard.press('Space');
    await expect(onOff).not.toBeChecked();
    await expect(greet(jupyter)).toHaveCount(0);
    await jupyter.picture('catalogs-off-light');
    await page.keyboard.press('Space');
    await expect(greet(jupyter)).toBeVisible();
  });
  await test.step('it is removed when the user says so', async () => {
    await entry(page).getByRole('button', { name: 'Remove…' }).click();
    await dialog(page).getByRole('button', { name: 'Keep' }).click();
    await expect(entry(page)).toBeVisible();
    await remove(page);
    await expect(greet(jupyter)).toHaveCount(0);
    await expect(panel(page)).toContainText('“strangers” was removed');
  });
}

test('a place that is no catalog is said at its field', async ({
  jupyter,
  page
}) => {
  await jupyter.open();
  await openCatalogs(jupyter);
  const field = panel(page).getByLabel('URL or folder');
  await add(page, '');
  await expect(panel(page).getByRole('alert')).toHaveText(
    'Say where the catalog is.'
  );
  await add(page, join(lab.root, 'nowhere'));
  await expect(panel(page).getByRole('alert')).toContainText(
    'no such file or folder'
  );
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await jupyter.picture('catalogs-problem-light');
  await field.fill(lab.root);
  await expect(panel(page).getByRole('alert')).toHaveCount(0);
});

test('a Kubeflow component is listed as a container', async ({
  jupyter,
  page
}) => {
  await jupyter.open();
  await openCatalogs(jupyter);
  await add(
    page,
    join(lab.root, 'somewhere/train-elsewhere.yaml'),
    'elsewhere'
  );
  await expect(entry(page, 'elsewhere')).toContainText('Kubeflow component');
  const row = jupyter.row('Train elsewhere');
  await expect(row).toContainText('container');
  await row.locator('.claimed-Tree-line').click();
  await expect(row).toContainText('registry.test/trainers/boost:1.2');
  await expect(row).toContainText('runs on Kubeflow only');
  await jupyter.picture('container-light');
  await remove(page, 'elsewhere');
});

test('an empty palette leads to the catalogs', async ({ jupyter, page }) => {
  await page.route(/claimed\/components(\?|$)/, route =>
    route.fulfill({ json: { components: [], diagnostics: [] } })
  );
  await jupyter.open();
  await page.locator('[data-id="claimed-palette"]').click();
  await jupyter.picture('palette-empty-light');
  await page.getByRole('button', { name: 'Manage catalogs' }).click();
  await expect(panel(page).getByLabel('URL or folder')).toBeFocused();
});

test('the catalogs are found by the command palette, and stay open', async ({
  jupyter,
  page
}) => {
  await jupyter.open();
  await page.keyboard.press('Control+Shift+C');
  await page.locator('.lm-CommandPalette-input').fill('manage catalogs');
  await page.keyboard.press('Enter');
  await expect(entry(page, 'mine')).toBeVisible();
  await jupyter.reload('catalogs');
  await expect(entry(page, 'mine')).toBeVisible();
});
