import { Browser, Page } from '@playwright/test';
import { Canvas, expect, test } from '../ui/canvas';
import { lab } from '../ui/lab';
import { Lab } from '../ui/page';

const DOCUMENT = {
  tasks: {
    load: { component: 'input/load-table@1.0.0' },
    split: { component: 'transform/split-table@1.0.0' }
  },
  layout: { load: [0, 0], split: [400, 0] }
};

/** Another person, at another browser. */
async function another(browser: Browser): Promise<[Page, Lab, Canvas]> {
  const context = await browser.newContext({
    baseURL: lab.url,
    viewport: { width: 1440, height: 900 }
  });
  const page = await context.newPage();
  const jupyter = new Lab(page);
  return [page, jupyter, new Canvas(page, jupyter)];
}

test('two people draw in one pipeline, see each other, and undo their own', async ({
  browser,
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('together', DOCUMENT);
  await expect(canvas.cards).toHaveCount(2);
  await expect(jupyter.tab('together')).not.toHaveClass(/jp-mod-dirty/);
  const [page2, jupyter2, canvas2] = await another(browser);
  await jupyter2.open('together.pipeline');
  await expect(canvas2.cards).toHaveCount(2);

  await canvas.drag(
    canvas.port('load', 'out', 'table'),
    canvas.port('split', 'in', 'data')
  );
  await expect(canvas2.wires).toHaveCount(1);
  await jupyter2.card('load').click();
  await page2.keyboard.press('Control+d');
  await expect(jupyter.card('load_2')).toBeVisible();
  await expect(page.locator('.claimed-Other-box')).toBeVisible();
  await jupyter.picture('together');

  await page.locator('.claimed-Canvas').focus();
  await page.keyboard.press('Control+z');
  await expect(canvas2.wires).toHaveCount(0);
  await expect(jupyter2.card('load_2')).toBeVisible();
  await page.keyboard.press('Control+Shift+z');
  await expect(canvas2.wires).toHaveCount(1);

  await page.keyboard.press('Control+s');
  await expect
    .poll(() => Object.keys(canvas.read('together').tasks))
    .toEqual(['load', 'load_2', 'split']);
  expect(canvas.read('together').tasks.split.inputs).toEqual({
    data: { output: 'load.table' }
  });
  await page2.context().close();
});
