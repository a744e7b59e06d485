import { Page } from '@playwright/test';
import { creditRuns, openPart, paintTime } from './lineage-graph';
import { expect, test } from './page';

const host = (page: Page) => page.locator('.claimed-LineageGraph-host');
const card = (page: Page, id: string) =>
  host(page).locator(`[data-id="${id}"]`);
const spoken = (page: Page) => page.locator('.claimed-LineageGraph-live');

test('a lineage graph is walked through by the keyboard, and spoken', async ({
  jupyter,
  page
}) => {
  const part = creditRuns(12);
  part.nodes[5].down += 4;
  await openPart(page, part);
  await paintTime(page);
  await host(page).focus();
  await page.keyboard.press('ArrowLeft');
  for (let step = 0; step < 9; step++) {
    await page.keyboard.press('ArrowLeft'); // to the origin of all
  }
  await expect(spoken(page)).toContainText('german_credit.csv, Dataset');
  await page.keyboard.press('ArrowRight');
  await expect(spoken(page)).toContainText('load, Task run');
  await expect(spoken(page)).toContainText('1 input, 1 output');
  await jupyter.picture('lineage-graph-12');
  await page.keyboard.press('Escape');
  await expect(spoken(page)).toBeEmpty();
});

test('more of a node is shown beside it, and nothing else moves', async ({
  jupyter,
  page
}) => {
  const part = creditRuns(12);
  const execution = part.nodes[1];
  execution.down += 2;
  await openPart(page, part);
  await page.route(/\/claimed\/lineage\/graph\?\d+$/, route => {
    const more = [1, 2].map(i => ({
      ...part.nodes[4],
      id: `artifact/9${i}`,
      name: `more ${i}`
    }));
    const edges = more.map(({ id }) => ({
      source: execution.id,
      target: id,
      name: 'extra'
    }));
    const answer = { nodes: [execution, ...more], edges, start: [] };
    return route.fulfill({ json: { ...answer, truncated: false, missing: 0 } });
  });
  await paintTime(page);
  const before = await card(page, execution.id).boundingBox();
  await host(page)
    .getByRole('button', { name: /Show 2 outputs/ })
    .click();
  await expect(card(page, 'artifact/92')).toBeAttached();
  expect(await card(page, execution.id).boundingBox()).toEqual(before);
  const beside = (await card(page, 'artifact/92').boundingBox())!;
  expect(beside.x).toBeGreaterThan(before!.x + before!.width);
  await jupyter.picture('lineage-graph-more');
});

test('ten thousand nodes are laid out in a worker, and drawn in both themes', async ({
  jupyter,
  page
}) => {
  const worker = page.waitForEvent('worker', found =>
    found.url().includes('claimed-jlab')
  );
  await openPart(page, creditRuns(10_000));
  await worker;
  await paintTime(page);
  await jupyter.picture('lineage-graph-10000-near');
  await host(page).focus();
  await page.keyboard.press('0');
  await jupyter.picture('lineage-graph-10000');
  await jupyter.theme('Dark');
  await jupyter.picture('lineage-graph-10000-dark');
  await host(page).focus();
  for (let step = 0; step < 7; step++) {
    await page.keyboard.press('+');
    await page.waitForTimeout(320);
  }
  await jupyter.picture('lineage-graph-10000-names-dark');
  await jupyter.theme('Light');
});

test('where a page may have no workers, the layout is made all the same', async ({
  page
}) => {
  await page.addInitScript(() => {
    Object.assign(window, {
      Worker: class {
        constructor() {
          throw new DOMException('not by this policy', 'SecurityError');
        }
      }
    });
  });
  await openPart(page, creditRuns(3000));
  await paintTime(page);
});

test('repeats are one card each, which a click opens', async ({
  jupyter,
  page
}) => {
  await openPart(page, creditRuns(200), 'repeats');
  await paintTime(page);
  await jupyter.picture('lineage-graph-repeats');
  await host(page).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(spoken(page)).toContainText('Press Enter to open');
  await page.keyboard.press('Enter');
  await expect(spoken(page)).toContainText(/1 input/);
  await jupyter.picture('lineage-graph-opened');
});

test('other groups are in sight, wherever what is selected was', async ({
  page
}) => {
  await openPart(page, creditRuns(200));
  await paintTime(page);
  await host(page).focus();
  await page.keyboard.press('ArrowLeft'); // selects what is in the middle
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Shift+ArrowDown');
  }
  await page.getByRole('button', { name: 'No groups' }).click();
  await page.locator('.lm-Menu-item', { hasText: 'Group by type' }).click();
  const middle = page.viewportSize()!.height / 2;
  await expect
    .poll(async () => {
      const boxes = await host(page)
        .locator('[data-id^="group/"]')
        .evaluateAll(all => all.map(one => one.getBoundingClientRect().y));
      return boxes.some(y => Math.abs(y - middle) < middle);
    })
    .toBe(true);
});
