import { JupyterFrontEnd } from '@jupyterlab/application';
import { IThemeManager, MainAreaWidget } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { TranslationBundle } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import { claimedIcon } from '../icons';
import { pickFile } from '../pickfile';
import { OutputView } from '../reports/view';
import { IClaimedClient, IPaletteModel, IRunsModel } from '../tokens';
import { createComponent } from './create';
import { editDetails } from './details';
import { ComponentizeModel } from './model';
import { findInPalette, selectInPalette } from './palette';
import { OpenNotebook } from './source';
import { TryModel } from './trymodel';
import type { ITryProps } from './tryview';
import { ComponentizePanel } from './widget';

/** What the panel is made with. */
export interface IServices {
  app: JupyterFrontEnd;
  client: IClaimedClient;
  palette: IPaletteModel;
  runs: IRunsModel;
  rendermime: IRenderMimeRegistry;
  documents: IDocumentManager | null;
  themes: IThemeManager | null;
  /** What each notebook with a panel would become. */
  models: WeakMap<NotebookPanel, ComponentizeModel>;
  trans: TranslationBundle;
}

/** Shows what would become of a notebook, beside it. */
export function showPanel(notebook: NotebookPanel, services: IServices): void {
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
  services: IServices
): ComponentizePanel {
  const { app, client, palette, models, trans } = services;
  const source = new OpenNotebook(notebook, () =>
    app.shell.activateById(notebook.id)
  );
  const model = new ComponentizeModel(source, client);
  // The component is named after the file.
  notebook.context.pathChanged.connect(() => void model.refresh());
  models.set(notebook, model);
  const panel = new ComponentizePanel({
    model,
    trans,
    create: () =>
      createComponent({
        model,
        trans,
        made: async component => {
          await palette.refresh();
          await selectInPalette(app.shell, palette, component);
        },
        find: component => void findInPalette(app.shell, palette, component)
      }),
    editDetails: () => editDetails(app, notebook.id),
    tryIt: tryOptions(source, model, services)
  });
  undoByKey(notebook, model, panel);
  return panel;
}

/**
 * Marks the notebook while a fix is the last thing that was done to it: then
 * the keys that undo in it undo the fix, which no single cell knows of.
 */
function undoByKey(
  notebook: NotebookPanel,
  model: ComponentizeModel,
  panel: Widget
): void {
  const mark = () => {
    const isFixNewest = !panel.isDisposed && model.isFixNewest;
    notebook.toggleClass('claimed-mod-fixed', isFixNewest);
  };
  model.changed.connect(mark);
  notebook.context.model.contentChanged.connect(mark, model);
  panel.disposed.connect(mark);
}

function tryOptions(
  source: OpenNotebook,
  model: ComponentizeModel,
  { app, client, runs, documents, rendermime, themes, trans }: IServices
): ITryProps {
  return {
    model: new TryModel({
      source,
      client,
      runs,
      inputs: () => model.inspection?.component.inputs ?? []
    }),
    commands: app.commands,
    render: output => new OutputView({ output, rendermime, themes, trans }),
    pick: documents && (title => pickFile(documents, source.path, title)),
    trans
  };
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
