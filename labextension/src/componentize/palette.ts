import { JupyterFrontEnd } from '@jupyterlab/application';
import { IComponentSpec } from '../api/types';
import { searchComponents } from '../palette/catalog';
import { PaletteModel } from '../palette/model';

/** The id of the sidebar's panel with the palette. */
const PALETTE = 'claimed-palette';

/** Opens the palette at a component, and gives it the keyboard. */
export function findInPalette(
  shell: JupyterFrontEnd.IShell,
  palette: PaletteModel,
  component: IComponentSpec
): void {
  selectInPalette(shell, palette, component, row =>
    row.focus({ preventScroll: true })
  );
}

/**
 * Opens the palette at a component and selects it; the keyboard stays where
 * it is.
 *
 * then: called with the component's row when it is in sight.
 */
export function selectInPalette(
  shell: JupyterFrontEnd.IShell,
  palette: PaletteModel,
  { reference }: IComponentSpec,
  then?: (row: HTMLElement) => void
): void {
  const { activeElement } = document;
  revealRow(palette, reference);
  shell.activateById(PALETTE);
  requestAnimationFrame(() => {
    if (activeElement instanceof HTMLElement) {
      activeElement.focus({ preventScroll: true });
    }
    const row = [
      ...document.querySelectorAll<HTMLElement>('[data-component]')
    ].find(element => element.dataset.component === reference);
    if (row) {
      // Its details may be longer than the palette: the line with its name counts.
      row.firstElementChild?.scrollIntoView({ block: 'center' });
      markSelected(row);
      then?.(row);
    }
  });
}

/** Selected until the user moves to a row. */
function markSelected(row: HTMLElement): void {
  const mark = 'aria-selected';
  const tree = row.closest('[role=tree]');
  tree?.querySelector(`[${mark}]`)?.removeAttribute(mark);
  row.setAttribute(mark, 'true');
  tree?.addEventListener('focusin', () => row.removeAttribute(mark), {
    once: true
  });
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
