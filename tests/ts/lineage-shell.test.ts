import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import { ILineageNode } from '../../labextension/src/api/lineage';
import {
  allColumns,
  nextOrder,
  sheetOf,
  sorted
} from '../../labextension/src/lineage/columns';
import {
  completed,
  remembered
} from '../../labextension/src/lineage/completion';
import { csvOf } from '../../labextension/src/lineage/csv';
import { PlaceHistory } from '../../labextension/src/lineage/history';
import {
  IPlace,
  NOWHERE,
  asPlace,
  linkOf,
  placeOfLink,
  withoutLink
} from '../../labextension/src/lineage/place';
import { columnOf, merged } from '../../labextension/src/lineage/results';
import { metricsOf, pointsOf } from '../../labextension/src/lineage/timeline';
import {
  rowsInView,
  scrolledTo
} from '../../labextension/src/lineage/windowing';
import { node } from './lineagefakes';

const trans = nullTranslator.load('');
const at = (place: Partial<IPlace>): IPlace => ({ ...NOWHERE, ...place });

describe('A link to a place', () => {
  it('leads back to the same place, whatever its texts hold', () => {
    const places = [
      NOWHERE,
      at({ focus: 'artifact/12', selected: 'artifact/12' }),
      at({ focus: 'run:20261123-x', grouping: 'repeats', view: 'table' }),
      at({ query: 'name:"a & b" +x=1 #%2F', view: 'table' }),
      at({ path: 'a folder/ä?.csv' }),
      at({ focus: 'artifact/1', from: 'artifact/1', to: 'artifact/9' })
    ];
    for (const place of places) {
      expect(placeOfLink(linkOf(place))).toEqual(place);
      expect(asPlace({ ...place })).toEqual(place);
    }
  });

  it('is short and can be read', () => {
    expect(linkOf(at({ focus: 'artifact/12' }))).toBe('?lineage=artifact/12');
    // A plus reaches upstream: nobody on the way may take a blank for one.
    expect(linkOf(at({ query: '+a b' }))).toBe(
      '?lineage=&lineage-query=%2Ba%20b'
    );
    expect(linkOf(at({ focus: 'run:r1', view: 'timeline' }))).toBe(
      '?lineage=run:r1&lineage-view=timeline'
    );
  });

  it('is told from other addresses, and leaves them what is theirs', () => {
    expect(placeOfLink('?reset')).toBeNull();
    expect(placeOfLink('?lineage-query=x')).toBeNull();
    // JupyterLab itself may take the sign away.
    expect(placeOfLink('?lineage&lineage-query=x')?.query).toBe('x');
    expect(withoutLink('?reset=1&lineage=a/1&lineage-view=table')).toBe(
      '?reset=1'
    );
    expect(withoutLink('?lineage=')).toBe('');
  });

  it('that says nonsense leads where it can', () => {
    expect(
      placeOfLink('?lineage=artifact/1&lineage-view=x&lineage-group=y')
    ).toEqual(at({ focus: 'artifact/1' }));
  });
});

describe('The way through the lineage', () => {
  it('goes back and forward, and forgets what was ahead', () => {
    const history = new PlaceHistory(NOWHERE);
    history.go(at({ focus: 'a' }));
    history.go(at({ focus: 'b' }));
    history.back();
    expect(history.current.focus).toBe('a');
    expect(history.canGoForward).toBe(true);
    history.forward();
    expect(history.current.focus).toBe('b');
    history.back();
    history.go(at({ focus: 'c' }));
    expect(history.canGoForward).toBe(false);
    history.back();
    history.back();
    history.back();
    expect(history.current).toEqual(NOWHERE);
    expect(history.canGoBack).toBe(false);
  });

  it('takes no step for a selection or a grouping', () => {
    const history = new PlaceHistory(at({ focus: 'a' }));
    history.go(at({ focus: 'a', selected: 'x' }));
    history.go(at({ focus: 'a', selected: 'x', grouping: 'run' }));
    expect(history.canGoBack).toBe(false);
    expect(history.current.selected).toBe('x');
  });

  it('names what one looked at, each once', () => {
    const history = new PlaceHistory(NOWHERE);
    for (const focus of ['a', 'b', 'c', 'b']) {
      history.go(at({ focus }));
    }
    expect(history.trail).toEqual(['a', 'b']);
    history.back();
    expect(history.trail).toEqual(['a', 'b', 'c']);
  });

  it('remembers no more than it can use', () => {
    const history = new PlaceHistory(NOWHERE);
    for (let i = 0; i < 300; i++) {
      history.go(at({ focus: `artifact/${i}` }));
    }
    let steps = 0;
    for (; history.canGoBack; steps++) {
      history.back();
    }
    expect(steps).toBe(99);
  });
});

