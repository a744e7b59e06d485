import { ILineageNode } from '../api/lineage';
import { RunsModel } from '../runs/model';

/** What begins the name of a whole run, where else a node is named. */
export const RUN = 'run:';

/** What the nodes are called that were seen: a way back outlives what is shown. */
export class NodeNames {
  constructor(private readonly _runs: RunsModel) {}

  note({ id, name, run, pipeline }: ILineageNode): void {
    this._names.set(id, name);
    if (run && pipeline) {
      this._pipelines.set(run, pipeline);
    }
  }

  /** The name of a node, the pipeline of a run; the id of what was not seen. */
  of(id: string): string {
    if (!id.startsWith(RUN)) {
      return this._names.get(id) ?? id;
    }
    const run = id.slice(RUN.length);
    return this._runs.get(run)?.pipeline ?? this._pipelines.get(run) ?? run;
  }

  private readonly _names = new Map<string, string>();
  private readonly _pipelines = new Map<string, string>();
}
