import { nullTranslator } from '@jupyterlab/translation';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  placeText,
  stateText
} from '../../labextension/src/lineage/graph/paint/facts';
import { detailAt } from '../../labextension/src/lineage/graph/paint/lod';
import { Letters } from '../../labextension/src/lineage/graph/paint/text';
import { graphNode } from './lineage-graph-nodes';

const trans = nullTranslator.load('claimed');

describe('a name', () => {
  let letters: Letters;

  beforeAll(() => {
    // Without a canvas all letters are 0.55 of their size wide.
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
    letters = new Letters('sans-serif');
  });

  test('is whole where there is room', () => {
    expect(letters.fit('train.parquet', 80, 10)).toBe('train.parquet');
  });

  test('is cut with an ellipsis where there is none', () => {
    const cut = letters.fit('train.parquet', 50, 10);
    expect(cut).toBe('train.pa…');
    expect(letters.width(cut) * 10).toBeLessThanOrEqual(50);
  });

  test('is nothing where not even that has room', () => {
    expect(letters.fit('train', 4, 10)).toBe('');
  });

  test('is broken where names are, and only the last line is cut', () => {
    expect(letters.wrap('german_credit.csv', 60, 10, 2)).toEqual([
      'german_',
      'credit.csv'
    ]);
    expect(
      letters.wrap('Split a table for training and testing', 60, 10, 2)
    ).toEqual(['Split a', 'table for…']);
  });

  test('of one long word is broken anywhere', () => {
    expect(letters.wrap('x'.repeat(15), 60, 10, 2)).toEqual([
      'x'.repeat(10),
      'x'.repeat(5)
    ]);
  });
});

test('more is drawn the nearer one comes', () => {
  expect([0.05, 0.4, 1].map(detailAt)).toEqual(['far', 'middle', 'near']);
});

test('a state that goes without saying is not said', () => {
  expect(stateText(graphNode('artifact/1'), trans)).toBe('');
  const deleted = graphNode('artifact/1', { state: 'DELETED' });
  expect(stateText(deleted, trans)).toBe('Deleted');
  expect(stateText(graphNode('execution/1'), trans)).toBe('Complete');
});

test('a card says its tags, else where it belongs', () => {
  const of = { pipeline: 'Credit', run: '20261123-101500-0a1b2c3d4' };
  expect(placeText(graphNode('artifact/1', of))).toBe('Credit · …b2c3d4');
  const tagged = graphNode('artifact/1', { ...of, tags: ['candidate'] });
  expect(placeText(tagged)).toBe('#candidate');
});
