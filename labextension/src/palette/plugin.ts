import {
  ILayoutRestorer,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { CommandToolbarButton, ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { SidePanel, Toolbar, refreshIcon } from '@jupyterlab/ui-components';
import { claimedIcon } from '../icons';
import { RunsWidget } from '../runs/list';
import {
  CommandIDs,
  IClaimedClient,
  IPaletteModel,
  IRunsModel
} from '../tokens';
import { PaletteModel } from './model';
import { PaletteWidget } from './widget';

/** The left sidebar: the components, and the runs below them. */
export const palettePlugin: JupyterFrontEndPlugin<IPaletteModel> = {
  id: 'claimed-jlab:palette',
  description: 'The component palette and the list of runs.',
  autoStart: true,
  requires: [IClaimedClient, IRunsModel],
  optional: [ITranslator, ILayoutRestorer, ICommandPalette],
  provides: IPaletteModel,
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    runs: IRunsModel,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): IPaletteModel => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const { commands, shell } = app;
    const model = new PaletteModel(client);
    commands.addCommand(CommandIDs.refreshComponents, {
      label: trans.__('Reload Components'),
      caption: trans.__('Read the component catalogs again'),
      icon: refreshIcon,
      execute: () => model.refresh()
    });
    palette?.addItem({
      command: CommandIDs.refreshComponents,
      category: 'CLAIMED'
    });

    const panel = new SidePanel({ translator: translator ?? undefined });
    panel.id = 'claimed-palette';
    panel.title.icon = claimedIcon;
    panel.title.caption = trans.__('CLAIMED: components and runs');
    panel.addClass('claimed-SidePanel');
    panel.addWidget(
      withButton(
        new PaletteWidget({ model, trans }),
        CommandIDs.refreshComponents
      )
    );
    panel.addWidget(
      withButton(
        new RunsWidget({ model: runs, commands, trans }),
        CommandIDs.refreshRuns
      )
    );
    shell.add(panel, 'left', { rank: 350, type: 'CLAIMED' });
    restorer?.add(panel, panel.id);
    return model;

    function withButton<T extends PaletteWidget | RunsWidget>(
      widget: T,
      id: string
    ): T & { toolbar: Toolbar } {
      const toolbar = new Toolbar();
      toolbar.addItem(
        id,
        new CommandToolbarButton({ commands, id, label: '' })
      );
      return Object.assign(widget, { toolbar });
    }
  }
};
