import {
  ILayoutRestorer,
  IRouter,
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  IThemeManager,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { lineageIcon } from '../icons';
import { CommandIDs, IClaimedClient, IRunsModel } from '../tokens';
import { LineageOpener, LineageWidget } from './open';
import { addLink } from './link';
import { IUsedServices, usedPath } from './usedfile';

/** The lineage explorer: what things came from, and what became of them. */
export const lineagePlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:lineage',
  description: 'The lineage explorer.',
  autoStart: true,
  requires: [IClaimedClient, IRunsModel, IRenderMimeRegistry],
  optional: [
    ITranslator,
    IThemeManager,
    IStateDB,
    ILayoutRestorer,
    IRouter,
    ICommandPalette,
    ILauncher,
    IFileBrowserFactory,
    IDocumentManager
  ],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    runs: IRunsModel,
    rendermime: IRenderMimeRegistry,
    translator: ITranslator | null,
    themes: IThemeManager | null,
    state: IStateDB | null,
    restorer: ILayoutRestorer | null,
    router: IRouter | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browsers: IFileBrowserFactory | null,
    documents: IDocumentManager | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const tracker = new WidgetTracker<LineageWidget>({
      namespace: 'claimed-lineage'
    });
    const shared = { app, client, runs, rendermime, tracker, themes, browsers };
    const opener = new LineageOpener({ ...shared, state, restorer, trans });
    addCommands({ app, tracker, opener, trans, browsers, documents });
    const command = CommandIDs.openLineage;
    const category = 'CLAIMED';
    // The buttons of other parts were there before their command.
    app.commands.notifyCommandChanged(command);
    launcher?.add({ command, category, rank: 2 });
    palette?.addItem({ command, category });
    if (router) {
      addLink(app, router);
    }
    void restorer?.restore(tracker, {
      command,
      args: ({ content }) => ({ place: { ...content.model.place } }),
      name: () => 'lineage'
    });
  }
};

interface ICommandServices extends IUsedServices {
  tracker: WidgetTracker<LineageWidget>;
  opener: LineageOpener;
  trans: ReturnType<ITranslator['load']>;
}

function addCommands(services: ICommandServices): void {
  const { app, tracker, opener, trans } = services;
  const { commands } = app;
  commands.addCommand(CommandIDs.openLineage, {
    label: ({ from, node, run }) =>
      from
        ? trans.__('Where Was This Used?')
        : node
          ? trans.__('Where Did This Come From?')
          : run
            ? trans.__('Lineage of This Run')
            : trans.__('Lineage'),
    caption: trans.__('Where things came from, and what became of them'),
    icon: lineageIcon,
    isVisible: args => !args.from || usedPath(args, services) !== null,
    execute: async args => {
      const path = usedPath(args, services);
      await opener.open(path === null ? args : { path });
    }
  });
  const current = () => tracker.currentWidget?.content ?? null;
  commands.addCommand(CommandIDs.lineageStep, {
    label: ({ forward }) =>
      forward ? trans.__('Lineage: Forward') : trans.__('Lineage: Back'),
    isEnabled: ({ forward }) => {
      const history = current()?.model.history;
      return !!(forward ? history?.canGoForward : history?.canGoBack);
    },
    execute: ({ forward }) =>
      forward ? current()?.model.forward() : current()?.model.back()
  });
  commands.addCommand(CommandIDs.lineageSearch, {
    label: trans.__('Search Lineage'),
    isEnabled: () => current() !== null,
    execute: () => current()?.focusSearch()
  });
}
