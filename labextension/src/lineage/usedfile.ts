import { JupyterFrontEnd } from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';

export interface IUsedServices {
  app: JupyterFrontEnd;
  browsers: IFileBrowserFactory | null;
  documents: IDocumentManager | null;
}

/** The file that a menu is about: its contents path; null when it is about none. */
export function usedPath(
  { from }: ReadonlyPartialJSONObject,
  { app, browsers, documents }: IUsedServices
): string | null {
  switch (from) {
    case 'browser': {
      const items = browsers?.tracker.currentWidget?.selectedItems() ?? [];
      const file = [...items].find(({ type }) => type !== 'directory');
      return file?.path ?? null;
    }
    case 'tab': {
      const tab = app.contextMenuHitTest(
        node => node.dataset.type === 'document-title'
      );
      const shown = [...app.shell.widgets('main')];
      const widget = shown.find(({ id }) => id === tab?.dataset.id);
      return (widget && documents?.contextForWidget(widget)?.path) ?? null;
    }
    case 'document': {
      const widget = app.shell.currentWidget;
      return (widget && documents?.contextForWidget(widget)?.path) ?? null;
    }
    default:
      return null;
  }
}
