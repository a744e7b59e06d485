import { Locator, Page } from '@playwright/test';
import { expect } from './page';

/** The panel beside a notebook with the component that it would become. */
export const panel = (page: Page): Locator =>
  page.locator('.claimed-Componentize:visible');

export const port = (page: Page, name: string): Locator =>
  panel(page).locator(`tr[data-port="${name}"]`);

/** A cell of the notebook; counted from 0. */
export const cell = (page: Page, index: number): Locator =>
  page.locator('.jp-NotebookPanel:visible .jp-Notebook .jp-Cell').nth(index);

/** Right-clicks a notebook in the file browser and chooses the command. */
export async function componentize(page: Page, file: string): Promise<void> {
  await page
    .locator('.jp-DirListing-item', { hasText: file })
    .click({ button: 'right' });
  await choose(page);
  await expect(panel(page)).toBeVisible();
}

export async function choose(page: Page): Promise<void> {
  await page
    .locator('.lm-Menu-item:visible', { hasText: 'Create Component…' })
    .click();
}

/** Replaces a line in a cell, as an edit in it does. */
export async function replaceIn(
  page: Page,
  index: number,
  from: string,
  to: string
): Promise<void> {
  const line = cell(page, index).locator('.cm-line', { hasText: from });
  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.type(to);
}
