import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from './canvas';
import { lab } from './lab';

const SAMPLE = resolve(
  __dirname,
  '../../components/transform/split-table/sample/table.csv'
);
const LOAD = { component: 'input/load-table@1.0.0' };
const SPLIT = { component: 'transform/split-table@1.0.0' };
const TRAIN = { component: 'train/sklearn-classifier@1.0.0' };
const PREDICT = { component: 'predict/sklearn-predict@1.0.0' };

/** Load and split, not wired, in one row. */
const PAIR = {
  tasks: { load: LOAD, split: SPLIT },
  layout: { load: [0, 0], split: [400, 0] }
};

test.beforeAll(() => {
  cpSync(SAMPLE, join(lab.root, 'people.csv'));
});

test('from the launcher to a running pipeline of two tasks it is five gestures', async ({
  canvas,
  jupyter,
  page
}) => {
  await jupyter.open();
  let gestures = 0;
  const gesture = async (action: () => Promise<void>) => {
    gestures++;
    await action();
  };
  await gesture(() =>
    page
      .locator('.jp-LauncherCard[data-category="CLAIMED"]', {
        hasText: 'Pipeline'
      })
      .click()
  );
  await expect(page.locator('.claimed-First')).toBeVisible();
  await jupyter.picture('drawing-first-screen');
  const table = page.locator('.jp-DirListing-item', { hasText: 'people.csv' });
  const middle = await canvas.point(0.5, 0.7);
  await gesture(() => canvas.drag(table, middle));
  await expect(canvas.choice('Load a table')).toBeVisible();
  await jupyter.picture('drawing-file-dropped');
  await gesture(() => page.keyboard.press('Enter'));
  await expect(jupyter.card('load_table')).toBeVisible();
  await gesture(async () => {
    await page.keyboard.press('a');
    await expect(canvas.choice('Split a table')).toBeVisible();
    await page.keyboard.type('split');
    await page.keyboard.press('Enter');
  });
  await expect(jupyter.card('split_table')).toBeVisible();
  await expect(canvas.wires).toHaveCount(1);
  await gesture(() => page.keyboard.press('Shift+Enter'));
  expect(gestures).toBeLessThanOrEqual(5);
  await expect(jupyter.runState).toHaveAttribute('data-state', 'COMPLETE', {
    timeout: 40_000
  });
  await jupyter.picture('drawing-first-pipeline');
});

test('only what fits lights up for a wire, and a wrong one says why', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('wiring', {
    tasks: { load: LOAD, split: SPLIT, predict: PREDICT },
    layout: { load: [0, 0], split: [400, 0], predict: [400, 320] }
  });
  const wrong = canvas.port('predict', 'in', 'model');
  await canvas.drag(canvas.port('load', 'out', 'table'), wrong, { hold: true });
  const fits = (task: string, port: string) =>
    jupyter.card(task).locator(`[data-port="${port}"]`);
  await expect(fits('split', 'data')).toHaveAttribute('data-fits', 'yes');
  await expect(fits('predict', 'data')).toHaveAttribute('data-fits', 'yes');
  await expect(fits('predict', 'model')).toHaveAttribute('data-fits', 'no');
  await expect(canvas.hint).toContainText(
    'predict.model takes Model, but load.table is Dataset'
  );
  await page.screenshot({
    path: 'test-results/pictures/drawing-wrong-wire.png'
  });
  await page.mouse.up();
  await expect(canvas.hint).toContainText('predict.model takes Model');
  await expect(canvas.wires).toHaveCount(0);

  await canvas.drag(
    canvas.port('load', 'out', 'table'),
    canvas.port('split', 'in', 'data')
  );
  await expect(canvas.wires).toHaveCount(1);
  const { tasks } = await canvas.saved('wiring');
  expect(tasks.split.inputs).toEqual({ data: { output: 'load.table' } });

  await canvas.drag(
    canvas.port('split', 'out', 'train'),
    canvas.port('load', 'in', 'source'),
    { hold: true }
  );
  await expect(canvas.hint).toContainText('the wire would close a circle');
  await page.mouse.up();
});

test('an output dragged to the empty canvas lists what takes it', async ({
  canvas,
  jupyter
}) => {
  await canvas.open('accepting', { tasks: { load: LOAD } });
  await canvas.drag(
    canvas.port('load', 'out', 'table'),
    await canvas.point(0.8, 0.2)
  );
  await expect(canvas.chooser).toContainText('What takes table (Dataset)');
  await expect(canvas.choice('Decide whether')).toHaveCount(0);
  await expect(canvas.chooser.locator('[role=option]').last()).toContainText(
    'Load a table'
  );
  await jupyter.picture('drawing-what-takes-it');
  await canvas.choice('Split a table').click();
  await expect(jupyter.card('split_table')).toBeVisible();
  await expect(canvas.wires).toHaveCount(1);
});

