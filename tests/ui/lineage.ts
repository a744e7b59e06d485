import { Locator, Page } from '@playwright/test';
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

  /** Opens the explorer by the command palette. */
  async open(): Promise<void> {
    const item = this.page
      .locator('#modal-command-palette [data-command="claimed:open-lineage"]')
      .first();
    // What opens a palette while JupyterLab starts may close it again.
    await expect(async () => {
      await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('Control+Shift+c');
      await this.page.keyboard.type('Lineage', { delay: 20 });
      await item.click({ timeout: 2000 });
    }).toPass({ timeout: 30_000 });
    await expect(this.root).toBeVisible();
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
    await this.page.goto(`/lab${search}&token=${lab.token}&reset`);
    // When the link has been followed it is gone.
    await expect(this.page).not.toHaveURL(/[?&]lineage/, { timeout: 30_000 });
    await expect(this.root).toBeVisible();
  }

  menuItem(label: string): Locator {
    return this.page
      .locator('.lm-Menu-item:visible')
      .filter({ has: this.page.getByText(label, { exact: true }) });
  }
}

/** A run, as much of it as tests look at. */
export interface IStarted {
  run_id: string;
  state: string;
  tasks: {
    [name: string]: {
      execution_id: number;
      outputs: { [name: string]: { artifact_id: number; uri: string } };
    };
  };
}

/** Asks the server, without a browser. */
async function ask<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(`${lab.url}/claimed/${path}`, {
    ...init,
    headers: { Authorization: `token ${lab.token}` }
  });
  return (await answer.json()) as T;
}

/** The runs of the small pipeline, the oldest first: one for each rate, made once. */
export async function ordersRuns(rates: number[]): Promise<IStarted[]> {
  const listed = await ask<{ runs: IStarted[] }>(
    `runs?path=${encodeURIComponent(PIPELINE)}`
  );
  const runs = listed.runs.reverse();
  for (const rate of rates.slice(runs.length)) {
    runs.push(await runOrders(rate));
  }
  return Promise.all(runs.map(({ run_id }) => ask<IStarted>(`runs/${run_id}`)));
}

/** Runs the small pipeline to its end. */
export async function runOrders(rate: number): Promise<IStarted> {
  const body = JSON.stringify({ path: PIPELINE, parameters: { rate } });
  let run = await ask<IStarted>('runs', { method: 'POST', body });
  for (let i = 0; i < 120 && !/COMPLETE|FAILED/.test(run.state); i++) {
    await new Promise(resolve => setTimeout(resolve, 500));
    run = await ask<IStarted>(`runs/${run.run_id}`);
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
