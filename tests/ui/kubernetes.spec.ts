import { expect, test } from './canvas';

test('what a task asks of Kubernetes is typed line by line and kept as data', async ({
  canvas,
  jupyter
}) => {
  await canvas.open('on-nodes', {
    tasks: { load: { component: 'input/load-table@1.0.0' } }
  });
  await jupyter.card('load').locator('header').click();
  const { panel } = jupyter;
  await panel.getByText('When, how often, with what').click();
  await panel.locator('.claimed-Folded > summary').click();
  await panel.getByLabel('Node selector').fill('disk = fast\nzone = b');
  const volumes = panel.getByLabel('Volumes');
  await volumes.fill('{"claim": "data", "path": "/data"');
  await expect(panel).toContainText('line 1 is no JSON object');
  await volumes.fill('{"claim": "data", "path": "/data"}');
  await expect(panel).not.toContainText('is no JSON object');
  await jupyter.picture('kubernetes-light');
  await panel.getByLabel('Container image').fill('registry.test/tools:1');
  await panel.getByLabel('Container image').blur();
  const { tasks } = await canvas.saved('on-nodes');
  expect(tasks.load).toMatchObject({
    image: 'registry.test/tools:1',
    kubernetes: {
      node_selector: { disk: 'fast', zone: 'b' },
      volumes: [{ claim: 'data', path: '/data' }]
    }
  });
});
