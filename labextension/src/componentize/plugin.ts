import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  IThemeManager,
  showErrorMessage
} from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IFormRendererRegistry } from '@jupyterlab/ui-components';
import { messageOf } from '../api/errors';
import { claimedIcon } from '../icons';
import {
  CommandIDs,
  IClaimedClient,
  IPaletteModel,
  IRunsModel
} from '../tokens';
import { TagsField } from './details';
import type { IServices } from './panel';

/** Makes components of notebooks. */
export const componentizePlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:componentize',
  description: 'Makes components of notebooks.',
  autoStart: true,
  requires: [
    IClaimedClient,
    IPaletteModel,
    IRunsModel,
    INotebookTracker,
    IRenderMimeRegistry
  ],
  optional: [
    IFileBrowserFactory,
    IDocumentManager,
    IThemeManager,
    ITranslator,
    ICommandPalette
  ],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    palette: IPaletteModel,
    runs: IRunsModel,
    notebooks: INotebookTracker,
    rendermime: IRenderMimeRegistry,
    browsers: IFileBrowserFactory | null,
    documents: IDocumentManager | null,
    themes: IThemeManager | null,
    translator: ITranslator | null,
    commandPalette: ICommandPalette | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const services = { client, palette, runs, rendermime, documents, themes };
    const models = new WeakMap();
    addCommand({ app, notebooks, browsers, trans, models, ...services });
    app.commands.addCommand(CommandIDs.undoFix, {
      label: trans.__('Undo Change of Component Panel'),
      execute: () => models.get(notebooks.currentWidget!)?.undoFix()
    });
    const command = CommandIDs.createComponent;
    commandPalette?.addItem({ command, category: 'CLAIMED' });
    notebooks.currentChanged.connect(() =>
      app.commands.notifyCommandChanged(command)
    );
  }
};

interface ICommandServices extends IServices {
  notebooks: INotebookTracker;
  browsers: IFileBrowserFactory | null;
}

/** Lets the metadata form of a notebook ask for the component's tags. */
export const detailsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:component-details',
  description: 'The form of what a notebook says of its component.',
  autoStart: true,
  requires: [IFormRendererRegistry],
  activate: (_: JupyterFrontEnd, renderers: IFormRendererRegistry): void =>
    renderers.addRenderer('claimed-jlab:component-details.tags', {
      fieldRenderer: TagsField
    })
};

function addCommand(services: ICommandServices): void {
  const { app, trans } = services;
  app.commands.addCommand(CommandIDs.createComponent, {
    label: trans.__('Create Component…'),
    caption: trans.__('Make a component of this notebook'),
    icon: claimedIcon,
    isVisible: ({ from }) => from !== 'tab' || !!notebookOfTab(services),
    isEnabled: ({ from }) =>
      from === 'browser' || from === 'tab'
        ? true
        : services.notebooks.currentWidget !== null,
    execute: async ({ from }) => {
      try {
        const notebook =
          from === 'browser'
            ? await openSelected(services)
            : from === 'tab'
              ? notebookOfTab(services)
              : services.notebooks.currentWidget;
        if (notebook) {
          // Start-up does not pay for what is not looked at.
          const { showPanel } = await import('./panel');
          showPanel(notebook, services);
        }
      } catch (error) {
        void showErrorMessage(
          trans.__('The notebook cannot be opened'),
          messageOf(error)
        );
      }
    }
  });
}

/** Opens the notebook that is selected in the file browser. */
async function openSelected(
  services: ICommandServices
): Promise<NotebookPanel | null> {
  const { app, browsers } = services;
  const items = [...(browsers?.tracker.currentWidget?.selectedItems() ?? [])];
  const item = items.find(({ type }) => type === 'notebook');
  if (!item) {
    return null;
  }
  const opened: unknown = await app.commands.execute('docmanager:open', {
    path: item.path,
    factory: 'Notebook'
  });
  if (!(opened instanceof NotebookPanel)) {
    return null; // JupyterLab has told why
  }
  await opened.context.ready;
  return opened;
}

/** The notebook of the tab that the context menu was opened on. */
function notebookOfTab({
  app,
  notebooks
}: ICommandServices): NotebookPanel | null {
  const tab = app.contextMenuHitTest(
    node => node.dataset.type === 'document-title'
  );
  return notebooks.find(panel => panel.id === tab?.dataset.id) ?? null;
}
