import { ISignal, Signal } from '@lumino/signaling';
import { messageOf } from '../api/errors';
import { IVersion, LineageClient } from '../api/lineage';
import type { IShellProps } from './props';
import { Status } from './results';

/** The versions of a thing over time. */
export class TimelineModel {
  constructor(private readonly _client: LineageClient) {}

  get changed(): ISignal<this, void> {
    return this._changed;
  }
  get status(): Status {
    return this._status;
  }
  get error(): string {
    return this._error;
  }
  /** The oldest first. */
  get versions(): readonly IVersion[] {
    return this._versions;
  }

  /** Reads the versions of a node, unless it is one of those that are there. */
  async load(id: string): Promise<void> {
    const isHere = this._versions.some(({ node }) => node.id === id);
    if (isHere && this._status === 'ready') {
      return;
    }
    this._versions = [];
    this._status = 'loading';
    this._changed.emit();
    await this._read(id);
  }

  /** Reads them again. */
  async refresh(): Promise<void> {
    if (this._id !== null && this._status === 'ready') {
      await this._read(this._id);
    }
  }

  private async _read(id: string): Promise<void> {
    this._id = id;
    try {
      const { versions } = await this._client.versions(id);
      if (id === this._id) {
        this._versions = versions;
        this._status = 'ready';
      }
    } catch (error) {
      if (id === this._id) {
        this._error = messageOf(error);
        this._status = 'error';
      }
    }
    if (id === this._id) {
      this._changed.emit();
    }
  }

  private _id: string | null = null;
  private _versions: readonly IVersion[] = [];
  private _status: Status = 'ready';
  private _error = '';
  private _changed = new Signal<this, void>(this);
}

/** What every part of the timeline knows. */
export interface IVersionsProps extends IShellProps {
  versions: readonly IVersion[];
}

/** A point of a chart: the number of the version, from 0, and its value. */
export interface IPoint {
  at: number;
  value: number;
}

/** The metrics that any of the versions has, in the order of the newest one. */
export function metricsOf(versions: readonly IVersion[]): string[] {
  const names = [...versions]
    .reverse()
    .flatMap(({ metrics }) => Object.keys(metrics));
  return [...new Set(names)];
}

/** How a metric went; versions without it are left out. */
export function pointsOf(
  versions: readonly IVersion[],
  metric: string
): IPoint[] {
  return versions.flatMap(({ metrics }, at) => {
    const value = metrics[metric];
    return typeof value === 'number' && isFinite(value) ? [{ at, value }] : [];
  });
}