test('a component comes from the palette by drag, double click and Enter', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('palette', { tasks: {} });
  await jupyter.openPalette();
  const line = (title: string) =>
    jupyter.row(title).locator('.claimed-Tree-line');
  await canvas.drag(line('Load a table'), await canvas.point(0.3, 0.7));
  await expect(jupyter.card('load_table')).toBeVisible();
  await line('Split a table').dblclick();
  await expect(jupyter.card('split_table')).toBeVisible();
  await expect(canvas.wires).toHaveCount(1);
  await jupyter.row('Train a classifier').focus();
  await page.keyboard.press('Enter');
  await expect(canvas.cards).toHaveCount(3);
  // Train and test both fit: the user says which.
  await expect(canvas.wires).toHaveCount(1);
  await jupyter.picture('drawing-from-palette');
});

test('a notebook, a script and a pipeline are dragged in from the file browser', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('dropping', PAIR);
  const file = (name: string) =>
    page.locator('.jp-DirListing-item', { hasText: name });
  await canvas.drag(file('large-orders.ipynb'), await canvas.point(0.5, 0.8));
  await expect(jupyter.card('large_orders')).toBeVisible();
  await expect(jupyter.card('large_orders')).toContainText('orders');
  await canvas.drag(file('people.csv'), jupyter.card('load'));
  await jupyter.picture('drawing-notebook-dropped');
  const { tasks } = await canvas.saved('dropping');
  expect(tasks.large_orders.component).toBe('./large-orders.ipynb');
  expect(tasks.load.inputs).toEqual({ source: { value: 'people.csv' } });
  await canvas.drag(file('dropping.pipeline'), await canvas.point(0.5, 0.8));
  await expect(canvas.hint).toContainText('cannot contain itself');
});

test('tasks are selected, copied, pasted, duplicated, deleted, and all of it undone', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('copying', {
    ...PAIR,
    tasks: {
      load: LOAD,
      split: { ...SPLIT, inputs: { data: { output: 'load.table' } } }
    }
  });
  await expect(canvas.cards).toHaveCount(2);
  await jupyter.card('load').click();
  await page.keyboard.press('Control+a');
  await expect(page.locator('.claimed-Card[data-selected]')).toHaveCount(2);
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await expect(canvas.cards).toHaveCount(4);
  await expect(canvas.wires).toHaveCount(2);
  await page.keyboard.press('Control+d');
  await expect(canvas.cards).toHaveCount(6);
  await page.keyboard.press('Delete');
  await expect(canvas.cards).toHaveCount(4);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(canvas.cards).toHaveCount(4);
  await page.keyboard.press('Control+z');
  await expect(canvas.cards).toHaveCount(2);
  await page.keyboard.press('Control+Shift+z');
  await expect(canvas.cards).toHaveCount(4);
  const { tasks } = await canvas.saved('copying');
  expect(tasks.split_2.inputs).toEqual({ data: { output: 'load_2.table' } });
});

test('a wire is named, led another way, and cut', async ({ canvas, page }) => {
  await canvas.open('naming', {
    ...PAIR,
    tasks: {
      load: LOAD,
      split: { ...SPLIT, inputs: { data: { output: 'load.table' } } }
    }
  });
  await canvas.wires.locator('.react-flow__edge-interaction').click();
  await page.getByRole('button', { name: 'Name', exact: true }).click();
  await page.keyboard.type('all rows');
  await page.keyboard.press('Enter');
  await expect(page.locator('.claimed-Wire')).toContainText('all rows');
  const dot = page.locator('.claimed-Wire-dot').first();
  await canvas.drag(dot, await canvas.point(0.5, 0.85));
  await expect(
    page.locator('.claimed-Wire-dot:not(.claimed-mod-new)')
  ).toHaveCount(1);
  await page.screenshot({ path: 'test-results/pictures/drawing-wire.png' });
  const { canvas: drawn } = await canvas.saved('naming');
  expect(drawn!.wires!['split.data']).toMatchObject({ label: 'all rows' });
  expect(drawn!.wires!['split.data'].via).toHaveLength(1);
  await page.getByRole('button', { name: 'Cut' }).click();
  await expect(canvas.wires).toHaveCount(0);
});

test('notes are written, and groups collapse', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('grouping', {
    tasks: {
      load: LOAD,
      split: { ...SPLIT, inputs: { data: { output: 'load.table' } } },
      train: { ...TRAIN, inputs: { data: { output: 'split.train' } } }
    }
  });
  await jupyter.card('load').click();
  await jupyter.card('split').click({ modifiers: ['Control'] });
  await page.keyboard.press('g');
  await expect(page.getByLabel('Title of the group')).toBeFocused();
  await page.keyboard.type('Preparation');
  await page.keyboard.press('Enter');
  await expect(page.locator('.claimed-Group')).toContainText('Preparation');
  await page.keyboard.press('n');
  await expect(page.getByLabel('Note; double-click')).toBeFocused();
  await page.keyboard.type('Ask Ada about the labels');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.claimed-Note')).toContainText('Ask Ada');
  await jupyter.picture('drawing-group');
  await page.getByRole('button', { name: '▾' }).first().click();
  await expect(jupyter.card('load')).toBeHidden();
  await expect(page.locator('.claimed-Group')).toContainText('2 tasks');
  await expect(canvas.wires).toHaveCount(1);
  await jupyter.picture('drawing-group-collapsed');
  const { canvas: drawn } = await canvas.saved('grouping');
  expect(Object.values(drawn!.groups!)[0].tasks).toEqual(['load', 'split']);
});
