import { Locator, Page, expect, test as base } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { lab } from './lab';

const PICTURES = resolve(__dirname, '../../test-results/pictures');
const STATES = '[data-state]';

/** JupyterLab as a person uses it. */
export class Lab {
  constructor(readonly page: Page) {}

  /** Opens JupyterLab anew, with a document when a path is given. */
  async open(path = ''): Promise<void> {
    const tree = path ? `/tree/${path}` : '';
    await this.page.goto(`/lab${tree}?token=${lab.token}&reset`);
    await expect(this.page.locator('#filebrowser')).toBeAttached();
    await expect(this.page.locator('#jupyterlab-splash')).toHaveCount(0);
  }

  /** Loads the page again, once JupyterLab has kept a widget, and what it shows. */
  async reload(widget: string, shown = widget): Promise<void> {
    const workspace = `/lab/api/workspaces/default?token=${lab.token}`;
    await expect(async () => {
      const answer = await this.page.request.get(workspace);
      const { data } = await answer.json();
      expect(JSON.stringify(data['layout-restorer:data'])).toContain(widget);
      expect(JSON.stringify(data)).toContain(shown);
    }).toPass({ timeout: 15_000 });
    await this.page.reload();
  }

  async openPalette(): Promise<void> {
    await this.page.locator('[data-id="claimed-palette"]').click();
    await expect(this.row('Load a table')).toBeVisible();
  }

  /** Presses Run, and accepts the form if there is one. */
  async run(): Promise<void> {
    const form = this.page.locator('.jp-Dialog');
    // Listens before the click: without a form the answer may be there at once.
    const started = this.page.waitForResponse(
      response =>
        response.url().includes('/claimed/runs') &&
        response.request().method() === 'POST'
    );
    await this.command('claimed:run-pipeline').click();
    await Promise.race([
      started,
      form.getByRole('button', { name: 'Run' }).click()
    ]);
    expect((await started).status()).toBe(201);
  }

  /** Goes down the menus by the labels of their items. */
  async menu(...labels: string[]): Promise<void> {
    const [bar, ...items] = labels;
    const timeout = 3000;
    // Menus are filled while JupyterLab starts, and close when they are.
    await expect(async () => {
      await this.page.keyboard.press('Escape');
      await this.page
        .locator('.lm-MenuBar-itemLabel', { hasText: bar })
        .click({ timeout });
      for (const label of items) {
        await this.page
          .locator('.lm-Menu-item:visible')
          .filter({ has: this.page.getByText(label, { exact: true }) })
          .click({ timeout });
      }
    }).toPass({ timeout: 30_000 });
  }

  /** Chooses a theme and comes back when it is drawn. */
  async theme(name: 'Light' | 'Dark'): Promise<void> {
    await this.menu('Settings', 'Theme', `JupyterLab ${name}`);
    await expect(this.page.locator('body')).toHaveAttribute(
      'data-jp-theme-light',
      String(name === 'Light')
    );
  }

  /** A picture for a person to look at. */
  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.mouse.move(700, 30);
    await this.page.waitForTimeout(600); // let what moves come to rest
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  command(id: string): Locator {
    return this.page.locator(`.jp-Toolbar [data-command="${id}"]:visible`);
  }

  row(text: string): Locator {
    return this.page.locator('.claimed-Tree [role=treeitem]', {
      hasText: text
    });
  }

  card(task: string): Locator {
    return this.page.locator(`.claimed-Card[data-task="${task}"]`);
  }

  /** A task's state as its card shows it. */
  cardState(task: string): Locator {
    return this.card(task).locator(`.claimed-Card-footer ${STATES}`);
  }

  get runState(): Locator {
    return this.page.locator(`.claimed-RunState:visible ${STATES}`);
  }

  get panel(): Locator {
    return this.page.locator('.claimed-TaskPanel:visible');
  }

  port(name: string): Locator {
    return this.panel.locator(`[data-port="${name}"]`);
  }

  tab(label: string | RegExp): Locator {
    return this.page
      .locator('#jp-main-dock-panel .lm-TabBar-tab')
      .filter({ hasText: label });
  }
}

export const test = base.extend<{ jupyter: Lab }>({
  jupyter: async ({ page }, provide) => {
    const errors: string[] = [];
    page.on('pageerror', error => errors.push(error.message));
    await provide(new Lab(page));
    expect(errors, 'errors in the page').toEqual([]);
  }
});

export { expect };
