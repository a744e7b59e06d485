import { Locator, Page } from '@playwright/test';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lab } from './lab';
import { Lab, expect, test as base } from './page';

/** A pipeline's document, as much of it as tests look at. */
export interface IDocument {
  tasks: {
    [name: string]: {
      component: string;
      inputs?: { [input: string]: { output?: string; value?: unknown } };
    };
  };
  layout?: { [name: string]: [number, number] };
  canvas?: {
    notes?: { [id: string]: { text: string } };
    groups?: { [id: string]: { title: string; tasks: string[] } };
    wires?: { [id: string]: { label?: string; via?: number[][] } };
  };
}

/** The canvas of a pipeline, as a person draws on it. */
export class Canvas {
  constructor(
    readonly page: Page,
    readonly jupyter: Lab
  ) {}

  /** Writes a document and opens it. */
  async open(name: string, document: object): Promise<void> {
    const text = JSON.stringify(
      { format: 'claimed-pipeline/1', name, ...document },
      null,
      2
    );
    writeFileSync(this._file(name), text + '\n');
    await this.jupyter.open(`${name}.pipeline`);
    await expect(this.page.locator('.react-flow__pane')).toBeVisible();
  }

  /** The document as it is saved now. */
  async saved(name: string): Promise<IDocument> {
    await this.page.keyboard.press('Control+s');
    await expect(this.jupyter.tab(name)).not.toHaveClass(/jp-mod-dirty/);
    return this.read(name);
  }

  read(name: string): IDocument {
    const file = this._file(name);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  }

  /** A port's handle. */
  port(task: string, side: 'in' | 'out', name: string): Locator {
    return this.page.locator(
      `.react-flow__handle[data-nodeid="${task}"][data-handleid="${side}:${name}"]`
    );
  }

  /** Drags from the middle of one thing to the middle of another, or to a point. */
  async drag(
    from: Locator,
    to: Locator | { x: number; y: number },
    options: { hold?: boolean } = {}
  ): Promise<void> {
    const start = await middle(from);
    const end = 'x' in to ? to : await middle(to);
    const { mouse } = this.page;
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move(start.x + 12, start.y + 4, { steps: 3 });
    await mouse.move(end.x, end.y, { steps: 12 });
    await mouse.move(end.x + 1, end.y + 1);
    if (!options.hold) {
      await mouse.up();
    }
  }

  /** A point of the canvas, by its share of the width and the height. */
  async point(x: number, y: number): Promise<{ x: number; y: number }> {
    const box = (await this.page.locator('.react-flow').boundingBox())!;
    return { x: box.x + box.width * x, y: box.y + box.height * y };
  }

  get cards(): Locator {
    return this.page.locator('.claimed-Card');
  }

  get wires(): Locator {
    return this.page.locator('.react-flow__edge');
  }

  get chooser(): Locator {
    return this.page.locator('.claimed-Chooser');
  }

  /** A choice of the list that is open. */
  choice(text: string): Locator {
    return this.chooser.locator('[role=option]', { hasText: text });
  }

  get hint(): Locator {
    return this.page.locator('.claimed-Hints');
  }

  private _file(name: string): string {
    return join(lab.root, `${name}.pipeline`);
  }
}

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = (await of.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

export const test = base.extend<{ canvas: Canvas }>({
  canvas: async ({ page, jupyter }, provide) => {
    await provide(new Canvas(page, jupyter));
  }
});

export { expect };
