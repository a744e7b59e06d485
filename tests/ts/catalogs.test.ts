import { nullTranslator } from '@jupyterlab/translation';
import { describe, expect, it, vi } from 'vitest';
import { ClaimedError } from '../../labextension/src/api/errors';
import { IUntrusted } from '../../labextension/src/api/types';
import { withConsent } from '../../labextension/src/catalogs/consent';
import { CatalogsModel } from '../../labextension/src/catalogs/model';
import { asNotebook } from '../../labextension/src/catalogs/reading';
import { shortDigest } from '../../labextension/src/catalogs/words';
import { Answer, IRequest, catalog, fakeServer } from './fakes';

const MINE = catalog({ name: 'mine', kind: 'folder', removable: false });
const RADIOLOGY = catalog();

/** A model over a server with two catalogs; `answer` answers what changes them. */
async function catalogs(answer: (request: IRequest) => Answer = () => ({})) {
  const { client, requests } = fakeServer(request =>
    request.method === 'GET'
      ? { json: { catalogs: [MINE, RADIOLOGY] } }
      : answer(request)
  );
  const componentsChanged = vi.fn(async () => undefined);
  const model = new CatalogsModel({ client, componentsChanged });
  await model.refresh();
  const asked = () =>
    requests.slice(1).map(({ method, path }) => `${method} ${path}`);
  return { model, requests, asked, componentsChanged };
}

describe('The catalogs', () => {
  it('are listed as the server orders them', async () => {
    const { model } = await catalogs();
    expect(model.status).toBe('ready');
    expect(model.catalogs.map(({ name }) => name)).toEqual([
      'mine',
      'radiology'
    ]);
  });

  it('say why they cannot be listed, and recover', async () => {
    let answer: Answer = 'no network';
    const { client } = fakeServer(() => answer);
    const model = new CatalogsModel({ client, componentsChanged: vi.fn() });
    await model.refresh();
    expect(model.status).toBe('error');
    expect(model.error).toMatch(/does not answer/);
    answer = { json: { catalogs: [] } };
    await model.refresh();
    expect(model.status).toBe('ready');
  });

  it('grow by the one that is added, and the palette is read again', async () => {
    const added = catalog({ name: 'genomics', components: 2 });
    const { model, requests, componentsChanged } = await catalogs(() => ({
      status: 201,
      json: added
    }));
    const adding = model.add({ location: 'https://host.test/genomics' });
    expect(model.adding?.location).toBe('https://host.test/genomics');
    expect(await adding).toBe(true);
    expect(requests.at(-1)?.body).toEqual({
      location: 'https://host.test/genomics'
    });
    expect(model.adding).toBeNull();
    expect(model.catalogs.at(-1)).toEqual(added);
    expect(model.done).toEqual({ what: 'added', catalog: added });
    expect(componentsChanged).toHaveBeenCalledOnce();
  });

  it.each([
    ['ref', 'ref'],
    ['name', 'name'],
    ['https://host.test/x', 'location'],
    [null, 'location']
  ])('say at the field what is wrong with %s', async (where, field) => {
    const message = 'there is no branch “nightly”';
    const { model, componentsChanged } = await catalogs(() => ({
      status: 400,
      json: { error: { code: 'bad-catalog', message, where } }
    }));
    expect(await model.add({ location: 'https://host.test/x' })).toBe(false);
    expect(model.fieldProblem).toEqual({ field, message });
    expect(componentsChanged).not.toHaveBeenCalled();
    model.forgetFieldProblem();
    expect(model.fieldProblem).toBeNull();
  });

  it('say at the name that it is taken', async () => {
    const message = 'there is a catalog “radiology” already';
    const { model } = await catalogs(() => ({
      status: 409,
      json: { error: { code: 'catalog-exists', message } }
    }));
    await model.add({ location: 'https://host.test/radiology' });
    expect(model.fieldProblem).toEqual({ field: 'name', message });
  });

  it('are switched off and on, with the palette', async () => {
    const off = { ...RADIOLOGY, enabled: false, components: 0 };
    const { model, asked, componentsChanged } = await catalogs(() => ({
      json: off
    }));
    const switching = model.setEnabled(RADIOLOGY, false);
    expect(model.workOn('radiology')).toBe('switch');
    await switching;
    expect(model.workOn('radiology')).toBeNull();
    expect(model.catalogs[1]).toEqual(off);
    await model.setEnabled(off, true);
    expect(asked()).toEqual([
      'POST catalogs/radiology/disable',
      'POST catalogs/radiology/enable'
    ]);
    expect(componentsChanged).toHaveBeenCalledTimes(2);
  });

  it('keep what failed at the catalog, until it is tried again', async () => {
    let answer: Answer = {
      status: 502,
      json: { error: { code: 'unreachable', message: 'host.test is away' } }
    };
    const { model, componentsChanged } = await catalogs(() => answer);
    await model.fetch(RADIOLOGY);
    expect(model.problemOf(RADIOLOGY)).toBe('host.test is away');
    expect(componentsChanged).not.toHaveBeenCalled();
    answer = { json: RADIOLOGY };
    await model.fetch(RADIOLOGY);
    expect(model.problemOf(RADIOLOGY)).toBe('');
    expect(model.done?.what).toBe('fetched');
  });

  it('tell of no success where what was fetched stays as it was', async () => {
    const kept = catalog({ problem: 'could not be refreshed' });
    const { model } = await catalogs(() => ({ json: kept }));
    await model.fetch(RADIOLOGY);
    expect(model.done).toBeNull();
    expect(model.problemOf(model.catalogs[1])).toBe('could not be refreshed');
  });

  it('show what the server found wrong with one', async () => {
    const { model } = await catalogs();
    const broken = catalog({ problem: 'holds no components' });
    expect(model.problemOf(broken)).toBe('holds no components');
  });

  it('lose the one that is removed', async () => {
    const { model, asked, componentsChanged } = await catalogs(() => ({
      status: 204
    }));
    await model.remove(RADIOLOGY);
    expect(asked()).toEqual(['DELETE catalogs/radiology']);
    expect(model.catalogs).toEqual([MINE]);
    expect(componentsChanged).toHaveBeenCalledOnce();
  });

  it('do one thing to a catalog at a time', async () => {
    const { model, asked } = await catalogs(() => ({ json: RADIOLOGY }));
    await Promise.all([model.fetch(RADIOLOGY), model.fetch(RADIOLOGY)]);
    expect(asked()).toHaveLength(1);
  });
});

