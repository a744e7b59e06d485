import {
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { CommandToolbarButton, ICommandPalette } from '@jupyterlab/apputils';
import {
  ITranslator,
  TranslationBundle,
  nullTranslator
} from '@jupyterlab/translation';
import { SidePanel, Toolbar, refreshIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import { claimedIcon } from '../icons';
import { RunsWidget } from '../runs/list';
import {
  CommandIDs,
  IClaimedClient,
  IEnginesModel,
  IPaletteModel,
  IRunsModel,
  ISchedulesModel
} from '../tokens';
import { PaletteModel } from './model';
import { PaletteWidget } from './widget';

/** The left sidebar: the components, and the runs below them. */
export const palettePlugin: JupyterFrontEndPlugin<IPaletteModel> = {
  id: 'claimed-jlab:palette',
  description: 'The component palette and the list of runs.',
  autoStart: true,
  requires: [IClaimedClient, IRunsModel, IEnginesModel, ISchedulesModel],
  optional: [ITranslator, ILayoutRestorer, ICommandPalette],
  provides: IPaletteModel,
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    runs: IRunsModel,
    engines: IEnginesModel,
    schedules: ISchedulesModel,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): IPaletteModel => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const { commands, shell } = app;
    const model = new PaletteModel(client);
    const { manageCatalogs, refreshComponents } = CommandIDs;
    commands.addCommand(refreshComponents, {
      label: trans.__('Reload Components'),
      caption: trans.__('Read the component catalogs again'),
      icon: refreshIcon,
      execute: () => model.refresh()
    });
    palette?.addItem({ command: refreshComponents, category: 'CLAIMED' });

    const panel = makePanel(trans, translator);
    const common = { commands, trans };
    panel.addWidget(
      withButtons(new PaletteWidget({ ...common, model }), commands, [
        [manageCatalogs, trans.__('Catalogs')],
        [refreshComponents, '']
      ])
    );
    const list = new RunsWidget({ ...common, model: runs, engines, schedules });
    panel.addWidget(withButtons(list, commands, runButtons(trans)));
    shell.add(panel, 'left', { rank: 350, type: 'CLAIMED' });
    restorer?.add(panel, panel.id);
    return model;
  }
};

function makePanel(
  trans: TranslationBundle,
  translator: ITranslator | null
): SidePanel {
  const panel = new SidePanel({ translator: translator ?? undefined });
  panel.id = 'claimed-palette';
  panel.title.icon = claimedIcon;
  panel.title.caption = trans.__('CLAIMED: components and runs');
  panel.addClass('claimed-SidePanel');
  return panel;
}

/** What stands beside the title of the runs: commands and their words. */
function runButtons(trans: TranslationBundle): [id: string, label: string][] {
  return [
    [CommandIDs.openLineage, trans.__('Lineage')],
    [CommandIDs.engineSettings, trans.__('Engines')],
    [CommandIDs.refreshRuns, '']
  ];
}

/** A section of the side panel with buttons beside its title. */
function withButtons(
  widget: Widget,
  commands: CommandRegistry,
  buttons: [id: string, label: string][]
): Toolbar.IWidgetToolbar {
  const toolbar = new Toolbar();
  for (const [id, label] of buttons) {
    toolbar.addItem(id, new CommandToolbarButton({ commands, id, label }));
  }
  return Object.assign(widget, { toolbar });
}
