import { describe, expect, test } from 'vitest';
import { buildShown } from '../../labextension/src/lineage/graph/grouping';
import { GraphContent } from '../../labextension/src/lineage/graph/content';
import { layoutGraph } from '../../labextension/src/lineage/graph/layout/layout';
import { inSlices } from '../../labextension/src/lineage/graph/layout/layouter';
import {
  inputOf,
  sceneBeside,
  sceneOf
} from '../../labextension/src/lineage/graph/scene/arrange';
import { Grid } from '../../labextension/src/lineage/graph/scene/grid';
import { Scene } from '../../labextension/src/lineage/graph/scene/scene';
import { Camera } from '../../labextension/src/lineage/graph/view/camera';
import { walk } from '../../labextension/src/lineage/graph/view/walk';
import { edgesOf, nodesOf } from './lineage-graph-nodes';
import { layoutInput, random, randomDag } from './lineage-graphs';

const NONE: ReadonlySet<string> = new Set();

function shownOf(...chains: string[]) {
  const edges = edgesOf(...chains);
  const content = new GraphContent();
  content.add(nodesOf(edges), edges);
  return buildShown(content, 'none', NONE, NONE);
}

function scene(...chains: string[]): Scene {
  const shown = shownOf(...chains);
  return sceneOf(shown, layoutGraph(inputOf(shown)));
}

/** Whether any two boxes of a scene touch. */
function touches(of: Scene): boolean {
  return of.shown.vertices.some((_, v) => {
    const { left, top, right, bottom } = of.areaOf(v);
    const inner = {
      left: left + 1,
      top: top + 1,
      right: right - 1,
      bottom: bottom - 1
    };
    return of.verticesIn(inner).length > 1;
  });
}

describe('what is found by area', () => {
  test('is what a look at everything finds', () => {
    const next = random(5);
    const things = {
      count: 500,
      left: nums(),
      top: nums(),
      right: nums(),
      bottom: nums()
    };
    for (let i = 0; i < 500; i++) {
      const size = 10 ** (1 + 4 * next());
      things.left[i] = 40_000 * (next() - 0.5);
      things.top[i] = 40_000 * (next() - 0.5);
      things.right[i] = things.left[i] + size * next();
      things.bottom[i] = things.top[i] + size * next();
    }
    const grid = new Grid(things);
    for (let at = 0; at < 200; at++) {
      const [left, top] = [40_000 * (next() - 0.5), 40_000 * (next() - 0.5)];
      const size = 10 ** (1 + 3.5 * next());
      const area = { left, top, right: left + size, bottom: top + size };
      const all = [...Array(500).keys()].filter(
        i =>
          things.left[i] <= area.right &&
          things.right[i] >= area.left &&
          things.top[i] <= area.bottom &&
          things.bottom[i] >= area.top
      );
      expect(grid.query(area).sort((a, b) => a - b)).toEqual(all);
    }
    function nums() {
      return new Float64Array(500);
    }
  });

  test('is little of a large picture', () => {
    const { count, edges } = randomDag(9, 3000);
    const of = scene(...edges.map(([a, b]) => `artifact/${a} > artifact/${b}`));
    const { left, top } = of.areaOf(0);
    const area = { left, top, right: left + 1440, bottom: top + 900 };
    expect(of.verticesIn(area).length).toBeLessThan(count / 20);
  });

  test('is the node under the pointer, or the nearest one about', () => {
    const of = scene('artifact/1 > execution/2');
    const { left, top, right } = of.areaOf(1);
    expect(of.hit(left + 5, top + 5)).toBe(1);
    expect(of.hit(right + 8, top + 5)).toBe(-1);
    expect(of.hit(right + 8, top + 5, 10)).toBe(1);
  });
});

