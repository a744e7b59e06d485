import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it } from 'vitest';
import {
  scopesOf,
  standards
} from '../../labextension/src/lineage/export/choice';
import { fakeServer } from './fakes';
import { lineageOf, node } from './lineagefakes';

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
