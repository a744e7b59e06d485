import { Locator, Page } from '@playwright/test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Lab, expect, test as base } from './page';
import { lab } from './lab';

/** A small pipeline of two notebooks, which runs in a second. */
export const PIPELINE = 'lineage/orders.pipeline';

/** The lineage explorer, as a person uses it. */
export class Explorer {
  constructor(
    readonly page: Page,
    readonly jupyter: Lab
  ) {}

  get root(): Locator {
    return this.page.locator('.claimed-Lineage:visible');
  }
  get search(): Locator {
    return this.root.getByRole('combobox', { name: 'Search lineage' });
  }
  get grid(): Locator {
    return this.root.getByRole('grid');
  }
  get panel(): Locator {
    return this.root.locator('.claimed-Lineage-panel');
  }
  get trail(): Locator {
    return this.root.locator('.claimed-Lineage-trail');
  }
  get count(): Locator {
    return this.root.locator('.claimed-Lineage-bar [role=status]:visible');
  }

  row(name: string | RegExp): Locator {
    return this.grid.locator('[data-node]').filter({ hasText: name });
  }

  view(name: 'Graph' | 'Table' | 'Timeline'): Locator {
    return this.root.getByRole('radio', { name });
  }

  /** Looks for something and waits for the table. */
  async find(query: string): Promise<void> {
    await this.search.fill(query);
    await this.search.press('Escape');
    await this.search.press('Enter');
    await expect(this.view('Table')).toBeChecked();
  }

  /** Opens JupyterLab at a place of the lineage. */
  async link(search: string): Promise<void> {
    await this.page.goto(`/lab${search}&token=${lab.token}`);
    await expect(this.root).toBeVisible({ timeout: 30_000 });
  }

  menuItem(label: string): Locator {
    return this.page
      .locator('.lm-Menu-item:visible')
      .filter({ has: this.page.getByText(label, { exact: true }) });
  }
}

/** Forgets all lineage, as if nothing had run. */
export function forgetLineage(): void {
  for (const name of ['runs', 'cache', 'objects']) {
    rmSync(join(lab.folder, 'home', name), { recursive: true, force: true });
  }
}

interface IStarted {
  run_id: string;
  state: string;
  tasks: {
    [name: string]: {
      execution_id: number;
      outputs: { [name: string]: { artifact_id: number } };
    };
  };
}

/** Runs the small pipeline to its end, without a browser. */
export async function runOrders(rate: number): Promise<IStarted> {
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${lab.url}/claimed/${path}`, {
      ...init,
      headers: { Authorization: `token ${lab.token}` }
    });
    return (await answer.json()) as IStarted;
  };
  const body = JSON.stringify({ path: PIPELINE, parameters: { rate } });
  const { run_id } = await ask('runs', { method: 'POST', body });
  let run = await ask(`runs/${run_id}`);
  for (let i = 0; i < 120 && !/COMPLETE|FAILED/.test(run.state); i++) {
    await new Promise(resolve => setTimeout(resolve, 500));
    run = await ask(`runs/${run_id}`);
  }
  expect(run.state).toBe('COMPLETE');
  return run;
}

export const test = base.extend<{ explorer: Explorer }>({
  explorer: async ({ page, jupyter }, provide) => {
    await provide(new Explorer(page, jupyter));
  }
});

export { expect };
