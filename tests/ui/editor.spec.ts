import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab } from './lab';
import { expect, test } from './page';

const EXAMPLE = 'trusted-ai/german-credit.pipeline';

test('a pipeline shows its tasks by full name, with typed ports', async ({
  jupyter,
  page
}) => {
  await jupyter.open(EXAMPLE);
  const document = JSON.parse(readFileSync(join(lab.root, EXAMPLE), 'utf8'));
  await expect(page.locator('.claimed-Card')).toHaveCount(
    Object.keys(document.tasks).length
  );
  const split = jupyter.card('split');
  await expect(split.locator('.claimed-Card-title')).toHaveText(
    'Split a table for training and testing'
  );
  for (const [port, type] of [
    ['data', 'Dataset'],
    ['train', 'Dataset']
  ]) {
    const shown = split.locator(`[data-port="${port}"]`);
    await expect(shown.locator('.claimed-Port-type')).toHaveText(type);
    await expect(shown.locator('.claimed-Shape')).toHaveAttribute(
      'data-type',
      type
    );
  }
  await expect(page.locator('.claimed-Legend')).toContainText('Model');
  await expect(page.locator('.react-flow__edge')).not.toHaveCount(0);
  await expect(jupyter.tab('german-credit')).not.toHaveClass(/jp-mod-dirty/);

  await jupyter.openPalette();
  await jupyter.row('Load a table').locator('.claimed-Tree-line').click();
  const closer = page.locator('.react-flow__controls-zoomin');
  for (let i = 0; i < 3; i++) {
    await closer.click();
  }
  await expect(split.locator('.claimed-Card-overview')).toBeHidden();
  await jupyter.picture('cards-light');
});

test('a task that is moved makes the document dirty, and is saved where it is', async ({
  jupyter,
  page
}) => {
  const path = join(lab.root, 'invalid.pipeline');
  const before = readFileSync(path, 'utf8');
  await jupyter.open('invalid.pipeline');
  const card = jupyter.card('wait');
  await expect(card).toBeVisible();
  const box = (await card.boundingBox())!;
  await page.mouse.move(box.x + 40, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + 140, box.y + 80, { steps: 8 });
  await page.mouse.up();
  await expect(jupyter.tab('invalid')).toHaveClass(/jp-mod-dirty/);
  expect(readFileSync(path, 'utf8')).toBe(before);

  const left = async () => Math.round((await card.boundingBox())!.x - box.x);
  await expect.poll(left).toBeGreaterThan(50);
  await page.keyboard.press('Control+z');
  await expect.poll(left).toBe(0);
  await page.keyboard.press('Control+Shift+z');
  await expect.poll(left).toBeGreaterThan(50);

  await page.keyboard.press('Control+s');
  await expect(jupyter.tab('invalid')).not.toHaveClass(/jp-mod-dirty/);
  const { layout, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  expect(Object.keys(layout)).toEqual(['wait']);
  expect(rest).toEqual(JSON.parse(before));

  await jupyter.open('invalid.pipeline');
  await expect(card).toBeVisible();
  await expect(jupyter.tab('invalid')).not.toHaveClass(/jp-mod-dirty/);
});

test('problems are shown on the task and in a list that leads to it', async ({
  jupyter,
  page
}) => {
  await jupyter.open('invalid.pipeline');
  await expect(jupyter.card('other')).toContainText('1 problem');
  const problem = page.locator('.claimed-Problems button', {
    hasText: "there is no task 'nobody'"
  });
  await problem.click();
  await expect(jupyter.panel).toContainText("there is no task 'nobody'");
});

test('a broken document shows its line, is not written to, and comes back', async ({
  jupyter,
  page
}) => {
  const path = join(lab.root, 'broken.pipeline');
  const broken = readFileSync(path, 'utf8');
  await jupyter.open('broken.pipeline');
  const message = page.locator('.claimed-Message');
  await expect(message).toContainText('broken.pipeline, line 5');
  await expect(message.locator('[data-at]')).toContainText('"load"');
  await jupyter.picture('broken-document');
  await page.keyboard.press('Control+s');
  await page.waitForTimeout(500);
  expect(readFileSync(path, 'utf8')).toBe(broken);

  await message.getByRole('button', { name: 'Open as text' }).click();
  const editor = page.locator('.jp-FileEditor .cm-content');
  await editor.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(
    broken.replace('"component" "input', '"component": "input')
  );
  await page.keyboard.press('Control+s');
  await expect(jupyter.card('load')).toBeVisible();
  writeFileSync(path, broken);
});

test('an empty pipeline says what to do next', async ({ jupyter, page }) => {
  await jupyter.open('empty.pipeline');
  await expect(page.locator('.claimed-First')).toContainText(
    'This pipeline has no tasks yet'
  );
  await jupyter.picture('first-screen');
  await expect(jupyter.tab('empty')).not.toHaveClass(/jp-mod-dirty/);
});

test('a new pipeline can be made from the menu', async ({ jupyter, page }) => {
  await jupyter.open();
  await jupyter.menu('File', 'New', 'New Pipeline');
  await expect(page.locator('.claimed-First')).toContainText('no tasks yet');
  const file = readFileSync(join(lab.root, 'untitled.pipeline'), 'utf8');
  expect(JSON.parse(file).format).toBe('claimed-pipeline/1');
});

test('when the server cannot be asked the editor says so and tries again', async ({
  jupyter,
  page
}) => {
  await page.route('**/claimed/pipelines/describe*', route => route.abort());
  await jupyter.open('waiting.pipeline');
  await expect(page.locator('.claimed-Message')).toContainText(
    'The server does not answer'
  );
  await page.unroute('**/claimed/pipelines/describe*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(jupyter.card('wait')).toBeVisible();
});
