import { afterEach, describe, expect, it } from 'vitest';
import { IVersion } from '../../labextension/src/api/lineage';
import { ExplorerModel } from '../../labextension/src/lineage/explorer';
import { NOWHERE } from '../../labextension/src/lineage/place';
import { nothingOf } from '../../labextension/src/lineage/nothing';
import { RunsModel } from '../../labextension/src/runs/model';
import { Answer, IRequest, fakeServer, run } from './fakes';
import { graph, lineageOf, node } from './lineagefakes';

type Answers = { [path: string]: unknown };

let open: { dispose: () => void }[] = [];
afterEach(() => {
  open.forEach(one => one.dispose());
  open = [];
});

/** An explorer of a server that answers by what a path begins with. */
function explore(answers: Answers, place = NOWHERE) {
  const answer = ({ path }: IRequest): Answer => {
    const known = Object.keys(answers).find(key => path.startsWith(key));
    const json = known === undefined ? undefined : answers[known];
    return json === undefined
      ? { status: 404, json: { error: { code: 'x', message: 'not there' } } }
      : typeof json === 'function'
        ? json()
        : { json };
  };
  const { client, requests } = fakeServer(answer);
  const runs = new RunsModel({ client });
  const lineage = lineageOf(client);
  const model = new ExplorerModel({ client: lineage, runs, place, live: 1 });
  open.push(model, runs);
  return { model, runs, requests };
}

const detail = (id: string) => ({ node: node({ id }), tags: {}, note: null });

const paths = (requests: IRequest[]) => requests.map(({ path }) => path);

describe('The explorer', () => {
  it('begins with the newest run', async () => {
    const { model, requests } = explore({
      'lineage/find': { nodes: [node({ run: 'r7' })], next: null },
      'lineage/graph': graph(['a', 'b'], ['a>b'])
    });
    await model.begin();
    expect(paths(requests)).toEqual([
      'lineage/find?q&limit=200&full=1',
      'lineage/graph?start=run%3Ar7&up=0&down=0&limit=400'
    ]);
    expect(model.graph.counts().nodes).toBe(2);
    expect(nothingOf({ model })).toBeNull();
  });

  it('says that nothing has run, and draws the first run when it comes', async () => {
    const answers: Answers = { 'lineage/find': { nodes: [], next: null } };
    const { model } = explore(answers);
    await model.begin();
    expect(nothingOf({ model })).toBe('empty');
    await model.go({ view: 'timeline' });
    expect(nothingOf({ model })).toBe('empty');
    await model.go({ view: 'graph' });
    answers['lineage/find'] = { nodes: [node({ run: 'r1' })], next: null };
    answers['lineage/graph'] = graph(['a']);
    await model.refresh();
    expect(nothingOf({ model })).toBeNull();
    expect(model.graph.counts().nodes).toBe(1);
  });

  it('looks at a node: two steps up and down, selected, and read', async () => {
    const { model, requests } = explore({
      'lineage/graph': graph(['artifact/5', 'b']),
      'lineage/nodes/artifact/5': detail('artifact/5')
    });
    await model.focus('artifact/5');
    expect(paths(requests)).toContain(
      'lineage/graph?start=artifact%2F5&up=2&down=2&limit=400'
    );
    expect(model.graph.selected).toBe('artifact/5');
    expect(model.detail.detail?.node.id).toBe('artifact/5');
    expect(model.history.trail).toEqual(['artifact/5']);
  });

  it('asks for what is one step further, with edges to what is known', async () => {
    const { model, requests } = explore(
      { 'lineage/graph': graph(['a', 'b'], ['a>b']) },
      { ...NOWHERE, focus: 'a' }
    );
    await model.begin();
    model.graph.expandRequested.emit({ id: 'b', direction: 'down' });
    await settled();
    const { method, body } = requests[requests.length - 1];
    expect(method).toBe('POST');
    expect(body).toEqual({
      start: ['b'],
      up: 0,
      down: 1,
      limit: 400,
      known: ['a', 'b']
    });
  });

  it('does not bring back what was put away when runs go on', async () => {
    const answers: Answers = {
      'lineage/graph': graph(['a', 'b', 'c'], ['a>b', 'b>c'])
    };
    const { model, runs } = explore(answers, { ...NOWHERE, focus: 'a' });
    await model.begin();
    model.graph.collapse('b', 'down');
    expect(model.graph.node('c')).toBeUndefined();
    answers['lineage/graph'] = graph(
      ['a', 'b', 'c', 'd'],
      ['a>b', 'b>c', 'b>d']
    );
    answers['runs/r1'] = run();
    await runs.fetch('r1');
    await settled(50);
    expect(model.graph.node('d')).toBeDefined();
    expect(model.graph.node('c')).toBeUndefined();
  });

  it('asks for nothing while nobody looks, and for all when one looks again', async () => {
    const { model, runs, requests } = explore(
      { 'lineage/graph': graph(['a']), 'runs/r1': run() },
      { ...NOWHERE, focus: 'a' }
    );
    await model.begin();
    model.isVisible = false;
    const before = requests.length;
    await runs.fetch('r1');
    await settled(30);
    expect(requests.length).toBe(before + 1);
    model.isVisible = true;
    await settled(10);
    expect(paths(requests).slice(before + 1)[0]).toMatch(/^lineage\/graph/);
  });

  it('waits for the other end of a path, whichever comes first', async () => {
    const asked: string[] = [];
    const answers: Answers = { 'lineage/graph?': graph(['a', 'b', 'c']) };
    answers['lineage/graph/between'] = () => {
      asked.push('between');
      const ways = graph(asked.length === 1 ? [] : ['c', 'b', 'a']);
      return { json: ways };
    };
    const { model } = explore(answers, { ...NOWHERE, focus: 'a' });
    await model.begin();
    model.await({ what: 'path', node: node({ id: 'a' }) });
    model.graph.select('c');
    await settled();
    expect(model.pending).toBeNull();
    expect(model.place).toMatchObject({ from: 'a', to: 'c', focus: 'a' });
    expect(asked).toHaveLength(2);
    expect(model.graph.path).toEqual(['c', 'b', 'a']);
    await model.go({ from: null, to: null });
    expect(model.graph.path).toEqual([]);
  });

  it('keeps the end of a path selected, though only the path draws it', async () => {
    const { model } = explore({
      'lineage/graph/between': graph(['c', 'b', 'a'], ['c>b', 'b>a']),
      'lineage/graph': graph(['a']),
      'lineage/find': { nodes: [node({ id: 'c' })], next: null }
    });
    await model.find('c');
    model.await({ what: 'path', node: node({ id: 'a' }) });
    await model.select('c');
    await settled();
    expect(model.place).toMatchObject({ from: 'a', to: 'c', selected: 'c' });
    expect(model.graph.selected).toBe('c');
    expect(model.graph.path).toEqual(['c', 'b', 'a']);
  });

  it('leaves what was selected when one looks for something else', async () => {
    const { model } = explore({
      'lineage/graph': graph(['artifact/1']),
      'lineage/find': { nodes: [node({ id: 'artifact/7' })], next: null }
    });
    await model.focus('artifact/1');
    await model.find('name:other');
    expect(model.place.selected).toBeNull();
    await model.back();
    expect(model.place.selected).toBe('artifact/1');
  });

  it('goes back to what one looked at, with what was selected', async () => {
    const { model } = explore({
      'lineage/graph?start=artifact%2F1': graph(['artifact/1', 'artifact/2']),
      'lineage/graph?start=artifact%2F2': graph(['artifact/2', 'artifact/3'])
    });
    await model.focus('artifact/1');
    await model.select('artifact/2');
    await model.focus('artifact/2');
    await model.back();
    expect(model.place.focus).toBe('artifact/1');
    expect(model.graph.selected).toBe('artifact/2');
    await model.forward();
    expect(model.graph.node('artifact/3')).toBeDefined();
  });

  it('says in one line why a part cannot be drawn, and tries again', async () => {
    const answers: Answers = {};
    const { model } = explore(answers, { ...NOWHERE, focus: 'artifact/9' });
    await model.begin();
    expect(nothingOf({ model })).toBe('error');
    expect(model.part.error).toBe('not there');
    answers['lineage/graph'] = graph(['artifact/9']);
    answers['lineage/find'] = { nodes: [], next: null };
    await model.retry();
    expect(nothingOf({ model })).toBeNull();
  });

  it('lists where a file was used, or that it was not', async () => {
    const { model } = explore({ 'lineage/used': { nodes: [] } });
    await model.go({ path: 'a b.csv', view: 'table' });
    expect(nothingOf({ model })).toBe('unused');
  });
});