describe('The rows of the table', () => {
  const columns = allColumns(trans);
  const column = (key: string) => columns.find(one => one.key === key)!;
  const ids = (nodes: ILineageNode[]) => nodes.map(({ id }) => id);

  it('are sorted as people count, empty ones last either way', () => {
    const nodes = [
      node({ id: 'a', name: 'x10', task: null }),
      node({ id: 'b', name: 'x9', task: 'fit' }),
      node({ id: 'c', name: 'X2', task: 'clean' })
    ];
    expect(ids(sorted(nodes, column('name'), false))).toEqual(['c', 'b', 'a']);
    expect(ids(sorted(nodes, column('task'), false))).toEqual(['c', 'b', 'a']);
    expect(ids(sorted(nodes, column('task'), true))).toEqual(['b', 'c', 'a']);
  });

  it('are sorted by a click, the other way by the next, then not at all', () => {
    const up = nextOrder(null, 'name');
    expect(up).toEqual({ key: 'name', descending: false });
    const down = nextOrder(up, 'name');
    expect(down).toEqual({ key: 'name', descending: true });
    expect(nextOrder(down, 'name')).toBeNull();
    expect(nextOrder(down, 'created')).toEqual({
      key: 'created',
      descending: true
    });
  });

  it('become a sheet with heads, and times that a machine reads', () => {
    const rows = sheetOf(
      [node({ name: 'm', created: Date.UTC(2026, 0, 2) })],
      [column('name'), column('created')]
    );
    expect(rows).toEqual([
      ['Name', 'Created'],
      ['m', '2026-01-02T00:00:00.000Z']
    ]);
  });

  it('are drawn only where they are seen', () => {
    expect(rowsInView(0, 280, 28, 10_000)).toEqual({ first: 0, end: 18 });
    const { first, end } = rowsInView(28 * 5000, 280, 28, 10_000);
    expect(first).toBe(4992);
    expect(end).toBe(5018);
    expect(rowsInView(28 * 9999, 280, 28, 10)).toEqual({ first: 10, end: 10 });
  });

  it('come into view by no more than is needed', () => {
    expect(scrolledTo(5, 0, 280, 28)).toBe(0);
    expect(scrolledTo(10, 0, 280, 28)).toBe(28);
    expect(scrolledTo(2, 280, 280, 28)).toBe(56);
  });

  it('get the newest in front, and keep their place', () => {
    const known = [node({ id: 'b', state: 'RUNNING' }), node({ id: 'a' })];
    const newest = [node({ id: 'c' }), node({ id: 'b', state: 'COMPLETE' })];
    const all = merged(known, newest);
    expect(ids(all)).toEqual(['c', 'b', 'a']);
    expect(all[1].state).toBe('COMPLETE');
  });
});

describe('A CSV file', () => {
  it('keeps what has commas, quotes and lines', () => {
    expect(csvOf([['a,b', 'say "x"', 'one\ntwo', null, 1.5]])).toBe(
      '"a,b","say ""x""","one\ntwo",,1.5\r\n'
    );
  });

  it('runs nothing in a spreadsheet', () => {
    const [line] = csvOf([['=1+1', '@x', '-2', '+3', '\tx']]).split('\r\n');
    expect(line).toBe("'=1+1,'@x,'-2,'+3,'\tx");
    expect(csvOf([[-2]])).toBe('-2\r\n');
  });
});

describe('A completion', () => {
  const suggestion = (text: string, start: number, end: number) => ({
    text,
    start,
    end,
    kind: 'field',
    about: ''
  });

  it('replaces what is typed, and waits for the value of a field', () => {
    expect(completed('ty', suggestion('type:', 0, 2))).toEqual({
      text: 'type:',
      at: 5
    });
  });

  it('of a whole term is followed by a blank, which may be there', () => {
    expect(completed('type:Mo', suggestion('type:Model', 0, 7))).toEqual({
      text: 'type:Model ',
      at: 11
    });
    expect(completed('type:Mo x', suggestion('type:Model', 0, 7))).toEqual({
      text: 'type:Model x',
      at: 11
    });
  });

  it('is remembered once, the newest first, without empty ones', () => {
    expect(remembered(['a', 'b'], ' b ')).toEqual(['b', 'a']);
    expect(remembered(['a'], '  ')).toEqual(['a']);
    const many = [...Array(20).keys()].map(String);
    expect(remembered(many, 'x')).toHaveLength(12);
  });
});

describe('The versions', () => {
  const version = (metrics: { [name: string]: number }) => ({
    node: node({}),
    metrics,
    parameters: {},
    same: false
  });

  it('tell how a metric went, without those that lack it', () => {
    const versions = [
      version({ f1: 1 }),
      version({}),
      version({ f1: 3, accuracy: NaN })
    ];
    expect(metricsOf(versions)).toEqual(['f1', 'accuracy']);
    expect(pointsOf(versions, 'f1')).toEqual([
      { at: 0, value: 1 },
      { at: 2, value: 3 }
    ]);
    expect(pointsOf(versions, 'accuracy')).toEqual([]);
  });
});

describe('A query that is not understood', () => {
  it('is marked at the column that the server names', () => {
    expect(columnOf('there is no field (column 3)')).toBe(3);
    expect(columnOf('column 12: no')).toBe(12);
    expect(columnOf('the store is away')).toBeNull();
  });
});
