import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  showErrorMessage
} from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import {
  ITranslator,
  TranslationBundle,
  nullTranslator
} from '@jupyterlab/translation';
import { messageOf } from '../api/errors';
import { claimedIcon } from '../icons';
import { CommandIDs, IClaimedClient, IPaletteModel } from '../tokens';
import { createComponent } from './create';
import { ComponentizeModel } from './model';
import { findInPalette } from './palette';
import { OpenNotebook } from './source';
import { ComponentizePanel } from './widget';

interface IServices {
  app: JupyterFrontEnd;
  client: IClaimedClient;
  palette: IPaletteModel;
  notebooks: INotebookTracker;
  browsers: IFileBrowserFactory | null;
  trans: TranslationBundle;
}

/** Makes components of notebooks. */
export const componentizePlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:componentize',
  description: 'Makes components of notebooks.',
  autoStart: true,
  requires: [IClaimedClient, IPaletteModel, INotebookTracker],
  optional: [IFileBrowserFactory, ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    palette: IPaletteModel,
    notebooks: INotebookTracker,
    browsers: IFileBrowserFactory | null,
    translator: ITranslator | null,
    commandPalette: ICommandPalette | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const services = { app, client, palette, notebooks, browsers, trans };
    addCommand(services);
    const command = CommandIDs.createComponent;
    commandPalette?.addItem({ command, category: 'CLAIMED' });
    notebooks.currentChanged.connect(() =>
      app.commands.notifyCommandChanged(command)
    );
  }
};

function addCommand(services: IServices): void {
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
  services: IServices
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
function notebookOfTab({ app, notebooks }: IServices): NotebookPanel | null {
  const tab = app.contextMenuHitTest(
    node => node.dataset.type === 'document-title'
  );
  return notebooks.find(panel => panel.id === tab?.dataset.id) ?? null;
}

/** Shows what would become of a notebook, beside it. */
function showPanel(notebook: NotebookPanel, services: IServices): void {
  const { shell } = services.app;
  const id = `claimed-componentize-${notebook.id}`;
  const isOpen = [...shell.widgets('main')].some(widget => widget.id === id);
  if (!isOpen) {
    const widget = new MainAreaWidget({
      content: makePanel(notebook, services)
    });
    widget.id = id;
    titleOf(widget, notebook, services.trans);
    notebook.disposed.connect(() => widget.dispose());
    shell.add(widget, 'main', { mode: 'split-right', ref: notebook.id });
  }
  shell.activateById(id);
}

function makePanel(
  notebook: NotebookPanel,
  { app, client, palette, trans }: IServices
): ComponentizePanel {
  const source = new OpenNotebook(notebook, () =>
    app.shell.activateById(notebook.id)
  );
  const model = new ComponentizeModel(source, client);
  // The component is named after the file.
  notebook.context.pathChanged.connect(() => void model.refresh());
  return new ComponentizePanel({
    model,
    trans,
    create: () =>
      createComponent({
        model,
        trans,
        made: () => palette.refresh(),
        find: component => findInPalette(app.shell, palette, component)
      })
  });
}

/** The title follows the notebook when it is renamed. */
function titleOf(
  { title }: MainAreaWidget,
  { context }: NotebookPanel,
  trans: TranslationBundle
): void {
  const update = () => {
    const name = PathExt.basename(context.localPath);
    title.label = trans.__('%1, component', PathExt.basename(name, '.ipynb'));
    title.caption = trans.__('The component that %1 would become', name);
  };
  title.icon = claimedIcon;
  title.closable = true;
  context.pathChanged.connect(update);
  update();
}
