import { URLExt } from '@jupyterlab/coreutils';
import { INotebookContent } from '@jupyterlab/nbformat';
import { ServerConnection } from '@jupyterlab/services';
import { ReadonlyJSONObject } from '@lumino/coreutils';
import { EnginesClient } from './engines';
import { Requests, join, post } from './requests';
import {
  IAsPython,
  ICatalog,
  ICatalogRequest,
  IComparison,
  IComponent,
  IComponentCode,
  IComponentSpec,
  IDescription,
  IDifference,
  IFromPython,
  IInspection,
  IListing,
  ILog,
  INewer,
  IOutputView,
  IRun,
  IRunOptions,
  ITaskSchema,
  IUntrusted,
  TryInputs
} from './types';

/**
 * The server extension's REST API, one method a resource.
 *
 * Every method rejects with a `ClaimedError` when the server refuses and with
 * a `ServerConnection.NetworkError` when it does not answer.
 */
export class ClaimedClient {
  constructor(serverSettings: ServerConnection.ISettings) {
    this.requests = new Requests(serverSettings);
    this.engines = new EnginesClient(this.requests);
  }

  /** What runs pipelines, how it is set up, and what it runs on a schedule. */
  readonly engines: EnginesClient;

  /** For the parts of the API that have a client of their own. */
  readonly requests: Requests;

  /** The components of every catalog; one request, empty when none changed. */
  components(): Promise<IListing> {
    // JupyterLab makes every URL unique, which would defeat the ETag.
    return this._json('components', { cache: 'no-cache' });
  }

  /** One component, by the reference that a pipeline names it by. */
  component(reference: string): Promise<IComponent> {
    return this._json(componentPath(reference));
  }

  /** All that a component could run, wherever its catalog is. */
  componentCode(reference: string): Promise<IComponentCode> {
    return this._json(componentPath(reference, 'code'));
  }

  /** Lets components from outside run, as they are now, without a question. */
  async trust(components: IUntrusted[]): Promise<void> {
    const references = components.map(({ reference }) => reference);
    const keys = Object.fromEntries(
      components.map(({ reference, key }) => [reference, key])
    );
    await this._request('components/trust', post({ references, keys }));
  }

  /** The places that components come from. */
  async catalogs(): Promise<ICatalog[]> {
    const answer = await this._json<{ catalogs: ICatalog[] }>('catalogs');
    return answer.catalogs;
  }

  /** Adds a catalog and fetches it, which may take as long as a download. */
  addCatalog(request: ICatalogRequest): Promise<ICatalog> {
    return this._json('catalogs', post(request));
  }

  /** Switches a catalog on or off, or fetches it again. */
  changeCatalog(
    name: string,
    change: 'enable' | 'disable' | 'refresh'
  ): Promise<ICatalog> {
    return this._json(join('catalogs', name, change), post({}));
  }

  async removeCatalog(name: string): Promise<void> {
    await this._request(join('catalogs', name), { method: 'DELETE' });
  }

  /**
   * The component that a notebook would become.
   *
   * path: contents path.  source: its JSON when it has not been saved.
   */
  inspect(path: string, source?: string): Promise<IInspection> {
    return this._json('components/inspect', post({ path, source }));
  }

  /**
   * Makes a component of the saved notebook, among the user's own.
   *
   * force: replaces the one of the same name, which is else refused with the
   * code `component-exists`.  sample: whether the inputs that the notebook was
   * run with come along, which is so unless it says no.
   */
  createComponent(
    path: string,
    force?: boolean,
    sample?: boolean
  ): Promise<IComponentSpec> {
    return this._json('components', post({ path, force, sample }));
  }

  /**
   * Runs the saved notebook once, as the component that it would become.
   *
   * inputs: a value or the name of a secret by the input's name; files as seen
   * from the notebook's folder.
   */
  tryComponent(path: string, inputs: TryInputs): Promise<IRun> {
    return this._json('components/try', post({ path, inputs }));
  }

  /**
   * What the server makes of a pipeline document.
   *
   * path: contents path.  source: its text when it has not been saved.
   * engine: the one whose limits are told, too.
   */
  describe(
    path: string,
    source?: string,
    engine?: string
  ): Promise<IDescription> {
    return this._json('pipelines/describe', post({ path, source, engine }));
  }

  /**
   * A document's text as Python.
   *
   * python: the module as it is; only what the document says other is changed.
   */
  asPython(path: string, source: string, python: string): Promise<IAsPython> {
    return this._json('pipelines/python', post({ path, source, python }));
  }

