import { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './canvas';
import { lab } from './lab';

const TASKS = 300;

/** Chains of five, each led by a table that is loaded. */
function large(): string {
  const tasks: { [name: string]: object } = {};
  for (let at = 0; at < TASKS; at++) {
    const before = `t${String(at - 1).padStart(3, '0')}`;
    const output = at % 5 === 1 ? 'table' : 'train';
    tasks[`t${String(at).padStart(3, '0')}`] =
      at % 5 === 0
        ? {
            component: 'input/load-table@1.0.0',
            inputs: { source: { value: 'stock.csv' } }
          }
        : {
            component: 'transform/split-table@1.0.0',
            inputs: { data: { output: `${before}.${output}` } }
          };
  }
  return JSON.stringify({ format: 'claimed-pipeline/1', name: 'large', tasks });
}

/** Records how long each frame takes, until it is asked. */
async function recordFrames(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const record = { frames: [] as number[], on: true };
    Object.assign(window, { record });
    let last = performance.now();
    const next = (now: number) => {
      record.frames.push(now - last);
      last = now;
      if (record.on) {
        requestAnimationFrame(next);
      }
    };
    requestAnimationFrame(next);
  });
  return () =>
    page.evaluate(() => {
      const { record } = window as unknown as {
        record: { frames: number[]; on: boolean };
      };
      record.on = false;
      return record.frames;
    });
}

// Not among the tests: `make bench` runs it, and holds the figures to what is promised.
test('300 tasks are opened, and one of them is dragged', async ({
  canvas,
  jupyter,
  page
}) => {
  writeFileSync(join(lab.root, 'large.pipeline'), large());
  writeFileSync(join(lab.root, 'small.pipeline'), large().slice(0, 0));
  await jupyter.open('small.pipeline'); // the editor itself is loaded
  await expect(page.locator('.react-flow__pane')).toBeVisible();
  const begin = Date.now();
  await page
    .locator('.jp-DirListing-item', { hasText: 'large.pipeline' })
    .dblclick();
  await page.waitForFunction(
    count =>
      document.querySelectorAll('.claimed-Card').length === count &&
      document.querySelectorAll('.react-flow__edge').length > count / 2,
    TASKS,
    { polling: 'raf' }
  );
  const open = Date.now() - begin;
  await jupyter.picture('drawing-300');

  const card = page.locator('.claimed-Card:visible').nth(42);
  const box = (await card.boundingBox())!;
  const start = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(start.x + 8, start.y + 8);
  await page.waitForTimeout(300);
  const frames = await recordFrames(page);
  for (let step = 1; step <= 40; step++) {
    await page.mouse.move(start.x + 8 + step * 4, start.y + 8 + step * 2);
  }
  const times = await frames();
  await page.mouse.up();
  const longest = Math.round(Math.max(...times));
  const middle = Math.round(
    [...times].sort((a, b) => a - b)[times.length >> 1]
  );
  writeFileSync(
    process.env.CLAIMED_FIGURES!,
    JSON.stringify({ open, longest, middle })
  );
});
