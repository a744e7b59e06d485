import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ExplorerModel } from '../../labextension/src/lineage/explorer';
import {
  scopesOf,
  standards
} from '../../labextension/src/lineage/export/choice';
import {
  foundSubject,
  graphSubject,
  selectedFirst
} from '../../labextension/src/lineage/export/subject';
import { NOWHERE, IPlace } from '../../labextension/src/lineage/place';
import { RunsModel } from '../../labextension/src/runs/model';
import { fakeServer } from './fakes';
import { graph, lineageOf, node } from './lineagefakes';

const trans = nullTranslator.load('');
const wanted = (of: Parameters<typeof node>[0]) =>
  scopesOf(node(of), trans).map(({ value }) => value);

describe('What is exported of a node', () => {
  it('is, of an artifact, what it came from, or the run that made it', () => {
    expect(wanted({ id: 'artifact/3', run: 'r1' })).toEqual([
      { artifact: 'artifact/3' },
      { run: 'r1' }
    ]);
    expect(wanted({ id: 'artifact/3' })).toEqual([{ artifact: 'artifact/3' }]);
  });

  it('is, of a task, its run', () => {
    expect(wanted({ id: 'execution/5', kind: 'execution', run: 'r1' })).toEqual(
      [{ run: 'r1' }]
    );
  });

  it('is, of a pipeline, or of what no run of ours made, all runs it is in', () => {
    expect(wanted({ id: 'context/2', kind: 'context' })).toEqual([
      { query: 'context/2' }
    ]);
    expect(wanted({ id: 'execution/5', kind: 'execution' })).toEqual([
      { query: 'execution/5' }
    ]);
  });
});

/** An explorer at a place, in which each search finds the same. */
async function explorer(place: Partial<IPlace>, count = 2) {
  const nodes = Array.from({ length: count }, (_, i) =>
    node({ id: `artifact/${i}`, run: `r${i}`, pipeline: 'Credit' })
  );
  const { client } = fakeServer(({ path }) => ({
    json: path.startsWith('lineage/graph')
      ? graph([decodeURIComponent(/start=([^&]*)/.exec(path)![1])])
      : { nodes, next: null, node: nodes[0], tags: {}, note: null }
  }));
  const runs = new RunsModel({ client });
  const model = new ExplorerModel({
    client: lineageOf(client),
    runs,
    place: { ...NOWHERE, ...place }
  });
  onTestFinished(() => [model, runs].forEach(one => one.dispose()));
  await model.begin();
  return model;
}

describe('What is exported of a search', () => {
  const found = async (place: Partial<IPlace>, count?: number) =>
    foundSubject(await explorer(place, count), trans);
  const values = (subject: ReturnType<typeof foundSubject>) =>
    subject?.scopes.map(({ value }) => value);

  it('is all that it finds, more than what is loaded', async () => {
    const subject = await found({ query: 'type:Model' });
    expect(values(subject)).toEqual([{ query: 'type:Model' }]);
    expect(subject?.name).toBe('type:Model');
  });

  it('is all that there is where nothing was searched for', async () => {
    expect(values(await found({ view: 'table' }))).toEqual([{ query: '' }]);
  });

  it('is nothing where nothing was found', async () => {
    expect(await found({ query: 'type:Model' }, 0)).toBeNull();
  });

  it('is what used a file, as much of it as a query can name', async () => {
    expect(values(await found({ path: 'a.csv' }))).toEqual([
      { query: 'artifact/0 or artifact/1' }
    ]);
    const many = await found({ path: 'a.csv' }, 150);
    const { label, value } = many!.scopes[0];
    expect(label).toBe('The newest 100 that were found');
    expect(JSON.stringify(value).split(' or ')).toHaveLength(100);
  });

  it('is, first of all, what is selected of it', async () => {
    const subject = (await found({ query: 'type:Model' }))!;
    const some = [node({ id: 'artifact/1' }), node({ id: 'execution/2' })];
    expect(values(selectedFirst(subject, some, trans))).toEqual([
      { query: 'artifact/1 or execution/2' },
      { query: 'type:Model' }
    ]);
    expect(selectedFirst(subject, [], trans)).toBe(subject);
  });

  it('says why so many selected rows cannot be had alone', async () => {
    const subject = (await found({ query: 'type:Model' }))!;
    const rows = (count: number, digits: number) =>
      Array.from({ length: count }, (_, index) =>
        node({ id: `artifact/${10 ** digits + index}` })
      );
    expect(selectedFirst(subject, rows(100, 3), trans).note).toBeUndefined();
    const many = selectedFirst(subject, rows(101, 3), trans);
    expect(values(many)).toEqual([{ query: 'type:Model' }]);
    expect(many.note).toContain('101 rows are selected, but only 100');
    // The names of later nodes are longer, and a query has an end.
    const long = selectedFirst(subject, rows(100, 9), trans);
    expect(long.note).toContain('100 rows are selected, but only 87');
  });
});

describe('What is exported of a graph', () => {
  const drawn = async (place: Partial<IPlace>) =>
    graphSubject(await explorer(place), trans)?.scopes.map(
      ({ value }) => value
    );

  it('is what the search found that it is of', async () => {
    expect(await drawn({ query: 'type:Model' })).toEqual([
      { query: 'type:Model' }
    ]);
  });

  it('is, without a search, the newest run or all there is', async () => {
    expect(await drawn({})).toEqual([{ run: 'r0' }, { query: '' }]);
  });

  it('is the run or the node that it began at', async () => {
    expect(await drawn({ focus: 'run:r7' })).toEqual([{ run: 'r7' }]);
    expect(await drawn({ focus: 'artifact/5' })).toEqual([
      { artifact: 'artifact/5' }
    ]);
  });
});

describe('An export', () => {
  it('is asked for as the server knows it', async () => {
    const { client, requests } = fakeServer(() => ({ status: 201 }));
    const [, , crate] = standards(trans);
    const request = { run: 'r1', to: crate.value, name: 'x', with_files: true };
    await lineageOf(client).exportInto('', request);
    expect(requests).toEqual([
      {
        method: 'POST',
        path: 'lineage/export',
        body: {
          run: 'r1',
          to: 'ro-crate',
          name: 'x',
          with_files: true,
          folder: ''
        }
      }
    ]);
  });
});
