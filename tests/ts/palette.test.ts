import { describe, expect, it } from 'vitest';
import { catalogQuery } from '../../labextension/src/palette/catalog';
import { PaletteModel } from '../../labextension/src/palette/model';
import { Answer, component, fakeServer } from './fakes';

const COMPONENTS = [
  component({ name: 'load-table', title: 'Load a table', tags: ['csv'] }),
  component({
    name: 'aif360-fairness',
    title: 'Measure fairness (AIF360)',
    category: 'metric',
    group: 'AI Fairness',
    description: 'Compares groups of people.',
    requirements: ['aif360==0.6.1'],
    author: 'A. Person',
    catalog: 'Trusted AI',
    missing: ['aif360']
  }),
  component({
    name: 'blessing',
    title: 'Bless a model',
    category: 'metric',
    group: 'Acceptance'
  }),
  component({
    name: 'age',
    title: 'Age',
    category: 'metric',
    group: 'Acceptance'
  })
];

async function palette(answer: Answer = listing()): Promise<PaletteModel> {
  const model = new PaletteModel(fakeServer(() => answer).client);
  await model.refresh();
  return model;
}

function listing(): Answer {
  return { json: { components: COMPONENTS, diagnostics: [] } };
}

const labels = (model: PaletteModel) => model.rows.map(row => row.label);

describe('The palette', () => {
  it('loads in one request', async () => {
    const { client, requests } = fakeServer(listing);
    const model = new PaletteModel(client);
    expect(model.status).toBe('loading');
    await model.refresh();
    expect(model.status).toBe('ready');
    expect(requests.map(r => `${r.method} ${r.path}`)).toEqual([
      'GET components'
    ]);
  });

  it('groups by category and group, in alphabetical order, with counts', async () => {
    const model = await palette();
    expect(model.rows.map(r => [r.level, r.label, r.count])).toEqual([
      [1, 'input', 1],
      [2, 'Files', 1],
      [3, 'Load a table', null],
      [1, 'metric', 3],
      [2, 'Acceptance', 2],
      [3, 'Age', null],
      [3, 'Bless a model', null],
      [2, 'AI Fairness', 1],
      [3, 'Measure fairness (AIF360)', null]
    ]);
  });

  it.each([
    ['the name', 'blessing', 'Bless a model'],
    ['the title', 'LOAD A', 'Load a table'],
    ['the description', 'groups of people', 'Measure fairness (AIF360)'],
    ['a tag', 'csv', 'Load a table'],
    ['a library', 'aif360==', 'Measure fairness (AIF360)'],
    ['the author', 'a. person', 'Measure fairness (AIF360)'],
    ['the catalog', 'trusted ai', 'Measure fairness (AIF360)'],
    ['all of a catalog', 'catalog:trusted-ai', 'Measure fairness (AIF360)']
  ])('finds by %s', async (_, query, title) => {
    const model = await palette();
    model.query = query;
    expect(labels(model).slice(-1)).toEqual([title]);
    expect(model.matches).toBe(1);
  });

  it('finds what fits every word, and says when nothing does', async () => {
    const model = await palette();
    model.query = 'metric model';
    expect(model.matches).toBe(1);
    model.query = 'metric csv';
    expect(model.matches).toBe(0);
    expect(model.rows).toEqual([]);
  });

  it('finds of a catalog nothing that only speaks of it', async () => {
    const model = await palette();
    model.query = 'catalog:trusted';
    expect(model.matches).toBe(0);
  });

  it('shows the search that is made for the user', async () => {
    const model = await palette();
    model.search(catalogQuery('Trusted AI'));
    expect(model.query).toBe('catalog:Trusted-AI');
    expect(model.matches).toBe(1);
    expect(model.searches).toBe(1);
  });

  it('shows what a search found in a branch that was closed', async () => {
    const model = await palette();
    model.toggle('metric');
    expect(labels(model)).not.toContain('Bless a model');
    model.query = 'bless';
    expect(labels(model)).toContain('Bless a model');
    model.query = '';
    expect(labels(model)).not.toContain('Bless a model');
  });

  it('moves as the arrow keys do in a tree', async () => {
    const model = await palette();
    expect(model.active).toBe('input');
    model.move('down');
    expect(model.active).toBe('input/Files');
    model.move('last');
    expect(model.active).toBe('metric/aif360-fairness@1.0.0');
    model.move('down');
    expect(model.active).toBe('metric/aif360-fairness@1.0.0');
    model.move('out');
    expect(model.active).toBe('metric/AI Fairness');
    model.move('out');
    expect(labels(model)).not.toContain('Measure fairness (AIF360)');
    model.move('in');
    model.move('in');
    expect(model.active).toBe('metric/aif360-fairness@1.0.0');
    model.move('in');
    expect(model.rows.slice(-1)[0].expanded).toBe(true);
    model.move('first');
    expect(model.active).toBe('input');
  });

  it('keeps a row active when the search hides the one that was', async () => {
    const model = await palette();
    model.move('last');
    model.query = 'csv';
    expect(model.active).toBe('input');
  });

  it('says why it failed, and recovers', async () => {
    let answer: Answer = 'no network';
    const model = new PaletteModel(fakeServer(() => answer).client);
    await model.refresh();
    expect(model.status).toBe('error');
    expect(model.error).toMatch(/does not answer/);
    answer = listing();
    await model.refresh();
    expect(model.status).toBe('ready');
    expect(model.components).toHaveLength(4);
  });
});
