import { LabIcon, MenuSvg } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

/** A line of a menu, or a line between others. */
export type IEntry =
  | {
      label: string;
      execute: () => unknown;
      icon?: LabIcon;
      enabled?: boolean;
      toggled?: boolean;
    }
  | { label: string; entries: IEntry[] }
  | 'line';

/** Opens a menu at a place of the window; it is gone when it closes. */
export function openMenu(entries: IEntry[], x: number, y: number): void {
  const menu = makeMenu(entries, new CommandRegistry(), { count: 0 });
  const { activeElement } = document;
  menu.aboutToClose.connect(() =>
    requestAnimationFrame(() => {
      menu.dispose();
      if (document.activeElement === document.body) {
        (activeElement as HTMLElement | null)?.focus?.();
      }
    })
  );
  menu.open(x, y);
}

/** Opens a menu below a button. */
export function openMenuBelow(entries: IEntry[], button: Element): void {
  const { left, bottom } = button.getBoundingClientRect();
  openMenu(entries, left, bottom);
}

function makeMenu(
  entries: IEntry[],
  commands: CommandRegistry,
  ids: { count: number }
): Menu {
  const menu = new MenuSvg({ commands }); // with check marks and arrows
  for (const entry of entries) {
    if (entry === 'line') {
      menu.addItem({ type: 'separator' });
    } else if ('entries' in entry) {
      const submenu = makeMenu(entry.entries, commands, ids);
      submenu.title.label = entry.label;
      menu.addItem({ type: 'submenu', submenu });
    } else {
      const command = `entry-${ids.count++}`;
      const { label, execute, icon, enabled = true, toggled } = entry;
      commands.addCommand(command, {
        label,
        icon,
        execute: () => void execute(),
        isEnabled: () => enabled,
        ...(toggled === undefined ? {} : { isToggled: () => toggled })
      });
      menu.addItem({ command });
    }
  }
  return menu;
}
