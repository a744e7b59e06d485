import { gzipSync } from 'node:zlib';
import { expect, test } from './canvas';

test('the editor asks little of the start of JupyterLab', async ({
  canvas,
  jupyter,
  page
}) => {
  const sizes = new Map<string, number>();
  page.on('response', async response => {
    const file = /extensions\/claimed-jlab\/static\/([^?]*\.js)/.exec(
      response.url()
    )?.[1];
    if (file) {
      sizes.set(file, gzipSync(await response.body()).length);
    }
  });
  const total = () =>
    Math.round([...sizes.values()].reduce((sum, size) => sum + size, 0) / 1024);
  await jupyter.open();
  await page.waitForLoadState('networkidle');
  const start = total();
  await canvas.open('sizes', {
    tasks: { load: { component: 'input/load-table@1.0.0' } }
  });
  await jupyter.card('load').click();
  await expect(jupyter.panel).toBeVisible();
  await page.waitForLoadState('networkidle');
  expect(start).toBeLessThan(80); // palette, catalogs, runs and all the rest too
  expect(total()).toBeLessThan(350);
});
