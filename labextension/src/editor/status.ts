import { DocumentRegistry } from '@jupyterlab/docregistry';
import { ClaimedClient } from '../api/client';
import { FindComponent } from '../drawing/present';
import { EngineChoice } from '../engines/choice';
import { RunsModel } from '../runs/model';
import { PipelineModel } from './docmodel';

/**
 * loading: not known yet.  empty: nothing to draw, the user is told what to do.
 * broken: the document cannot be read, `problem` says why.  unreachable: nobody
 * could be asked, `problem` says why.  ready: drawn.
 */
export type EditorStatus =
  'loading' | 'empty' | 'broken' | 'unreachable' | 'ready';

export interface IEditorOptions {
  context: DocumentRegistry.IContext<PipelineModel>;
  client: ClaimedClient;
  runs: RunsModel;
  /** The components that can be placed, by their references. */
  findComponent?: FindComponent;
  /** What the document is meant to run on; the server's own choice without. */
  engine?: EngineChoice;
}
