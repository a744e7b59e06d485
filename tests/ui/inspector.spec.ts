import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab } from './lab';
import { Lab, expect, test } from './page';

const EXAMPLE = 'trusted-ai/german-credit.pipeline';
const DOCUMENT = 'to-edit.pipeline';

test.describe.configure({ mode: 'serial' });

interface ISaved {
  parameters: { [name: string]: unknown };
  tasks: { [name: string]: { inputs?: unknown } };
}

/** The document as it is on the disk. */
function saved(path: string): ISaved {
  return JSON.parse(readFileSync(join(lab.root, path), 'utf-8'));
}

const source = (jupyter: Lab, input: string) =>
  jupyter.panel.getByLabel(`Where “${input}” comes from`);

const field = (jupyter: Lab, input: string) =>
  jupyter.port(input).getByLabel(input, { exact: true });

test('a task is a form: where each input comes from, and what it is', async ({
  jupyter
}) => {
  await jupyter.open(EXAMPLE);
  await jupyter.card('train').click();
  await expect(source(jupyter, 'data')).toHaveValue('output');
  await expect(field(jupyter, 'data')).toHaveValue(/\w+\.\w+/);
  await expect(source(jupyter, 'classifier')).toBeVisible();
  await jupyter.picture('inspector-light');
  await jupyter.panel.getByText('When, how often, with what').click();
  await expect(jupyter.panel.getByLabel('Only when')).toBeVisible();
  await jupyter.panel.getByText('About the component').click();
  await expect(jupyter.panel.locator('.claimed-Readme')).toContainText(
    /Train/i
  );
  await jupyter.panel.getByText('About the component').scrollIntoViewIfNeeded();
  await jupyter.picture('inspector-settings-light');
  await jupyter.theme('Dark');
  await jupyter.picture('inspector-settings-dark');
  await jupyter.theme('Light');
});

test('an edit of a field is an edit of the document, and is undone', async ({
  jupyter,
  page
}) => {
  await jupyter.open(DOCUMENT);
  await jupyter.card('one').click();
  await expect(source(jupyter, 'seconds')).toHaveValue('parameter');
  await source(jupyter, 'seconds').selectOption('value');
  await field(jupyter, 'seconds').fill('soon');
  const problem = jupyter.port('seconds').getByRole('alert');
  await expect(problem).toContainText("'soon' is not int");
  const problems = page.locator('.claimed-Problems');
  await expect(problems).toContainText("'soon' is not int");
  await jupyter.picture('inspector-problem-light');

  await jupyter.card('two').click();
  await problems.getByRole('button', { name: /soon/ }).click();
  await expect(field(jupyter, 'seconds')).toHaveValue('soon');
  await expect(field(jupyter, 'seconds')).toBeFocused();
  await field(jupyter, 'seconds').fill('4');
  await field(jupyter, 'seconds').fill('3');
  await expect(problems).toHaveCount(0);
  await jupyter.card('one').locator('.claimed-Card-title').click();
  await page.keyboard.press('Control+z');
  await expect(field(jupyter, 'seconds')).toHaveValue('soon');
  await page.keyboard.press('Control+Shift+z');
  await expect(field(jupyter, 'seconds')).toHaveValue('3');
  await page.keyboard.press('Control+s');
  await expect
    .poll(() => saved(DOCUMENT).tasks['one'])
    .toEqual({
      component: 'test/slow@1.0.0',
      inputs: { seconds: { value: 3 } }
    });
});

test('an input that is fed by another output moves its wire', async ({
  jupyter,
  page
}) => {
  await jupyter.open(EXAMPLE);
  await jupyter.card('train').click();
  await expect(field(jupyter, 'data')).toHaveValue('split.train');
  const wires = page.locator('.react-flow__edge');
  const count = await wires.count();
  await field(jupyter, 'data').selectOption('reweigh.weighted');
  await expect(wires).toHaveCount(count);
  await expect(
    page.getByLabel('weighted of reweigh to data of train', { exact: true })
  ).toHaveCount(1);
  await jupyter.picture('inspector-wire');
  await source(jupyter, 'data').selectOption('');
  await expect(wires).toHaveCount(count - 1);
  await expect(jupyter.port('data')).toContainText('not set: it is needed');
});

