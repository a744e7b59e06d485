import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Page } from '@playwright/test';
import { expect, test } from './canvas';
import { lab } from './lab';

/** Load and split, not wired. */
const PAIR = {
  description: 'Reads a table and splits it.',
  tasks: {
    load: { component: 'input/load-table@1.0.0' },
    split: { component: 'transform/split-table@1.0.0' }
  },
  layout: { load: [0, 0], split: [400, 0] }
};

const code = (page: Page) => page.locator('.claimed-Python .cm-content');
const line = (page: Page, text: string) =>
  page.locator('.claimed-Python .cm-line', { hasText: text });
const status = (page: Page) => page.locator('.claimed-Python-status');

/** Runs a command as the palette does. */
async function command(page: Page, label: string): Promise<void> {
  await page.keyboard.press('Control+Shift+C');
  const search = page.locator('.lm-CommandPalette-input:visible');
  await search.fill(label);
  await page.keyboard.press('Enter');
}

test('an edit of the Python is drawn, and one of the canvas is written', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('both-ways', PAIR);
  await expect(jupyter.card('split')).toBeVisible();
  await jupyter.command('claimed:open-as-python').click();
  await expect(code(page)).toContainText('load = load_table()');
  await expect(status(page)).toHaveAttribute('data-status', 'same');
  await jupyter.picture('python-light');

  await test.step('a wire, written', async () => {
    await line(page, 'split = split_table()').click();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.type('data=load.outputs["table"]');
    await page.keyboard.press('End');
    await page.keyboard.type('  # mine');
    await expect(canvas.wires).toHaveCount(1);
    await expect(status(page)).toHaveAttribute('data-status', 'same');
    await jupyter.picture('python-edit-drawn');
  });
  await test.step('a mistake is said with its line, and nothing is lost', async () => {
    await line(page, 'load = load_table()').click();
    await page.keyboard.press('End');
    await page.keyboard.type('(');
    await expect(status(page)).toHaveAttribute('data-status', 'broken');
    await expect(page.locator('.claimed-Python-said')).toContainText('line ');
    await expect(canvas.wires).toHaveCount(1);
    await jupyter.picture('python-broken');
    await page.keyboard.press('Backspace');
    await expect(status(page)).toHaveAttribute('data-status', 'same');
  });
  await test.step('a task deleted on the canvas leaves the Python, the rest stays', async () => {
    await jupyter.card('load').click();
    await page.keyboard.press('Delete');
    await expect(code(page)).not.toContainText('load = load_table()');
    await expect(code(page)).toContainText('# mine');
  });
  await test.step('and comes back by undo', async () => {
    await page
      .locator('.react-flow__pane')
      .click({ position: { x: 20, y: 20 } });
    await page.keyboard.press('Control+z');
    await expect(code(page)).toContainText('load = load_table()');
    await expect(canvas.wires).toHaveCount(1);
  });
  await test.step('the module is written beside the document', async () => {
    await page
      .getByRole('button', { name: 'Write both-ways.py beside the document' })
      .click();
    const file = join(lab.root, 'both-ways.py');
    await expect
      .poll(() => existsSync(file) && readFileSync(file, 'utf8'))
      .toContain('# mine');
  });
});

test('what differs from the saved pipeline is listed, light and dark', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('versions', PAIR);
  await jupyter.card('load').click();
  await page.keyboard.press('Delete');
  await command(page, 'What Differs from the Saved Pipeline');
  const view = page.locator('.claimed-Difference');
  await expect(view.locator('[data-change="removed"]')).toContainText('load');
  await jupyter.picture('difference-light');
  await jupyter.theme('Dark');
  await jupyter.picture('difference-dark');
  await jupyter.tab('versions.pipeline').first().click();
  await jupyter.command('claimed:open-as-python').click();
  await expect(code(page)).toContainText('split = split_table()');
  await jupyter.picture('python-dark');
  await jupyter.theme('Light');
});
