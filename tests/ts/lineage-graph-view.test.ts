import { describe, expect, test } from 'vitest';
import { GraphContent } from '../../labextension/src/lineage/graph/content';
import { buildShown } from '../../labextension/src/lineage/graph/grouping';
import { layoutGraph } from '../../labextension/src/lineage/graph/layout/layout';
import {
  looseTabs,
  tabsOf
} from '../../labextension/src/lineage/graph/paint/handles';
import { READABLE } from '../../labextension/src/lineage/graph/paint/lod';
import {
  inputOf,
  sceneOf
} from '../../labextension/src/lineage/graph/scene/arrange';
import {
  IArea,
  contains,
  meets
} from '../../labextension/src/lineage/graph/scene/grid';
import { Scene } from '../../labextension/src/lineage/graph/scene/scene';
import { Camera } from '../../labextension/src/lineage/graph/view/camera';
import { beginning } from '../../labextension/src/lineage/graph/view/gaze';
import { edgesOf, nodesOf } from './lineage-graph-nodes';

const NONE: ReadonlySet<string> = new Set();

function sceneFor(...chains: string[]): Scene {
  const edges = edgesOf(...chains);
  const content = new GraphContent();
  content.add(nodesOf(edges), edges);
  const shown = buildShown(content, 'none', NONE, NONE);
  return sceneOf(shown, layoutGraph(inputOf(shown)));
}

/** Artifacts and executions by turns. */
function chain(length: number, first = 1): string {
  const ids = Array.from({ length }, (_, i) => first + i);
  return ids
    .map(id => `${id % 2 ? 'artifact' : 'execution'}/${id}`)
    .join(' > ');
}

/** The camera where one begins to look at a scene, in a pane as it is beside two panels. */
function begin(
  scene: Scene,
  anchor: string | null,
  start: string[] = [],
  [width, height] = [714, 695]
): Camera {
  const camera = Object.assign(new Camera(), { width, height });
  camera.bounds = scene.bounds;
  camera.go(beginning(camera, scene, anchor, new Set(start)));
  return camera;
}

const areaOf = (scene: Scene, id: string) =>
  scene.areaOf(scene.shown.at.get(id)!);

function seen(scene: Scene, { area }: Camera): string[] {
  return scene.shown.vertices
    .map(({ id }) => id)
    .filter(id => contains(area, areaOf(scene, id)));
}

describe('one begins to look at a picture', () => {
  test('with all of it, where its names can be read', () => {
    const scene = sceneFor(chain(6));
    expect(seen(scene, begin(scene, 'artifact/1'))).toHaveLength(6);
  });

  test('with what one asked for, and all that is a step from it', () => {
    const scene = sceneFor(
      chain(21),
      'execution/8 > artifact/91',
      'execution/12 > artifact/93'
    );
    const camera = begin(scene, null, ['artifact/9']);
    expect(seen(scene, camera)).toEqual(
      expect.arrayContaining(['execution/8', 'artifact/9', 'execution/10'])
    );
    expect(camera.scale).toBeGreaterThanOrEqual(0.5);
    const middle = camera.x + camera.width / 2 / camera.scale;
    const { left, right } = areaOf(scene, 'artifact/9');
    expect(Math.abs((left + right) / 2 - middle)).toBeLessThan(right - left);
  });

  test('with the end of a long chain as large as it has room', () => {
    const scene = sceneFor(chain(21));
    const camera = begin(scene, null, ['artifact/21']);
    expect(seen(scene, camera)).toEqual(
      expect.arrayContaining(['artifact/19', 'execution/20', 'artifact/21'])
    );
    expect(camera.scale).toBeGreaterThan(0.7);
    expect(camera.scale).toBeLessThanOrEqual(READABLE);
  });

  test('with the node itself in sight, however much hangs on it', () => {
    const readers = Array.from(
      { length: 90 },
      (_, i) => `artifact/1 > execution/${2 * i + 2}`
    );
    const scene = sceneFor(...readers);
    const camera = begin(scene, 'artifact/1');
    expect(seen(scene, camera)).toContain('artifact/1');
    expect(camera.scale).toBe(0.5);
  });

  test('of a run where the most of it is seen at once', () => {
    const fan = Array.from(
      { length: 8 },
      (_, i) => `execution/20 > artifact/5${i}`
    );
    const scene = sceneFor(chain(20), ...fan);
    const all = scene.shown.vertices.map(({ id }) => id);
    const camera = begin(scene, null, all);
    const found = seen(scene, camera);
    expect(found).toEqual(
      expect.arrayContaining(['artifact/50', 'artifact/57'])
    );
    expect(found.length).toBeGreaterThanOrEqual(11);
    expect(camera.scale).toBe(0.5);
  });

  test('even before there is any room for it', () => {
    const scene = sceneFor(chain(20));
    expect(() => begin(scene, null, [], [0, 0])).not.toThrow();
    expect(() => begin(Scene.empty(), null)).not.toThrow();
  });
});

describe('tabs that show more', () => {
  const scene = sceneFor(chain(3), 'execution/2 > artifact/5');
  const two = scene.shown.at.get('execution/2')!;
  const areas = (scale: number): IArea[] =>
    tabsOf(scene, two, () => 2, scale).map(({ area }) => area);
  const wide = ({ left, right }: IArea) => right - left;

  test('hang below a card that is read', () => {
    const card = scene.areaOf(two);
    for (const area of areas(1)) {
      expect(area.left).toBeGreaterThan(card.left);
      expect(area.right).toBeLessThan(card.right);
      expect(area.bottom).toBeGreaterThan(card.bottom);
    }
  });

  test.each([0.69, 0.5, 0.35, 0.22, 0.05])(
    'are as large on the screen, and beside each other, at scale %f',
    scale => {
      const [up, down] = areas(scale);
      expect(wide(up) * scale).toBeCloseTo(wide(areas(1)[0]));
      expect(meets(up, down)).toBe(false);
      expect(up.right).toBeLessThan(down.left);
      // The pointer gets from the card to its tab without leaving both.
      expect(up.top).toBeLessThan(scene.areaOf(two).bottom);
    }
  );

  test('lie on top of the picture where only few have room', () => {
    expect(looseTabs(1, 3, 4)).toEqual([]);
    expect(looseTabs(0.4, 3, 4)).toEqual([3, 4]);
    expect(looseTabs(0.4, 3, 3)).toEqual([3]);
    expect(looseTabs(0.4, -1, -1)).toEqual([]);
    expect(looseTabs(0.1, 3, 4)).toEqual([3]);
  });
});
