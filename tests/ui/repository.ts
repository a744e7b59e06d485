import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lab } from './lab';

const CONTENT = join(__dirname, 'fixtures/repository');

/** A git repository of somebody else, with one component, on this disk. */
export class Repository {
  constructor() {
    cpSync(CONTENT, this.folder, { recursive: true });
    this._git('init', '--quiet', '--initial-branch=main');
    this.commit();
  }

  readonly folder = mkdtempSync(join(lab.folder, 'strangers-'));
  readonly url = pathToFileURL(this.folder).href;

  /** The short digest of what is there now. */
  get head(): string {
    return this._git('rev-parse', 'HEAD').trim().slice(0, 7);
  }

  /** Changes the module that the component's notebook imports. */
  edit(from: string, to: string): void {
    const path = join(this.folder, 'greet/manners.py');
    writeFileSync(path, readFileSync(path, 'utf-8').replace(from, to));
    this.commit();
  }

  commit(): void {
    this._git('add', '--all');
    const who = ['-c', 'user.name=A. Stranger', '-c', 'user.email=a@b.test'];
    this._git(...who, 'commit', '--quiet', '--message=Greet');
  }

  private _git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.folder, encoding: 'utf-8' });
  }
}
