import { Page } from '@playwright/test';
import { IPart, creditRuns, openPart, paintTime } from './lineage-graph';
import { expect, test } from './page';

const host = (page: Page) => page.locator('.claimed-LineageGraph-host');
const card = (page: Page, id: string) =>
  host(page).locator(`[data-id="${id}"]`);
const showsTwo = (page: Page) =>
  host(page).getByRole('button', { name: /Show 2 outputs/ });
const spoken = (page: Page) => page.locator('.claimed-LineageGraph-live');

/** Opens a part whose first execution made two artifacts more, which come when one asks for them. */
async function twoMore(page: Page, part: IPart): Promise<IPart['nodes'][0]> {
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
  return execution;
}

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
  const execution = await twoMore(page, part);
  await paintTime(page);
  const before = await card(page, execution.id).boundingBox();
  await showsTwo(page).click();
  await expect(card(page, 'artifact/92')).toBeAttached();
  expect(await card(page, execution.id).boundingBox()).toEqual(before);
  const beside = (await card(page, 'artifact/92').boundingBox())!;
  expect(beside.x).toBeGreaterThan(before!.x + before!.width);
  await jupyter.picture('lineage-graph-more');
});

test('where cards are small, what one points at or selects shows how to get more', async ({
  jupyter,
  page
}) => {
  const execution = await twoMore(page, creditRuns(8));
  await paintTime(page);
  await host(page).focus();
  await page.keyboard.press('0');
  const small = card(page, execution.id);
  await expect
    .poll(async () => (await small.boundingBox())?.width)
    .toBeLessThan(80);
  await expect(showsTwo(page)).toHaveCount(0);
  await small.hover({ force: true });
  await expect(showsTwo(page)).toHaveCount(1);
  await test.step('it stays while the pointer goes there', async () => {
    await showsTwo(page).hover();
    await expect(showsTwo(page)).toHaveCount(1);
    await host(page).hover({ position: { x: 5, y: 5 } });
    await expect(showsTwo(page)).toHaveCount(0);
  });
  await test.step('a click shows it, and nothing moves', async () => {
    await small.click({ force: true });
    await host(page).hover({ position: { x: 5, y: 5 } });
    const before = await small.boundingBox();
    await jupyter.picture('lineage-graph-small-selected');
    await showsTwo(page).click();
    await expect(card(page, 'artifact/92')).toBeAttached();
    expect(await small.boundingBox()).toEqual(before);
  });
  await test.step('and the keys stay with the graph', async () => {
    await page.keyboard.press('ArrowLeft');
    await expect(spoken(page)).toContainText('german_credit.csv, Dataset');
  });
});

test('a large graph begins with what was asked for and what is about it', async ({
  jupyter,
  page
}) => {
  const part = creditRuns(60);
  const model = part.nodes.find(({ name }) => name.endsWith('.joblib'))!;
  part.start = [model.id];
  await openPart(page, part);
  await paintTime(page);
  const pane = (await host(page).boundingBox())!;
  const beside = part.edges.flatMap(({ source, target }) =>
    source === model.id ? [target] : target === model.id ? [source] : []
  );
  expect(beside).toHaveLength(4);
  for (const id of [model.id, ...beside]) {
    const box = (await card(page, id).boundingBox())!;
    expect(box.width).toBeGreaterThanOrEqual(104);
    expect(box.x).toBeGreaterThan(pane.x);
    expect(box.x + box.width).toBeLessThan(pane.x + pane.width);
    expect(box.y).toBeGreaterThan(pane.y);
    expect(box.y + box.height).toBeLessThan(pane.y + pane.height);
  }
  await jupyter.picture('lineage-graph-begin');
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
  for (let step = 0; step < 11; step++) {
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