describe('The versions that are read', () => {
  it('stay when another of them is selected', async () => {
    const ids = ['artifact/1', 'artifact/2'];
    const versions: IVersion[] = ids.map(id => ({
      node: node({ id }),
      metrics: {},
      parameters: {},
      same: false
    }));
    const { model, requests } = explore({
      'lineage/graph': graph(ids),
      'lineage/nodes/artifact/1/versions': { versions, current: 0 },
      'lineage/nodes/artifact/2/versions': { versions, current: 1 }
    });
    await model.go({ focus: ids[0], selected: ids[0], view: 'timeline' });
    await model.select(ids[1]);
    const asked = paths(requests).filter(path => path.endsWith('versions'));
    expect(asked).toEqual(['lineage/nodes/artifact/1/versions']);
    expect(model.timeline.versions).toHaveLength(2);
  });
});

describe('Tags and notes', () => {
  it('are kept by the server, or the panel says why not', async () => {
    const answers: Answers = {
      'lineage/nodes/artifact/1/tags': { tags: { good: '' } },
      'lineage/nodes/artifact/1/note': { note: { text: 'hi' } },
      'lineage/nodes/artifact/1': detail('artifact/1'),
      'lineage/graph': graph(['artifact/1'])
    };
    const { model, requests } = explore(answers);
    await model.focus('artifact/1');
    await model.detail.addTag('good');
    const [put] = requests.filter(({ method }) => method === 'PUT');
    expect(put.body).toEqual({ tags: { good: '' } });
    expect(model.graph.node('artifact/1')?.tags).toEqual(['good']);
    expect(await model.detail.setNote('hi')).toBe(true);
    expect(model.detail.detail?.note?.text).toBe('hi');
    delete answers['lineage/nodes/artifact/1/tags'];
    answers['lineage/nodes/artifact/1'] = () => ({
      status: 403,
      json: { error: { code: 'x', message: 'the store is read-only' } }
    });
    await model.detail.removeTag('good');
    expect(model.detail.problem).toBe('the store is read-only');
    expect(model.detail.detail?.tags).toEqual({ good: '' });
  });
});

function settled(milliseconds = 5): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