describe('A digest', () => {
  const trans = nullTranslator.load('claimed_jlab');
  it.each([
    ['git:1a2b3c4d5e6f', 'commit 1a2b3c4'],
    ['sha256:9f86d081884c7d659a2f', 'sha256 9f86d081884c']
  ])('%s is short', (digest, short) => {
    expect(shortDigest(digest, trans)).toBe(short);
  });
});

describe('The code of a component', () => {
  const trans = nullTranslator.load('claimed_jlab');
  const cell = { cell_type: 'code', metadata: {}, source: 'import helper' };
  const notebook = {
    metadata: {},
    nbformat: 4,
    nbformat_minor: 5,
    cells: [cell]
  };

  it('is its notebook, of which nothing is hidden', () => {
    const hidden = { ...cell, metadata: { jupyter: { source_hidden: true } } };
    const code = {
      notebook: { ...notebook, cells: [hidden] },
      files: [],
      truncated: false
    };
    const outputs = { execution_count: null, outputs: [] };
    expect(asNotebook(code, trans).cells).toEqual([{ ...cell, ...outputs }]);
  });

  it('is read with every file that code could be loaded from', () => {
    const files = [
      { name: 'helper.py', text: 'steal()' },
      { name: 'run.sh', text: 'rm -r .' },
      { name: 'b`lob`.so', text: null }
    ];
    const code = { notebook, files, truncated: true };
    const cells = asNotebook(code, trans).cells;
    expect(cells.map(({ cell_type }) => cell_type)).toEqual([
      'markdown',
      'code',
      'markdown',
      'code',
      'markdown',
      'raw',
      'markdown'
    ]);
    const text = cells.map(({ source }) => source).join('\n');
    expect(text).toContain('3 other files');
    expect(text).toContain('There are more');
    expect(text).toContain('steal()');
    expect(text).toContain('### `` bˋlobˋ.so ``');
  });
});

const SEGMENT: IUntrusted = {
  reference: 'image/segment@1.0.0',
  title: 'Segment',
  author: 'A. Person',
  origin: 'git https://host.test/radiology@1a2b3c4',
  key: 'blake3:1a'
};

describe('What needs trust', () => {
  function refusal(components: IUntrusted[], code = 'untrusted-component') {
    const message = 'asks before it first runs';
    const response = new Response(null, { status: 409 });
    return new ClaimedError(response, { code, message, components });
  }

  it('goes on when the user gives it', async () => {
    const action = vi
      .fn()
      .mockRejectedValueOnce(refusal([SEGMENT]))
      .mockResolvedValue('run');
    const ask = vi.fn(async () => true);
    const trust = vi.fn(async () => undefined);
    expect(await withConsent(action, { ask, trust })).toBe('run');
    expect(ask).toHaveBeenCalledExactlyOnceWith([SEGMENT]);
    expect(trust).toHaveBeenCalledExactlyOnceWith([SEGMENT]);
    expect(action).toHaveBeenCalledTimes(2);
  });

  it('is left when the user does not, and nothing is trusted', async () => {
    const action = vi.fn().mockRejectedValue(refusal([SEGMENT]));
    const trust = vi.fn();
    const ask = async () => false;
    expect(await withConsent(action, { ask, trust })).toBeNull();
    expect(action).toHaveBeenCalledOnce();
    expect(trust).not.toHaveBeenCalled();
  });

  it('asks again about what is new, and never about the same', async () => {
    const other = { ...SEGMENT, reference: 'image/crop@1.0.0' };
    const action = vi
      .fn()
      .mockRejectedValueOnce(refusal([SEGMENT]))
      .mockRejectedValue(refusal([other]));
    const ask = vi.fn(async () => true);
    await expect(
      withConsent(action, { ask, trust: async () => undefined })
    ).rejects.toThrow('asks before');
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('does not ask about any other refusal', async () => {
    const action = vi.fn().mockRejectedValue(refusal([], 'invalid-pipeline'));
    const ask = vi.fn();
    await expect(withConsent(action, { ask, trust: vi.fn() })).rejects.toThrow(
      ClaimedError
    );
    expect(ask).not.toHaveBeenCalled();
  });
});