test('what feeds an input is chosen from what fits', async ({ jupyter }) => {
  await jupyter.open(DOCUMENT);
  await jupyter.card('two').click();
  await source(jupyter, 'seconds').selectOption('parameter');
  const offers = field(jupyter, 'seconds').locator('option');
  await expect(offers).toHaveText(['first (int)', 'second (int)']);
  await source(jupyter, 'seconds').selectOption('output');
  await expect(jupyter.port('seconds')).toContainText(
    'No other task gives what fits.'
  );
});

test('a task has when, retry and timeout, and another name', async ({
  jupyter,
  page
}) => {
  await jupyter.open(DOCUMENT);
  await jupyter.card('two').click();
  const { panel } = jupyter;
  await panel.getByText('When, how often, with what').click();
  await panel.getByLabel('Only when').fill('first > 1');
  await expect(panel.getByLabel('Times to try again')).toHaveValue('');
  await panel.getByLabel('Times to try again').fill('2');
  await panel.getByLabel('Only for these errors').fill('OSError, timeout');
  await panel.getByLabel('one', { exact: true }).check();
  await panel.getByLabel('Timeout (seconds)').fill('30');
  await panel.getByLabel('Memory').fill('1Gi');
  await panel.getByLabel('Skip when nothing changed').uncheck();
  await jupyter.picture('inspector-settings-filled');
  await panel.getByLabel('Name of the task').fill('later');
  await panel.getByLabel('Name of the task').press('Enter');
  await expect(jupyter.card('later')).toBeVisible();
  await expect(panel.getByLabel('Name of the task')).toHaveValue('later');
  await page.keyboard.press('Control+s');
  await expect
    .poll(() => saved(DOCUMENT).tasks['later'])
    .toEqual({
      component: 'test/slow@1.0.0',
      inputs: { seconds: { parameter: 'second' } },
      when: 'first > 1',
      retry: { attempts: 2, on: ['OSError', 'timeout'] },
      after: ['one'],
      timeout: 30,
      resources: { memory: '1Gi' },
      cache: false
    });
});

test('the pipeline has parameters, outputs and an end', async ({
  jupyter,
  page
}) => {
  await jupyter.open(DOCUMENT);
  await jupyter.command('claimed:pipeline-settings').click();
  const { panel } = jupyter;
  await expect(panel.getByLabel('Name', { exact: true })).toHaveValue(
    'Two waits'
  );
  await jupyter.picture('inspector-pipeline-light');
  await panel.getByRole('button', { name: 'Add a parameter' }).click();
  const name = panel.getByLabel('Name of the parameter “parameter”');
  await name.fill('model');
  await name.press('Enter');
  const type = panel.getByLabel('Type of “model”');
  await type.fill("Literal['small', 'large']");
  await type.press('Enter');
  await expect(
    panel.locator('[data-parameter="model"]').getByRole('alert')
  ).toContainText('the default');
  await panel.getByRole('button', { name: 'Close' }).click();
  await page
    .locator('.claimed-Problems')
    .getByRole('button', { name: /the default/ })
    .click();
  await expect(panel.getByLabel('Name of the parameter “model”')).toBeFocused();
  await panel.getByLabel('Default of “model”').selectOption('large');
  await expect(
    panel.locator('[data-parameter="model"]').getByRole('alert')
  ).toHaveCount(0);
  const second = panel.getByLabel('Name of the parameter “second”');
  await second.fill('seconds');
  await second.press('Enter');
  await panel
    .getByRole('button', { name: 'Remove the parameter “words”' })
    .click();
  await jupyter.theme('Dark');
  await jupyter.picture('inspector-pipeline-dark');
  await jupyter.theme('Light');
  await page.keyboard.press('Control+s');
  await expect
    .poll(() => saved(DOCUMENT).parameters['model'])
    .toEqual({ type: "Literal['small', 'large']", default: 'large' });
  const { parameters, tasks } = saved(DOCUMENT);
  expect(Object.keys(parameters).sort()).toEqual(['first', 'model', 'seconds']);
  expect(tasks['later'].inputs).toEqual({
    seconds: { parameter: 'seconds' }
  });
});
