import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette, showErrorMessage } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { clusterIcon } from '../icons';
import { IPage, showPage } from '../pages';
import { CommandIDs, IClaimedClient, IEnginesModel } from '../tokens';
import { EnginesModel } from './model';
import { TranslationBundle } from '@jupyterlab/translation';

/** Knows what pipelines run on, and opens the settings of it. */
export const enginesPlugin: JupyterFrontEndPlugin<IEnginesModel> = {
  id: 'claimed-jlab:engines',
  description: 'The engines that pipelines run on, and their settings.',
  autoStart: true,
  requires: [IClaimedClient],
  optional: [ITranslator, ICommandPalette],
  provides: IEnginesModel,
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): IEnginesModel => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const engines = new EnginesModel(client);
    const command = CommandIDs.engineSettings;
    app.commands.addCommand(command, {
      label: trans.__('Engine Settings'),
      caption: trans.__('Set up what pipelines run on, such as Kubeflow'),
      icon: clusterIcon,
      execute: async args => {
        await engines.load();
        const name = String(args.engine ?? firstConfigurable(engines));
        if (!engines.get(name)?.configurable) {
          void showErrorMessage(
            trans.__('There is nothing to set up'),
            trans.__('No engine that is installed has settings.')
          );
          return;
        }
        await showPage(
          app.shell,
          settingsPage(name, { engines, client, trans })
        );
      }
    });
    palette?.addItem({ command, category: 'CLAIMED' });
    return engines;
  }
};

function firstConfigurable(engines: EnginesModel): string | undefined {
  return engines.engines.find(({ configurable }) => configurable)?.name;
}

interface IServices {
  engines: EnginesModel;
  client: IClaimedClient;
  trans: TranslationBundle;
}

function settingsPage(
  name: string,
  { engines, client, trans }: IServices
): IPage {
  const title = engines.get(name)!.title;
  return {
    id: `claimed-engine-settings-${name}`,
    label: title,
    caption: trans.__('Settings of the engine “%1”', title),
    icon: clusterIcon,
    failure: trans.__('The settings cannot be shown'),
    content: async () => {
      const [{ SettingsPage }, { SettingsModel }] = await Promise.all([
        import('./settings'),
        import('./settingsmodel')
      ]);
      const model = new SettingsModel({
        client: client.engines,
        engine: name,
        saved: () => void engines.refresh()
      });
      return new SettingsPage({ model, engines, engine: name, trans });
    }
  };
}
