import { describe, expect, it } from 'vitest';
import { IBox, layoutGraph } from '../../labextension/src/editor/layout';
import { layoutParts } from '../../labextension/src/editor/pack';

const box = (id: string, height = 100): IBox => ({ id, width: 200, height });
const link = (text: string) => {
  const [source, target] = text.split('>');
  return { source, target };
};

describe('The layout of a graph', () => {
  it('puts every task right of all it follows', () => {
    const boxes = ['d', 'c', 'b', 'a'].map(id => box(id));
    const links = ['a>b', 'b>c', 'a>c', 'c>d', 'a>d'].map(link);
    const places = layoutGraph(boxes, links);
    for (const { source, target } of links) {
      expect(places.get(target)![0]).toBeGreaterThanOrEqual(
        places.get(source)![0] + 200
      );
    }
  });

  it('lets no two tasks of a column overlap', () => {
    const boxes = [box('a'), box('b', 300), box('c', 40), box('d', 120)];
    const links = ['a>b', 'a>c', 'a>d'].map(link);
    const places = layoutGraph(boxes, links, { x: 50, y: 20 });
    const column = boxes.slice(1).map(({ id, height }) => {
      const top = places.get(id)![1];
      return { top, bottom: top + height };
    });
    column.sort((a, b) => a.top - b.top);
    for (let i = 1; i < column.length; i++) {
      expect(column[i].top).toBeGreaterThanOrEqual(column[i - 1].bottom + 19);
    }
  });

  it('undoes a crossing', () => {
    const boxes = ['a', 'b', 'x', 'y'].map(id => box(id));
    const places = layoutGraph(boxes, ['a>y', 'b>x'].map(link));
    const y = (id: string) => places.get(id)![1];
    expect(Math.sign(y('a') - y('b'))).toBe(Math.sign(y('y') - y('x')));
  });

  it('sets a task beside the middle of what it joins', () => {
    const boxes = ['a', 'b', 'join'].map(id => box(id));
    const places = layoutGraph(boxes, ['a>join', 'b>join'].map(link));
    const y = (id: string) => places.get(id)![1];
    expect(y('join')).toBeCloseTo((y('a') + y('b')) / 2, 0);
  });

  it('is the same each time, and has no negative place', () => {
    const boxes = ['a', 'b', 'c', 'd'].map(id => box(id));
    const links = ['a>c', 'b>c', 'b>d'].map(link);
    const first = [...layoutGraph(boxes, links)];
    expect([...layoutGraph(boxes, links)]).toEqual(first);
    expect(first.every(([, [x, y]]) => x >= 0 && y >= 0)).toBe(true);
  });

  it('bears cycles, loops, doubled links and links to nowhere', () => {
    const boxes = ['a', 'b', 'c'].map(id => box(id));
    const links = ['a>b', 'b>a', 'a>b', 'c>c', 'c>gone'].map(link);
    expect(layoutGraph(boxes, links).size).toBe(3);
    expect(layoutGraph([], []).size).toBe(0);
  });
});

describe('A large graph', () => {
  it('of many parts is no tower, and no two of its tasks overlap', () => {
    const boxes = Array.from({ length: 90 }, (_, at) => box(String(at), 150));
    const links = boxes.flatMap((_, at) =>
      at % 3 ? [link(`${at - 1}>${at}`)] : []
    );
    const places = [...layoutParts(boxes, links).values()];
    const width = Math.max(...places.map(([x]) => x)) + 200;
    const height = Math.max(...places.map(([, y]) => y)) + 150;
    expect(height).toBeLessThan(width * 1.5);
    for (const [x, y] of places) {
      const near = places.filter(
        ([a, b]) => Math.abs(a - x) < 200 && Math.abs(b - y) < 150
      );
      expect(near).toHaveLength(1);
    }
  });
});
