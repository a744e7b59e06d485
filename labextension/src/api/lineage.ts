import { URLExt } from '@jupyterlab/coreutils';
import { Requests, post } from './requests';
import type {
  ComparedNodes,
  Exported,
  GraphEdge,
  GraphNode,
  GraphPart,
  NamedNode,
  NodeDetail,
  NodeVersion,
  NodeVersions,
  Note,
  Reproduction,
  StaleReason
} from './schema';
import { IOutputView, IRun } from './types';

export type NodeKind = GraphNode['kind'];

/** A thing of the lineage store, in short. */
export type ILineageNode = GraphNode;
export type ILineageEdge = GraphEdge;

/** A part of the lineage; missing: how many nodes a limit has cut off. */
export type ILineageGraph = GraphPart;

/** What a graph begins at, and how many executions it crosses. */
export interface IGraphQuestion {
  /** Node ids, or `run:<run id>`. */
  start: string[];
  up: number;
  down: number;
  limit?: number;
}

export interface IFound {
  nodes: ILineageNode[];
  /** Where the next page begins; null after the last one. */
  next: string | null;
}

/** What could stand in a query instead of its characters start to end. */
export interface ISuggestion {
  text: string;
  start: number;
  end: number;
  kind: string;
  about: string;
}

/** A node as an input or a product, by the name it has there. */
export type INamedNode = NamedNode;
export type INote = Note;

/** Something that is other than when the artifact was made. */
export type IStaleReason = StaleReason;

export interface IValues {
  [name: string]: unknown;
}

/** All that is known of a node. */
export type INodeDetail = NodeDetail;
export type IVersion = NodeVersion;

/** The versions of a node, the oldest first. */
export type IVersions = NodeVersions;
export type INodeComparison = ComparedNodes;

/** What came of making an artifact again. */
export type IReproduced = Reproduction;

/** A standard that lineage is told in. */
export type Standard = 'openlineage' | 'prov' | 'ro-crate';

/** Whose lineage: what an artifact came from, a run, or the runs that a query finds something in. */
export type ExportSelector =
  { artifact: string } | { run: string } | { query: string };

/** with_files: brings files on the server's machine along, into a crate. */
export type IExportRequest = ExportSelector & {
  to: Standard;
  /** What the file is called after. */
  name: string;
  with_files?: boolean;
};

/** A file that was written, and what it tells of and leaves out. */
export type IExported = Exported;

/** The part of the REST API that asks the lineage store. */
export class LineageClient {
  constructor(private readonly _requests: Requests) {}

  graph({ start, ...rest }: IGraphQuestion): Promise<ILineageGraph> {
    const starts = start.map(id => `start=${encodeURIComponent(id)}`);
    return this._get(`graph?${starts.concat(pairs(rest)).join('&')}`);
  }

  /** The same, with the edges to the nodes that are known already. */
  moreGraph(
    question: IGraphQuestion,
    known: readonly string[]
  ): Promise<ILineageGraph> {
    return this._requests.json('lineage/graph', post({ ...question, known }));
  }

  /** All ways between two artifacts. */
  between(first: string, second: string, limit = 400): Promise<ILineageGraph> {
    return this._get(
      `graph/between?${pairs({ first, second, limit }).join('&')}`
    );
  }

  find(q: string, limit: number, cursor?: string | null): Promise<IFound> {
    const query = { q, limit, full: 1, ...(cursor ? { cursor } : {}) };
    return this._get(`find?${pairs(query).join('&')}`);
  }

  /** What could be written at a place of a query. */
  async complete(q: string, at: number): Promise<ISuggestion[]> {
    const answer = await this._get<{ suggestions: ISuggestion[] }>(
      `complete?${pairs({ q, at }).join('&')}`
    );
    return answer.suggestions;
  }

  /** The artifacts that a file is, and the executions of it, newest first. */
  async used(path: string): Promise<ILineageNode[]> {
    const answer = await this._get<{ nodes: ILineageNode[] }>(
      `used?${pairs({ path }).join('&')}`
    );
    return answer.nodes;
  }

  node(id: string): Promise<INodeDetail> {
    return this._get(`nodes/${id}`);
  }

  versions(id: string): Promise<IVersions> {
    return this._get(`nodes/${id}/versions`);
  }

  preview(id: string): Promise<IOutputView> {
    return this._get(`nodes/${id}/preview`);
  }

  /** Sets all tags of a node anew. */
  async setTags(id: string, tags: INodeDetail['tags']): Promise<void> {
    await this._put(`nodes/${id}/tags`, { tags });
  }

  /** An empty text removes the note. */
  async setNote(id: string, text: string): Promise<INote | null> {
    const answer = await this._put(`nodes/${id}/note`, { text });
    return ((await answer.json()) as { note: INote | null }).note;
  }

  /** A model card in Markdown. */
  async card(id: string): Promise<string> {
    return (await this._get<{ markdown: string }>(`nodes/${id}/card`)).markdown;
  }

  /** Makes an artifact again, with what it was made with; resolves to the run. */
  async reproduce(id: string): Promise<IRun> {
    const answer = await this._requests.json<{ run: IRun }>(
      `lineage/nodes/${id}/reproduce`,
      post({})
    );
    return answer.run;
  }

  reproduced(id: string, run: string): Promise<IReproduced> {
    return this._get(`nodes/${id}/reproduced?${pairs({ run }).join('&')}`);
  }

  compare(ids: string[]): Promise<INodeComparison> {
    const query = ids.map(id => `node=${encodeURIComponent(id)}`).join('&');
    return this._get(`compare?${query}`);
  }

  /** Writes a new file into a folder of the user's. */
  exportInto(folder: string, request: IExportRequest): Promise<IExported> {
    return this._requests.json('lineage/export', post({ ...request, folder }));
  }

  /** The same, but the file comes here. */
  async export(
    request: IExportRequest
  ): Promise<{ about: IExported; content: Blob }> {
    const answer = await this._requests.raw('lineage/export', post(request));
    const about = JSON.parse(answer.headers.get('Claimed-Exported') ?? '{}');
    return { about, content: await answer.blob() };
  }

  private _get<T>(endPoint: string): Promise<T> {
    return this._requests.json(`lineage/${endPoint}`);
  }

  private _put(endPoint: string, body: object): Promise<Response> {
    return this._requests.raw(`lineage/${endPoint}`, {
      ...post(body),
      method: 'PUT'
    });
  }
}

/** The parts of a query string; what is undefined is left out. */
function pairs(query: {
  [name: string]: string | number | undefined;
}): string[] {
  return Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) =>
      URLExt.objectToQueryString({ [name]: String(value) }).slice(1)
    );
}