  /**
   * The document's text of a module.
   *
   * source: what it is now.  base: what it was when both said the same.
   */
  fromPython(
    path: string,
    python: string,
    source: string,
    base: string
  ): Promise<IFromPython> {
    return this._json(
      'pipelines/from-python',
      post({ path, python, source, base })
    );
  }

  /** What became of one version of a document in another. */
  difference(
    path: string,
    source: string,
    other: string
  ): Promise<IDifference> {
    return this._json('pipelines/difference', post({ path, source, other }));
  }

  /**
   * Runs, newest first; only those of the document at `path` when given.
   *
   * archived: those that were put away, too.
   */
  async runs(
    options: { path?: string; limit?: number; archived?: boolean } = {}
  ): Promise<IRun[]> {
    const query: { [key: string]: string } = {};
    if (options.path !== undefined) {
      query.path = options.path;
    }
    if (options.limit !== undefined) {
      query.limit = String(options.limit);
    }
    if (options.archived) {
      query.archived = 'true';
    }
    const search = URLExt.objectToQueryString(query);
    const answer = await this._json<{ runs: IRun[] }>(`runs${search}`);
    return answer.runs;
  }

  run(id: string): Promise<IRun> {
    return this._json(join('runs', id));
  }

  /** Starts a run, or a part of one, of the saved document at the contents path. */
  startRun(
    path: string,
    parameters?: ReadonlyJSONObject,
    options: IRunOptions = {}
  ): Promise<IRun> {
    return this._json('runs', post({ path, parameters, ...options }));
  }

  /** Runs an old run again, with the code and the parameters that it had. */
  rerun(id: string): Promise<IRun> {
    return this._json(join('runs', id, 'rerun'), post({}));
  }

  /** What failed of a run once more, in the same run; or puts it away, or back. */
  changeRun(
    id: string,
    change: 'retry' | 'archive' | 'unarchive'
  ): Promise<IRun> {
    return this._json(join('runs', id, change), post({}));
  }

  /** Removes a run that has ended. */
  async deleteRun(id: string): Promise<void> {
    await this._request(join('runs', id), { method: 'DELETE' });
  }

  compareRuns(ids: string[]): Promise<IComparison> {
    const query = ids.map(id => `run=${encodeURIComponent(id)}`).join('&');
    return this._json(`runs/compare?${query}`);
  }

  /**
   * The JSON Schema of the form of a task.
   *
   * path: contents path of the document that names the component.
   */
  taskSchema(component: string, path: string): Promise<ITaskSchema> {
    const query = URLExt.objectToQueryString({ component, path });
    return this._json(`pipelines/task-schema${query}`);
  }

  /** What is changed since a component's version, where there is a newer one. */
  newer(reference: string): Promise<INewer> {
    return this._json(componentPath(reference, 'newer'));
  }

  cancelRun(id: string): Promise<IRun> {
    return this._json(join('runs', id, 'cancel'), post({}));
  }

  log(id: string, task: string): Promise<ILog> {
    return this._json(join('runs', id, 'tasks', task, 'log'));
  }

  /** The executed notebook of a task. */
  notebook(id: string, task: string): Promise<INotebookContent> {
    return this._json(join('runs', id, 'tasks', task, 'notebook'));
  }

  /** fetch: brings it here first, where it is large and elsewhere. */
  output(
    id: string,
    task: string,
    name: string,
    fetch = false
  ): Promise<IOutputView> {
    const place = join('runs', id, 'tasks', task, 'outputs', name);
    return this._json(fetch ? `${place}?fetch=true` : place);
  }

  /** All reports of a run: one self-contained, untrusted HTML page. */
  async report(id: string): Promise<string> {
    return (await this._request(join('runs', id, 'report'))).text();
  }

  private _json<T>(endPoint: string, init?: RequestInit): Promise<T> {
    return this.requests.json(endPoint, init);
  }

  private _request(endPoint: string, init?: RequestInit): Promise<Response> {
    return this.requests.raw(endPoint, init);
  }
}

/** The end point of the component that a reference names, or of a part of it. */
function componentPath(reference: string, ...part: string[]): string {
  const [name, version] = reference.split('@');
  const query = version ? URLExt.objectToQueryString({ version }) : '';
  return join('components', ...name.split('/'), ...part) + query;
}
