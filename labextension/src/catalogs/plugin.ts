import {
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  WidgetTracker
} from '@jupyterlab/apputils';
import {
  ITranslator,
  TranslationBundle,
  nullTranslator
} from '@jupyterlab/translation';
import { catalogsIcon } from '../icons';
import { catalogQuery } from '../palette/catalog';
import {
  CommandIDs,
  IClaimedClient,
  IPaletteModel,
  IPipelineTracker
} from '../tokens';
import { CatalogsModel } from './model';
import { CatalogsPanel } from './widget';

const ID = 'claimed-catalogs';

interface IServices {
  client: IClaimedClient;
  palette: IPaletteModel;
  editors: IPipelineTracker | null;
  shell: JupyterFrontEnd.IShell;
  trans: TranslationBundle;
}

/** Manages the places that components come from. */
export const catalogsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:catalogs',
  description: 'Manages the catalogs that components come from.',
  autoStart: true,
  requires: [IClaimedClient, IPaletteModel],
  optional: [IPipelineTracker, ITranslator, ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    palette: IPaletteModel,
    editors: IPipelineTracker | null,
    translator: ITranslator | null,
    commandPalette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const { commands, shell } = app;
    const services = { client, palette, editors, shell, trans };
    const tracker = new WidgetTracker<MainAreaWidget<CatalogsPanel>>({
      namespace: ID
    });
    const command = CommandIDs.manageCatalogs;
    commands.addCommand(command, {
      label: trans.__('Manage Catalogs'),
      caption: trans.__('Add, refresh and remove what components come from'),
      icon: catalogsIcon,
      execute: ({ add }) => {
        let widget = tracker.currentWidget;
        if (!widget) {
          widget = new MainAreaWidget({ content: makePanel(services) });
          titleOf(widget, trans);
          void tracker.add(widget);
          shell.add(widget, 'main');
        }
        shell.activateById(widget.id);
        if (add) {
          widget.content.addOne();
        }
      }
    });
    // The palette's button was there before its command.
    commands.notifyCommandChanged(command);
    commandPalette?.addItem({ command, category: 'CLAIMED' });
    void restorer?.restore(tracker, { command, name: () => ID });
  }
};

function makePanel(services: IServices): CatalogsPanel {
  const { client, palette, editors, shell, trans } = services;
  const model = new CatalogsModel({
    client,
    componentsChanged: async () => {
      // What a pipeline names may be there now, or gone.
      editors?.forEach(({ content }) => void content.model.refresh());
      await palette.refresh();
    }
  });
  const panel = new CatalogsPanel({
    model,
    trans,
    show: catalog => {
      palette.search(catalogQuery(catalog.name));
      shell.activateById('claimed-palette');
    }
  });
  panel.disposed.connect(() => model.dispose());
  return panel;
}

function titleOf(widget: MainAreaWidget, trans: TranslationBundle): void {
  widget.id = ID;
  widget.title.label = trans.__('Catalogs');
  widget.title.caption = trans.__('Where components come from');
  widget.title.icon = catalogsIcon;
  widget.title.closable = true;
}
