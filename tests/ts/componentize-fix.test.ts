import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IFix } from '../../labextension/src/api/types';
import { ComponentizeModel } from '../../labextension/src/componentize/model';
import { Answer, IRequest, component, fakeServer } from './fakes';
import { FakeNotebook, finding, inspection } from './notebooks';

let notebook: FakeNotebook;
let requests: IRequest[];
let inspected: Answer;
let model: ComponentizeModel;

async function open(): Promise<void> {
  const server = fakeServer(() => inspected);
  requests = server.requests;
  notebook = new FakeNotebook();
  model = new ComponentizeModel(notebook, server.client);
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  model.dispose();
  vi.useRealTimers();
});

describe('A fix', () => {
  const fix: IFix = { label: 'Tag it', edits: [] };
  const offered = () => {
    const diagnostics = [finding({ fix })];
    inspected = {
      json: inspection({ component: component({ diagnostics }) })
    };
  };

  it('changes the notebook, and can be taken back', async () => {
    offered();
    await open();
    await model.fix(fix);
    expect(notebook.text).toBe('first, Tag it');
    expect(model.applied?.label).toBe('Tag it');
    expect(requests.at(-1)?.body).toMatchObject({ source: 'first, Tag it' });
    await model.undoFix();
    expect(notebook.text).toBe('first');
    expect(model.applied).toBeNull();
  });

  it('is made again for a notebook that changed meanwhile', async () => {
    offered();
    await open();
    notebook.text = 'second';
    await model.fix(fix);
    expect(requests[1].body).toMatchObject({ source: 'second' });
    expect(notebook.text).toBe('second, Tag it');
  });

  it('touches nothing when it is no longer what it was', async () => {
    offered();
    await open();
    notebook.text = 'second';
    inspected = { json: inspection() };
    await model.fix(fix);
    expect(notebook.text).toBe('second');
    expect(model.refusal).toContain('changed meanwhile');
  });

  it('touches nothing while the server cannot look again', async () => {
    offered();
    await open();
    notebook.text = 'second';
    inspected = 'no network';
    await model.fix(fix);
    expect(notebook.text).toBe('second');
    expect(model.applied).toBeNull();
  });

  it('cannot be taken back by the panel after it was elsewhere', async () => {
    offered();
    await open();
    await model.fix(fix);
    notebook.edit('third');
    expect(model.applied).toBeNull();
  });
});
