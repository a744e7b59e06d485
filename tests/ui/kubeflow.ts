import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { beside, lab } from './lab';

const CHECKOUT = resolve(__dirname, '../..');

/** The stand-in for a cluster with Kubeflow Pipelines; its pods really run. */
export class Kubeflow {
  /** Starts it; resolves when it can be asked. */
  static async start(...options: string[]): Promise<Kubeflow> {
    const folder = mkdtempSync(join(lab.folder, 'cluster-'));
    const python = beside('python');
    const child = spawn(
      python,
      [
        ...['-m', 'tests.kfp_server', '--folder', folder],
        ...['--python', python, ...options]
      ],
      { cwd: CHECKOUT, stdio: ['ignore', 'pipe', 'inherit'] }
    );
    const lines = createInterface({ input: child.stdout! });
    const [url] = (await once(lines, 'line')) as [string];
    return new Kubeflow(url, child);
  }

  private constructor(
    readonly url: string,
    private readonly _process: ChildProcess
  ) {}

  /** Makes it the cluster of the tests' JupyterLab, as the form would. */
  choose(): void {
    const folder = join(lab.folder, 'home/engines');
    mkdirSync(folder, { recursive: true });
    const settings = JSON.stringify({ endpoint: this.url });
    writeFileSync(join(folder, 'kubeflow.json'), settings);
  }

  /** Has it fail by a rule, or where `pod` is set, a pod. */
  async fault(rule: { kind: string; [field: string]: unknown }): Promise<void> {
    const body = JSON.stringify(rule);
    await fetch(`${this.url}/_control/faults`, { method: 'POST', body });
  }

  /** Ends all faults. */
  async mend(): Promise<void> {
    await fetch(`${this.url}/_control/faults`, { method: 'DELETE' });
  }

  async stop(): Promise<void> {
    if (this._process.exitCode === null) {
      this._process.kill('SIGTERM');
      await once(this._process, 'exit');
    }
  }
}
