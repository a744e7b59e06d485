import { describe, expect, it } from 'vitest';
import { MOST, ResultsModel } from '../../labextension/src/lineage/results';
import { SearchModel } from '../../labextension/src/lineage/searchmodel';
import { fakeServer } from './fakes';
import { lineageOf, node } from './lineagefakes';

describe('What was found', () => {
  const pages = (count: number) => {
    let page = 0;
    const nodes = () =>
      [...Array(200).keys()].map(i =>
        node({ id: `artifact/${page * 200 + i}` })
      );
    return fakeServer(() => {
      const json = { nodes: nodes(), next: ++page < count ? `p${page}` : null };
      return { json };
    });
  };

  it('is loaded a page at a time', async () => {
    const { client, requests } = pages(3);
    const results = new ResultsModel(lineageOf(client));
    await results.find({ query: 'x', path: null });
    await Promise.all([results.more(), results.more()]);
    expect(results.nodes).toHaveLength(400);
    await results.all();
    expect(results.nodes).toHaveLength(600);
    expect(results.hasMore).toBe(false);
    expect(requests.map(({ path }) => path)[2]).toBe(
      'lineage/find?q=x&limit=200&full=1&cursor=p2'
    );
  });

  it('is never more than one can look through', async () => {
    const { client } = pages(1000);
    const results = new ResultsModel(lineageOf(client));
    await results.find({ query: '', path: null });
    await results.all();
    expect(results.nodes).toHaveLength(MOST);
    expect(results.hasMore).toBe(true);
  });

  it('is forgotten when something else is looked for meanwhile', async () => {
    const { client } = fakeServer(({ path }) => ({
      json: {
        nodes: [node({ id: path.includes('q=old') ? 'old' : 'new' })],
        next: null
      }
    }));
    const results = new ResultsModel(lineageOf(client));
    await Promise.all([
      results.find({ query: 'old', path: null }),
      results.find({ query: 'new', path: null })
    ]);
    expect(results.nodes.map(({ id }) => id)).toEqual(['new']);
  });
});

describe('The search box', () => {
  const box = () => {
    const searched: string[] = [];
    const suggestion = { text: 'type:', start: 0, end: 2, kind: '', about: '' };
    const search = new SearchModel({
      complete: async () => [suggestion, { ...suggestion, text: 'task:' }],
      search: query => searched.push(query),
      offered: () => [{ text: 'state:FAILED', about: '' }],
      rest: 0
    });
    return { search, searched };
  };

  it('offers whole searches first, and takes one by the keys', () => {
    const { search, searched } = box();
    search.open();
    expect(search.isOpen).toBe(true);
    search.step(1);
    expect(search.takeActive()).toBe(true);
    expect(searched).toEqual(['state:FAILED']);
    expect(search.isOpen).toBe(false);
  });

  it('completes what is typed, with the cursor behind it', async () => {
    const { search, searched } = box();
    search.type('ta', 2);
    await settled(10);
    search.step(-1);
    expect(search.active).toBe(1);
    search.takeActive();
    expect(search.text).toBe('task:');
    expect(search.cursor).toBe(5);
    expect(searched).toEqual([]);
    search.search();
    expect(searched).toEqual(['task:']);
  });

  it('searches for what is typed when nothing is marked', () => {
    const { search, searched } = box();
    search.type('model', 5);
    expect(search.takeActive()).toBe(false);
    search.search();
    expect(searched).toEqual(['model']);
  });
});

function settled(milliseconds = 5): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
