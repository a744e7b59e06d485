import { nullTranslator } from '@jupyterlab/translation';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import {
  placeText,
  stateText
} from '../../labextension/src/lineage/graph/paint/facts';
import { detailAt } from '../../labextension/src/lineage/graph/paint/lod';
import { Letters } from '../../labextension/src/lineage/graph/paint/text';
import {
  CARD,
  heightOf
} from '../../labextension/src/lineage/graph/scene/boxes';
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
    expect(letters.wrap('german_credit', 60, 10, 2)).toEqual({
      lines: ['german_', 'credit'],
      flaw: 'none'
    });
    expect(
      letters.wrap('Split a table for training and testing', 60, 10, 2)
    ).toEqual({ lines: ['Split a', 'table for…'], flaw: 'cut' });
  });

  test('of a file is broken before its ending, if it has to be broken', () => {
    const lines = (name: string) => letters.wrap(name, 60, 10, 2).lines;
    expect(lines('model.joblib')).toEqual(['model', '.joblib']);
    expect(lines('german_credit.csv')).toEqual(['german_', 'credit.csv']);
    expect(lines('Import orders.csv')).toEqual(['Import', 'orders.csv']);
  });

  test('of one long word is broken anywhere, which is said', () => {
    expect(letters.wrap('x'.repeat(15), 60, 10, 2)).toEqual({
      lines: ['x'.repeat(10), 'x'.repeat(5)],
      flaw: 'broken'
    });
  });

  test('that is cut keeps its ending, which tells it from others', () => {
    const cut = (name: string, lines = 1) =>
      letters.wrap(name, 80, 10, lines).lines.join('|');
    expect(cut('german_credit_scores.csv')).toBe('german…res.csv');
    expect(cut('german_credit_sex.csv')).toBe('german…sex.csv');
    expect(cut('german_credit_scores_of_last_year.csv', 2)).toBe(
      'german_credit_|scores…ear.csv'
    );
    expect(cut('executed.ipynb_checkpoints')).toBe('executed…oints');
    expect(cut('german_credit.json')).toBe('germa…dit.json');
  });

  test('rather keeps its beginning where its ending would be most of it', () => {
    expect(letters.wrap('train.parquet', 60, 10, 1).lines).toEqual([
      'train.par…'
    ]);
    expect(letters.wrap('x.parquet', 20, 10, 1).lines).toEqual(['x.…']);
  });

  test('takes no more room than there is, however it is cut', () => {
    for (const room of [33, 47.3, 60, 71.9, 104]) {
      for (const name of ['a-b-c-d-e-f-g-h-i-j-k.csv', 'Measure fairness']) {
        for (const line of letters.wrap(name, room, 10, 2).lines) {
          expect(letters.width(line) * 10).toBeLessThanOrEqual(room);
        }
      }
    }
  });

  test('is measured once, and not again when it is painted again', () => {
    const measureText = vi.fn((text: string) => ({ width: 11 * text.length }));
    const canvas = vi.spyOn(HTMLCanvasElement.prototype, 'getContext');
    canvas.mockReturnValueOnce({ measureText } as never);
    const measured = new Letters('sans-serif');
    const write = () => measured.wrap('german_credit_scores.csv', 60, 10, 2);
    const lines = write();
    const times = measureText.mock.calls.length;
    expect(times).toBeGreaterThan(0);
    expect(write()).toBe(lines);
    expect(measureText).toHaveBeenCalledTimes(times);
  });
});

test('a card with a long name has a second line for it', () => {
  const height = (name: string) => {
    const node = graphNode('artifact/1', { name });
    return heightOf({ id: node.id, node, group: null });
  };
  expect(height('german_credit_scores_2026.csv')).toBe(CARD.named);
  expect(height('table.csv')).toBe(CARD.artifact);
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
