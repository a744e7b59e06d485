import { expect, test } from './canvas';

test('a pipeline is drawn by the keyboard alone', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('keyboard', { tasks: {} });
  const { keyboard } = page;
  const choose = async (text: string) => {
    await expect(canvas.chooser).toBeVisible();
    await expect(canvas.choice(text).first()).toBeVisible();
    await keyboard.type(text);
    await keyboard.press('Enter');
  };
  await page.locator('.claimed-Canvas').focus();
  await keyboard.press('a');
  await choose('Load a table');
  await expect(jupyter.card('load_table')).toBeVisible();
  await keyboard.press('a');
  await choose('Train a classifier');
  await expect(canvas.wires).toHaveCount(1);
  await keyboard.press('Delete');
  await expect(canvas.cards).toHaveCount(1);
  await keyboard.press('Alt+ArrowRight'); // nothing is selected: the first
  await keyboard.press('a');
  await choose('Split a table');
  await expect(canvas.wires).toHaveCount(1);
  await keyboard.press('Control+d');
  await expect(jupyter.card('split_table_2')).toBeVisible();
  await keyboard.press('Alt+ArrowUp');
  await keyboard.press('Alt+ArrowLeft');
  await expect(jupyter.card('load_table')).toHaveAttribute(
    'data-selected',
    'true'
  );
  await keyboard.press('c');
  await choose('rows');
  await expect(canvas.chooser).toContainText('Connect load_table.rows');
  await jupyter.picture('drawing-keyboard');
  await choose('seed');
  await expect(canvas.wires).toHaveCount(3);
  await keyboard.press('Control+f');
  await choose('split_table_2');
  await expect(jupyter.card('split_table_2')).toHaveAttribute(
    'data-selected',
    'true'
  );
  await keyboard.press('Delete');
  await keyboard.press('Control+z');
  await expect(canvas.cards).toHaveCount(3);
  const { tasks } = await canvas.saved('keyboard');
  expect(Object.keys(tasks)).toEqual([
    'load_table',
    'split_table',
    'split_table_2'
  ]);
});

test('the example runs as it is drawn, in the dark too', async ({
  canvas,
  jupyter,
  page
}) => {
  await canvas.open('example', { tasks: {} });
  await jupyter.theme('Dark');
  try {
    await page.getByRole('button', { name: 'Begin with an example' }).click();
    await expect(canvas.cards).toHaveCount(3);
    await expect(canvas.wires).toHaveCount(2);
    await jupyter.run();
    await expect(jupyter.runState).toHaveAttribute('data-state', 'COMPLETE', {
      timeout: 50_000
    });
    await jupyter.card('split_table').click();
    await page.keyboard.press('n');
    await expect(page.getByLabel('Note; double-click')).toBeFocused();
    await page.keyboard.type('Half of it is for testing');
    await page.keyboard.press('Control+Enter');
    await jupyter.picture('drawing-dark');
  } finally {
    await jupyter.theme('Light');
  }
});

test('the context menu is of what it is opened on, and aligns', async ({
  canvas,
  jupyter,
  page
}) => {
  const { component } = { component: 'input/load-table@1.0.0' };
  await canvas.open('menu', {
    tasks: { a: { component }, b: { component } },
    layout: { a: [0, 0], b: [300, 60] }
  });
  await jupyter.card('a').click();
  await jupyter.card('b').click({ modifiers: ['Control'] });
  await jupyter.card('b').click({ button: 'right' });
  const item = (label: string) =>
    page.locator('.lm-Menu-item:visible', { hasText: label });
  await item('Align').hover();
  await expect(item('Top Edges')).toBeVisible();
  await page.screenshot({ path: 'test-results/pictures/drawing-menu.png' });
  await item('Top Edges').click();
  const { layout } = await canvas.saved('menu');
  expect(layout).toEqual({ a: [0, 0], b: [300, 0] });
  await page.locator('.react-flow__pane').click({ position: { x: 9, y: 9 } });
  await jupyter.card('a').click({ button: 'right' });
  await item('Delete').click();
  await expect(canvas.cards).toHaveCount(1);
  await expect(jupyter.card('b')).toBeVisible();
});
