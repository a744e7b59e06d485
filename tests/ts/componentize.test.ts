import { INotebookContent } from '@jupyterlab/nbformat';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ComponentizeModel } from '../../labextension/src/componentize/model';
import { revealRow } from '../../labextension/src/componentize/palette';
import {
  notebookText,
  writtenText
} from '../../labextension/src/componentize/source';
import { PaletteModel } from '../../labextension/src/palette/model';
import { IInspection } from '../../labextension/src/api/types';
import { Answer, IRequest, component, fakeServer } from './fakes';
import { FakeNotebook, INPUT, finding, inspection } from './notebooks';

let notebook: FakeNotebook;
let requests: IRequest[];
let inspected: Answer;
let created: (request: IRequest) => Answer;
let model: ComponentizeModel;

async function open(): Promise<void> {
  const server = fakeServer(request =>
    request.path === 'components/inspect' ? inspected : created(request)
  );
  requests = server.requests;
  notebook = new FakeNotebook();
  model = new ComponentizeModel(notebook, server.client);
  await vi.advanceTimersByTimeAsync(0);
}

const settle = () => vi.advanceTimersByTimeAsync(400);
const asked = () => requests.filter(r => r.path === 'components/inspect');

beforeEach(() => {
  vi.useFakeTimers();
  inspected = { json: inspection() };
  created = () => ({ status: 201, json: component({ name: 'count' }) });
});

afterEach(() => {
  model.dispose();
  vi.useRealTimers();
});

describe('The component of a notebook', () => {
  it('is what the server makes of the text in the editor', async () => {
    await open();
    expect(model.status).toBe('ready');
    expect(model.inspection?.component.name).toBe('count');
    expect(asked()[0].body).toEqual({
      path: 'work/count.ipynb',
      source: 'first'
    });
  });

  it('follows the edits, and asks once for many in a row', async () => {
    await open();
    notebook.edit('second');
    await vi.advanceTimersByTimeAsync(300);
    notebook.edit('third');
    await vi.advanceTimersByTimeAsync(300);
    expect(asked()).toHaveLength(1);
    inspected = {
      json: inspection({ component: component({ name: 'other' }) })
    };
    await settle();
    expect(asked()).toHaveLength(2);
    expect(asked()[1].body).toMatchObject({ source: 'third' });
    expect(model.inspection?.component.name).toBe('other');
  });

  it('is not asked for again when the text stays as it was', async () => {
    await open();
    notebook.changed.emit();
    await settle();
    expect(asked()).toHaveLength(1);
  });

  it('says what is wrong with a port beside it, and the rest apart', async () => {
    const findings = [
      finding({ field: 'limit', cell: 2, line: 4 }),
      finding({ field: 'pandas' }),
      finding({})
    ];
    inspected = {
      json: inspection({
        component: component({ inputs: [INPUT], diagnostics: findings })
      })
    };
    await open();
    expect(model.about('limit')).toEqual([findings[0]]);
    expect(model.general).toEqual(findings.slice(1));
    model.show(findings[0]);
    model.show(findings[2]);
    expect(notebook.log).toEqual(['cell 2, line 4']);
  });

  it('that has no interface gets advice instead of a remark', async () => {
    inspected = {
      json: inspection({
        component: component({
          diagnostics: [finding({ code: 'no-interface' })]
        })
      })
    };
    await open();
    expect(model.general).toEqual([]);
  });

  it('names the mistake that is in the way, but no mere warning', async () => {
    const wrong = finding({ level: 'error', message: 'A secret.' });
    inspected = {
      json: inspection({
        component: component({ diagnostics: [finding({}), wrong] })
      })
    };
    await open();
    expect(model.obstacle).toEqual(wrong);
    inspected = {
      json: inspection({ component: component({ diagnostics: [finding({})] }) })
    };
    notebook.edit('without');
    await settle();
    expect(model.obstacle).toBeNull();
  });

  it('shows the differences from the one that is there', async () => {
    inspected = {
      json: inspection({
        existing: component({ name: 'count' }),
        differences: [{ level: 'minor', words: "new output 'rows'" }],
        next_version: '1.1.0'
      })
    };
    await open();
    expect(model.replaces).toBe(true);
    expect(model.inspection?.differences[0].words).toBe("new output 'rows'");
    expect(model.inspection?.next_version).toBe('1.1.0');
  });
});