describe('what comes beside', () => {
  const before = scene('artifact/1 > execution/2 > artifact/3 > execution/4');
  const after = sceneBeside(
    before,
    shownOf(
      'artifact/1 > execution/2 > artifact/3 > execution/4',
      ...Array.from({ length: 9 }, (_, i) => `artifact/1${i} > execution/2`),
      ...Array.from({ length: 9 }, (_, i) => `execution/4 > artifact/2${i}`)
    )
  );
  const at = (of: Scene, id: string) => of.areaOf(of.shown.at.get(id)!);

  test('leaves everything where it was', () => {
    for (const { id } of before.shown.vertices) {
      const { left, top } = at(before, id);
      expect(at(after, id)).toMatchObject({ left, top });
    }
  });

  test('lies on its side: what leads to a node left of it, what follows right', () => {
    expect(at(after, 'artifact/10').right).toBeLessThan(
      at(after, 'execution/2').left
    );
    expect(at(after, 'artifact/20').left).toBeGreaterThan(
      at(after, 'execution/4').right
    );
  });

  test('lies on nothing', () => {
    expect(touches(after)).toBe(false);
  });

  test.each(Array.from({ length: 20 }, (_, i) => i + 1))(
    'whatever graph it is (%i)',
    seed => {
      const { edges } = randomDag(seed, 40);
      const chains = edges.map(([a, b]) => `artifact/${a} > artifact/${b}`);
      const part = scene(...chains.slice(0, 20));
      const whole = sceneBeside(part, shownOf(...chains));
      expect(touches(whole)).toBe(false);
      for (const { id } of part.shown.vertices) {
        const { left, top } = at(part, id);
        expect(at(whole, id)).toMatchObject({ left, top });
      }
    }
  );
});

describe('what changes in place', () => {
  const chain = 'artifact/1 > execution/2 > artifact/3';
  const before = scene(chain, 'execution/2 > artifact/4');

  test('is drawn by what was found for the picture before', () => {
    const after = sceneBeside(
      before,
      shownOf(chain, 'execution/2 > artifact/4')
    );
    expect(after).not.toBe(before);
    expect(after.strokes).toBe(before.strokes);
  });

  test('is a group in the place of what it takes in', () => {
    const edges = edgesOf(chain, 'execution/2 > artifact/4');
    const content = new GraphContent();
    content.add(nodesOf(edges), edges);
    const shown = buildShown(content, 'type', NONE, NONE);
    const after = sceneBeside(before, shown);
    const group = after.shown.at.get('artifact/3')!;
    const { left, top } = before.areaOf(before.shown.at.get('artifact/1')!);
    expect(after.shown.vertices[group].group?.members).toHaveLength(3);
    expect(after.areaOf(group)).toMatchObject({ left, top });
  });
});

test('arrows lead along edges, and up and down a column', () => {
  const of = scene(
    'artifact/1 > execution/2 > artifact/3',
    'execution/2 > artifact/4'
  );
  const go = (id: string, step: Parameters<typeof walk>[2]) =>
    of.shown.vertices[walk(of, of.shown.at.get(id)!, step)]?.id;
  expect(go('execution/2', 'left')).toBe('artifact/1');
  const one = go('execution/2', 'right');
  const other = one === 'artifact/3' ? 'artifact/4' : 'artifact/3';
  expect([go(one, 'up'), go(one, 'down')]).toContain(other);
  expect(go('artifact/1', 'left')).toBeUndefined();
});

test('a long wire is drawn once, however many branch off from it', () => {
  const chain = Array.from({ length: 50 }, (_, i) => `artifact/${i}`);
  const of = scene(
    chain.join(' > '),
    ...chain.slice(2).map(id => `artifact/0 > ${id}`)
  );
  expect(of.strokes.count).toBeLessThan(4 * chain.length);
  expect(of.wayOf(of.shown.sources.length - 1).count).toBeGreaterThan(40);
});

test('in slices the layout is the same', async () => {
  const input = layoutInput(randomDag(4, 300));
  expect(await inSlices(input)).toEqual(layoutGraph(input));
});

describe('the camera', () => {
  const camera = () =>
    Object.assign(new Camera(), {
      width: 1000,
      height: 500,
      bounds: { left: 0, top: 0, right: 4000, bottom: 1000 }
    });

  test('shows everything', () => {
    const it = camera();
    it.go(it.fitted());
    expect(it.area.left).toBeLessThan(0);
    expect(it.area.right).toBeGreaterThan(4000);
    expect(it.area.bottom).toBeGreaterThan(1000);
  });

  test('zooms about a point that stays', () => {
    const it = camera();
    it.go(it.fitted());
    const before = it.toPicture(300, 200);
    it.zoom(3, 300, 200);
    const after = it.toPicture(300, 200);
    expect(after[0]).toBeCloseTo(before[0]);
    expect(after[1]).toBeCloseTo(before[1]);
  });

  test('never loses the picture', () => {
    const it = camera();
    it.pan(1e6, -1e6);
    const { left, top, right, bottom } = it.area;
    expect(left < 4000 && right > 0 && top < 1000 && bottom > 0).toBe(true);
  });
});
