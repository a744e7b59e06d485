import { ISignal, Signal } from '@lumino/signaling';
import { ClaimedError, messageOf } from '../api/errors';
import {
  ILineageNode,
  INodeDetail,
  IVersions,
  LineageClient
} from '../api/lineage';
import { IOutputView } from '../api/types';
import { Status } from './results';

/** All there is to know of the node that is looked at. */
export class DetailModel {
  constructor(private readonly _client: LineageClient) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }
  /** Emitted with a node when its tags are other than they were. */
  get nodeChanged(): ISignal<this, ILineageNode> {
    return this._nodeChanged;
  }
  get id(): string | null {
    return this._id;
  }
  get detail(): INodeDetail | null {
    return this._detail;
  }
  get status(): Status {
    return this._status;
  }
  get error(): string {
    return this._error;
  }
  /** Its versions, when there are several; null until they are known. */
  get versions(): IVersions | null {
    return this._versions;
  }
  /** What could not be changed, in one line. */
  get problem(): string {
    return this._problem;
  }

  /** Reads another node; null reads none. */
  async load(id: string | null): Promise<void> {
    if (id === this._id && this._status !== 'error') {
      return;
    }
    this._id = id;
    this._detail = null;
    this._versions = null;
    this._preview = null;
    this._problem = '';
    this._status = id === null ? 'ready' : 'loading';
    this._changed.emit();
    await this._read();
  }

  /** Reads the node again. */
  async refresh(): Promise<void> {
    if (this._id !== null && this._status !== 'loading') {
      await this._read();
    }
  }

  /** What the artifact is, ready to be rendered; read when it is first asked for. */
  preview(): Promise<IOutputView> {
    this._preview ??= this._client.preview(String(this._id));
    return this._preview;
  }

  async addTag(name: string): Promise<void> {
    const tags = this._detail?.tags ?? {};
    await this._setTags({ ...tags, [name]: tags[name] ?? '' });
  }

  async removeTag(name: string): Promise<void> {
    const { [name]: _, ...rest } = this._detail?.tags ?? {};
    await this._setTags(rest);
  }

  /** Keeps a note; an empty one is removed. Resolves to whether it was kept. */
  async setNote(text: string): Promise<boolean> {
    return this._change(async (detail, id) => ({
      ...detail,
      note: await this._client.setNote(id, text)
    }));
  }

  private async _setTags(tags: INodeDetail['tags']): Promise<void> {
    await this._change(async (detail, id) => {
      await this._client.setTags(id, tags);
      const node = { ...detail.node, tags: Object.keys(tags) };
      this._nodeChanged.emit(node);
      return { ...detail, tags, node };
    });
  }

  private async _change(
    change: (detail: INodeDetail, id: string) => Promise<INodeDetail>
  ): Promise<boolean> {
    const id = this._id;
    if (id === null || !this._detail) {
      return false;
    }
    this._problem = '';
    try {
      const detail = await change(this._detail, id);
      if (id === this._id) {
        this._detail = detail;
      }
    } catch (error) {
      this._problem = messageOf(error);
    }
    this._changed.emit();
    return this._problem === '';
  }

  private async _read(): Promise<void> {
    const id = this._id;
    if (id === null) {
      return;
    }
    try {
      const detail = await this._client.node(id);
      if (id === this._id) {
        this._detail = detail;
        this._status = 'ready';
        this._changed.emit();
      }
      await this._readVersions(id);
    } catch (error) {
      if (id === this._id) {
        this._error = messageOf(error);
        this._status = 'error';
        this._changed.emit();
      }
    }
  }

  /** They make a small chart; without them there is none. */
  private async _readVersions(id: string): Promise<void> {
    const versions = await this._client.versions(id).catch(() => null);
    if (id === this._id && versions) {
      this._versions = versions;
      this._changed.emit();
    }
  }

  private _id: string | null = null;
  private _detail: INodeDetail | null = null;
  private _versions: IVersions | null = null;
  private _preview: Promise<IOutputView> | null = null;
  private _status: Status = 'ready';
  private _error = '';
  private _problem = '';
  private _changed = new Signal<this, void>(this);
  private _nodeChanged = new Signal<this, ILineageNode>(this);
}

/** Whether an error says that this server has no such end point. */
export function isUnknownHere(error: unknown): boolean {
  return (
    error instanceof ClaimedError &&
    ((error.response.status === 404 && error.code === 'http') ||
      error.response.status === 405)
  );
}
