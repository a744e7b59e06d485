import { JupyterFrontEnd } from '@jupyterlab/application';
import { IComponentSpec } from '../api/types';
import { PaletteModel } from '../palette/model';

/** The id of the sidebar's panel with the palette. */
const PALETTE = 'claimed-palette';

/** Opens the palette at a component, with its details. */
export function findInPalette(
  shell: JupyterFrontEnd.IShell,
  palette: PaletteModel,
  { reference }: IComponentSpec
): void {
  revealRow(palette, reference);
  shell.activateById(PALETTE);
  requestAnimationFrame(() => {
    const row = [
      ...document.querySelectorAll<HTMLElement>('[data-component]')
    ].find(element => element.dataset.component === reference);
    row?.focus({ preventScroll: true });
    // Its details may be longer than the palette: the line with its name counts.
    row?.firstElementChild?.scrollIntoView({ block: 'center' });
  });
}

/** Opens the branches that hold a component, and the component. */
export function revealRow(palette: PaletteModel, reference: string): void {
  const component = palette.components.find(c => c.reference === reference);
  if (!component) {
    return;
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
