import { JupyterFrontEnd } from '@jupyterlab/application';
import { IComponentSpec } from '../api/types';
import { searchComponents } from '../palette/catalog';
import { PaletteModel } from '../palette/model';
import { appear } from './appear';

/** The id of the sidebar's panel with the palette. */
const PALETTE = 'claimed-palette';

/** Opens the palette at a component, and gives it the keyboard. */
export async function findInPalette(
  shell: JupyterFrontEnd.IShell,
  palette: PaletteModel,
  component: IComponentSpec
): Promise<void> {
  const row = await selectInPalette(shell, palette, component);
  row?.focus({ preventScroll: true });
}

/**
 * Opens the palette at a component and selects it; the keyboard stays where
 * it is. Resolves to the row of the component.
 */
export async function selectInPalette(
  shell: JupyterFrontEnd.IShell,
  palette: PaletteModel,
  { reference }: IComponentSpec
): Promise<HTMLElement | null> {
  const { activeElement } = document;
  revealRow(palette, reference);
  shell.activateById(PALETTE);
  if (activeElement instanceof HTMLElement) {
    activeElement.focus({ preventScroll: true });
  }
  const row = await appear(() => findRow(reference));
  if (row) {
    // Its details may be longer than the palette: the line with its name counts.
    row.firstElementChild?.scrollIntoView({ block: 'center' });
    markSelected(row);
  }
  return row;
}

function findRow(reference: string): HTMLElement | null {
  const rows = document.querySelectorAll<HTMLElement>('[data-component]');
  const row = [...rows].find(
    ({ dataset, offsetParent }) =>
      dataset.component === reference && offsetParent !== null
  );
  return row ?? null;
}

/** Selected until the user moves to another row. */
function markSelected(row: HTMLElement): void {
  const mark = 'aria-selected';
  const tree = row.closest('[role=tree]');
  tree?.querySelector(`[${mark}]`)?.removeAttribute(mark);
  row.setAttribute(mark, 'true');
  const leave = ({ target }: Event) => {
    if (!row.contains(target as Node)) {
      row.removeAttribute(mark);
      tree?.removeEventListener('focusin', leave);
    }
  };
  tree?.addEventListener('focusin', leave);
}

/**
 * Opens the branches that hold a component, and the component; ends a search
 * that hides it.
 */
export function revealRow(palette: PaletteModel, reference: string): void {
  const component = palette.components.find(c => c.reference === reference);
  if (!component) {
    return;
  }
  if (!searchComponents([component], palette.query).length) {
    palette.search('');
  }
  const category = component.category || 'other';
  const group = `${category}/${component.group || 'Other'}`;
  for (const id of [category, group, reference]) {
    const row = palette.rows.find(row => row.id === id);
    if (row && !row.expanded) {
      palette.toggle(id);
    }
  }
  palette.active = reference;
}
