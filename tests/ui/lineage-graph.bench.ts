import { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { creditRuns, lookAt, openPart, paintTime } from './lineage-graph';
import { test } from './page';

const LARGE = 10_000;

/** How long frames take while something is done, in ms. */
async function framesOf(page: Page, act: () => Promise<void>) {
  await page.evaluate(() => {
    const record = { frames: [] as number[], isOn: true };
    Object.assign(window, { record });
    let last = performance.now();
    const next = (now: number) => {
      record.frames.push(now - last);
      last = now;
      if (record.isOn) {
        requestAnimationFrame(next);
      }
    };
    requestAnimationFrame(next);
  });
  await act();
  return page.evaluate(() => {
    const { record } = window as unknown as {
      record: { frames: number[]; isOn: boolean };
    };
    record.isOn = false;
    return record.frames.slice(1);
  });
}

/** Drags the picture there and back, as far as it goes. */
async function drag(page: Page): Promise<void> {
  const box = (await page.locator('.claimed-LineageGraph-host').boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 0; step <= 60; step++) {
    const turn = (step / 60) * 2 * Math.PI;
    await page.mouse.move(
      x + (Math.cos(turn) - 1) * box.width * 0.4,
      y + Math.sin(turn) * box.height * 0.45
    );
  }
  await page.mouse.up();
}

// Not among the tests: `make bench` runs it, and holds the figures to what is promised.
test('lineage of 200 and of 10,000 nodes is painted, and panned', async ({
  page
}) => {
  test.setTimeout(180_000);
  const figures: { [name: string]: number } = {};
  for (const [name, count] of [
    ['small', 200],
    ['large', LARGE]
  ] as const) {
    const times: number[] = [];
    for (let turn = 0; turn < 3; turn++) {
      await openPart(page, creditRuns(12));
      await lookAt(page, creditRuns(count));
      times.push(await paintTime(page));
    }
    figures[name] = times.sort((a, b) => a - b)[1];
  }
  const pane = page.locator('.claimed-LineageGraph-host');
  await pane.focus();
  await page.waitForTimeout(1500); // what starts with JupyterLab comes to rest
  const zooms: [string, string[]][] = [
    ['near', []],
    ['whole', ['0']],
    ['between', Array<string>(11).fill('+')] // names are read from here on
  ];
  for (const [name, keys] of zooms) {
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(400);
    }
    await page.waitForTimeout(800);
    const times = await framesOf(page, () => drag(page));
    figures[name] = Math.max(...times);
  }
  writeFileSync(process.env.CLAIMED_FIGURES!, JSON.stringify(figures));
});
