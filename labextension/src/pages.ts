import { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, showErrorMessage } from '@jupyterlab/apputils';
import { LabIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import { messageOf } from './api/errors';

/** Something to be looked at in the main area. */
export interface IPage {
  /** The same for the same thing: it is opened once. */
  id: string;
  label: string;
  caption: string;
  icon: LabIcon;
  /** Makes what the page shows; called when the page is not open yet. */
  content: () => Promise<Widget>;
  /** What the user is told when that fails. */
  failure: string;
}

/** Opens a page, or comes back to it when it is open. */
export async function showPage(
  shell: JupyterFrontEnd.IShell,
  page: IPage
): Promise<void> {
  const isOpen = () =>
    [...shell.widgets('main')].some(widget => widget.id === page.id);
  if (!isOpen()) {
    try {
      const content = await page.content();
      if (isOpen()) {
        content.dispose(); // it was asked for twice
      } else {
        shell.add(pageWidget(page, content), 'main');
      }
    } catch (error) {
      void showErrorMessage(page.failure, messageOf(error));
      return;
    }
  }
  shell.activateById(page.id);
}

function pageWidget(page: IPage, content: Widget): Widget {
  const widget = new MainAreaWidget({ content });
  widget.id = page.id;
  widget.title.label = page.label;
  widget.title.caption = page.caption;
  widget.title.icon = page.icon;
  widget.title.closable = true;
  return widget;
}
