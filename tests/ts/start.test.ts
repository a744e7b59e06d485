import { PromiseDelegate } from '@lumino/coreutils';
import { describe, expect, it, vi } from 'vitest';
import type { EditorModel } from '../../labextension/src/editor/model';
import { askRun } from '../../labextension/src/editor/runform';
import {
  IStartOptions,
  startPipeline
} from '../../labextension/src/editor/start';

vi.mock('../../labextension/src/editor/runform', () => ({
  askRun: vi.fn(async () => null)
}));
vi.mock('../../labextension/src/catalogs/trust', () => ({
  startWithTrust: (start: () => unknown) => start()
}));

describe('Run', () => {
  it('asks for the parameters, however soon it is pressed', async () => {
    const ready = new PromiseDelegate<void>();
    const model = {
      ready: ready.promise,
      description: null as object | null,
      engine: null,
      path: 'a.pipeline',
      start: vi.fn()
    };
    const options = { lastValues: { of: async () => ({}) } };
    const started = startPipeline(
      model as unknown as EditorModel,
      options as unknown as IStartOptions
    );
    await new Promise(resolve => setTimeout(resolve)); // the server takes its time
    expect(model.start).not.toHaveBeenCalled();
    model.description = { parameters: { seed: { type: 'int' } } };
    ready.resolve();
    await started;
    expect(askRun).toHaveBeenCalledOnce();
    expect(model.start).not.toHaveBeenCalled();
  });
});
