import { nullTranslator } from '@jupyterlab/translation';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  GraphModel,
  IGraphChange
} from '../../labextension/src/lineage/graph/model';
import {
  groupStates,
  groupTitle
} from '../../labextension/src/lineage/graph/paint/facts';
import { spoken } from '../../labextension/src/lineage/graph/view/words';
import {
  edgesOf,
  graphNode,
  nodesOf,
  runsOfTrain
} from './lineage-graph-nodes';

const trans = nullTranslator.load('claimed');
let model: GraphModel;
let changes: IGraphChange[];

beforeEach(() => {
  model = new GraphModel();
  changes = [];
  model.changed.connect((_, change) => changes.push(change));
});

function show(...chains: string[]): void {
  const edges = edgesOf(...chains);
  model.setGraph(nodesOf(edges), edges);
}

const shownIds = () => model.shown.vertices.map(({ id }) => id);

describe('a graph', () => {
  test('is a new picture each time it is set', () => {
    show('artifact/1 > execution/2');
    model.select('artifact/1');
    show('artifact/3 > execution/4');
    expect(shownIds()).toEqual(['artifact/3', 'execution/4']);
    expect(model.selected).toBeNull();
    expect(changes.map(({ what }) => what)).toEqual(['graph', 'graph']);
  });

  test('grows, and says what is new and where one asked for it', () => {
    show('artifact/1 > execution/2');
    const edges = edgesOf('artifact/1 > execution/2 > artifact/3');
    model.extend(nodesOf(edges), edges, { anchor: 'execution/2' });
    const { what, anchor, fresh } = changes[1];
    expect([what, anchor, [...fresh]]).toEqual([
      'extend',
      'execution/2',
      ['artifact/3']
    ]);
    expect(model.counts()).toEqual({
      nodes: 3,
      edges: 2,
      groups: 0,
      hidden: 0
    });
  });

  test('takes over states, of nodes that are here only', () => {
    show('artifact/1 > execution/2');
    model.update([graphNode('artifact/9')]);
    expect(changes).toHaveLength(1);
    model.update([graphNode('execution/2', { state: 'FAILED' })]);
    expect(model.node('execution/2')?.state).toBe('FAILED');
    expect(changes[1].what).toBe('states');
  });

  test('knows how many neighbours are not here', () => {
    const edges = edgesOf('artifact/1 > execution/2');
    const nodes = nodesOf(edges);
    model.setGraph([{ ...nodes[0], down: 7, up: 1 }, nodes[1]], edges);
    expect(model.missing('artifact/1', 'down')).toBe(6);
    expect(model.missing('artifact/1', 'up')).toBe(1);
    expect(model.missing('execution/2', 'up')).toBe(0);
  });

  test('leaves out edges to nodes that are not here, and loops', () => {
    model.setGraph(
      [graphNode('artifact/1')],
      edgesOf('artifact/1 > execution/2', 'artifact/1 > artifact/1')
    );
    expect(model.shown.sources).toHaveLength(0);
  });
});

describe('collapsing', () => {
  test('takes what hangs on one side only', () => {
    show(
      'artifact/1 > execution/2 > artifact/3 > execution/4',
      'artifact/5 > execution/2'
    );
    model.collapse('artifact/3', 'up');
    expect(shownIds()).toEqual(['artifact/3', 'execution/4']);
  });

  test('leaves what is held from the other side too', () => {
    show(
      'artifact/1 > execution/2 > artifact/3 > execution/4',
      'artifact/1 > execution/4'
    );
    model.collapse('artifact/3', 'up');
    expect(shownIds()).toContain('artifact/1');
    expect(shownIds()).toContain('execution/2');
  });

  test('leaves what one began with', () => {
    const edges = edgesOf('artifact/1 > execution/2 > artifact/3');
    model.setGraph(nodesOf(edges), edges, { start: ['artifact/1'] });
    model.collapse('artifact/3', 'both');
    expect(shownIds()).toHaveLength(3);
    model.collapse('execution/2', 'down');
    expect(shownIds()).toEqual(['artifact/1', 'execution/2']);
  });

  test('forgets a selection that is gone', () => {
    show('artifact/1 > execution/2');
    model.select('execution/2');
    model.remove(['execution/2']);
    expect(model.selected).toBeNull();
  });
});

describe('groups', () => {
  beforeEach(() => {
    const { nodes, edges } = runsOfTrain(38);
    model.setGraph(nodes, edges, { start: ['artifact/0'] });
  });

  test('of repeats are one node each, and say how many and how they went', () => {
    model.setGrouping('repeats');
    expect(model.counts()).toEqual({
      nodes: 77,
      edges: 76,
      groups: 2,
      hidden: 76
    });
    const group = model.shown.vertices[1].group!;
    expect(groupTitle(group, trans)).toBe('38 runs of train');
    expect(groupStates(group)).toEqual([
      ['FAILED', 1],
      ['COMPLETE', 37]
    ]);
    expect([...model.shown.weights]).toEqual([38, 38]);
  });

  test('open and close, and what was clicked stays where it is', () => {
    model.setGrouping('repeats');
    const { id } = model.shown.vertices[1].group!;
    model.toggleGroup(id);
    expect(model.counts().groups).toBe(1);
    expect(changes.at(-1)?.anchor).toBe('execution/20');
    model.toggleGroup('execution/5');
    expect(model.counts().groups).toBe(2);
    expect(changes.at(-1)?.anchor).toBe(id);
  });

  test('open when a node in them is to be seen', () => {
    model.setGrouping('repeats');
    model.select('execution/7', { reveal: true });
    expect(shownIds()).toContain('execution/7');
  });

  test.each(['run', 'pipeline', 'type'] as const)(
    'are made by %s',
    grouping => {
      model.setGrouping(grouping);
      const groups = model.counts().groups;
      expect(groups).toBe({ run: 38, pipeline: 1, type: 2 }[grouping]);
    }
  );

  test('never hide where one began', () => {
    const { nodes, edges } = runsOfTrain(3);
    model.setGraph(nodes, edges, { start: ['artifact/2'] });
    model.setGrouping('repeats');
    expect(shownIds()).toContain('artifact/2');
  });
});

test('a selected node is spoken: name, kind, state, and how many are on its sides', () => {
  const edges = edgesOf('artifact/1 > execution/2');
  const nodes = nodesOf(edges);
  model.setGraph([nodes[0], { ...nodes[1], name: 'train', down: 2 }], edges);
  const text = spoken(model.shown.vertices[1], model, trans);
  expect(text).toBe(
    'train, Task run execution, Complete, 1 input, 2 outputs, 2 of them not shown'
  );
});