describe('Without an answer', () => {
  it('the reason is one line, and another try helps', async () => {
    inspected = {
      status: 400,
      json: { error: { code: 'not-a-notebook', message: "it isn't JSON" } }
    };
    await open();
    expect(model.status).toBe('failed');
    expect(model.error).toBe("it isn't JSON");
    inspected = { json: inspection() };
    await model.refresh();
    expect(model.status).toBe('ready');
    expect(model.error).toBe('');
  });

  it('what was understood before stays', async () => {
    await open();
    inspected = 'no network';
    notebook.edit('second');
    await settle();
    expect(model.status).toBe('ready');
    expect(model.error).toContain('does not answer');
    expect(model.inspection).not.toBeNull();
  });

  it('that comes too late, the newer one is kept', async () => {
    await open();
    const answers: ((value: IInspection) => void)[] = [];
    const inspect = () =>
      new Promise<IInspection>(resolve => answers.push(resolve));
    const client = fakeServer(() => ({})).client;
    model.dispose();
    model = new ComponentizeModel(notebook, Object.assign(client, { inspect }));
    await vi.advanceTimersByTimeAsync(0);
    notebook.edit('second');
    await settle();
    answers[1](inspection({ component: component({ name: 'new' }) }));
    answers[0](inspection({ component: component({ name: 'old' }) }));
    await settle();
    expect(model.inspection?.component.name).toBe('new');
  });
});

describe('Creating a component', () => {
  it('saves the notebook first, and inspects it again', async () => {
    await open();
    const made = model.create(false);
    expect(model.isCreating).toBe(true);
    expect((await made)?.name).toBe('count');
    expect(notebook.log).toEqual(['saved']);
    expect(requests.map(r => [r.path, r.body])).toEqual([
      ['components/inspect', { path: 'work/count.ipynb', source: 'first' }],
      ['components', { path: 'work/count.ipynb' }],
      ['components/inspect', { path: 'work/count.ipynb', source: 'first' }]
    ]);
    expect(model.isCreating).toBe(false);
  });

  it('replaces another only when it is told to', async () => {
    const exists = { code: 'component-exists', message: 'exists already' };
    created = ({ body }) =>
      (body as { force?: boolean }).force
        ? { status: 201, json: component({ name: 'count' }) }
        : { status: 409, json: { error: exists } };
    await open();
    expect(await model.create(false)).toBeNull();
    expect(model.replaces).toBe(true);
    expect((await model.create(true))?.name).toBe('count');
    expect(requests.map(r => r.body)).toContainEqual({
      path: 'work/count.ipynb',
      force: true
    });
  });

  it('rejects with what went wrong, and can be tried again', async () => {
    created = () => ({
      status: 507,
      json: { error: { code: 'home-unwritable', message: 'The disk is full.' } }
    });
    await open();
    await expect(model.create(false)).rejects.toThrow('The disk is full.');
    expect(model.isCreating).toBe(false);
  });
});

describe('The text that is inspected', () => {
  const metadata = { tags: ['parameters'] };
  const cell = { cell_type: 'code', metadata, source: 'x = 1' };
  const clean = { ...cell, outputs: [], execution_count: null };
  const ran = {
    ...cell,
    metadata: { trusted: true, ...metadata },
    outputs: [{ output_type: 'stream', name: 'stdout', text: 'hello' }],
    execution_count: 7
  };
  const about = { claimed: {}, language_info: { name: 'python' } };
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: about,
    cells: [ran]
  } as unknown as INotebookContent;

  it('has nothing that running the notebook leaves behind', () => {
    const { cells, metadata } = JSON.parse(notebookText(notebook));
    expect(cells).toEqual([clean]);
    expect(metadata).toEqual(about);
  });

  it('is the same for a person when a kernel starts', () => {
    const { cells, metadata } = JSON.parse(writtenText(notebook));
    expect(cells).toEqual([clean]);
    expect(metadata).toEqual({ claimed: {} });
  });
});

describe('A component that was made', () => {
  it('is opened in the palette, whatever was closed or searched', async () => {
    const { client } = fakeServer(() => ({
      json: { components: [component({ name: 'count' })], diagnostics: [] }
    }));
    const palette = new PaletteModel(client);
    await palette.refresh();
    palette.toggle('input');
    revealRow(palette, 'input/count@1.0.0');
    const row = palette.rows.find(({ id }) => id === 'input/count@1.0.0');
    expect(row?.expanded).toBe(true);
    expect(palette.active).toBe('input/count@1.0.0');
    palette.query = 'other';
    expect(palette.matches).toBe(0);
    revealRow(palette, 'input/count@1.0.0');
    expect(palette.query).toBe('');
    expect(palette.active).toBe('input/count@1.0.0');
  });
});
