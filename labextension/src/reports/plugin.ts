import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IThemeManager } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import {
  ITranslator,
  TranslationBundle,
  nullTranslator
} from '@jupyterlab/translation';
import { inspectorIcon } from '@jupyterlab/ui-components';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { IOutputView } from '../api/types';
import { artifactIcon } from '../icons';
import { IPage, showPage } from '../pages';
import { CommandIDs, IClaimedClient, IRunsModel } from '../tokens';

/** Up to how many bytes an output is brought here without being asked for. */
const SMALL = 4_000_000;

interface IServices {
  client: IClaimedClient;
  runs: IRunsModel;
  rendermime: IRenderMimeRegistry;
  themes: IThemeManager | null;
  trans: TranslationBundle;
}

/** Opens the outputs of a task and the report of a run. */
export const reportsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:reports',
  description: 'Shows the outputs of tasks and the reports of runs.',
  autoStart: true,
  requires: [IClaimedClient, IRunsModel, IRenderMimeRegistry],
  optional: [ITranslator, IThemeManager],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    runs: IRunsModel,
    rendermime: IRenderMimeRegistry,
    translator: ITranslator | null,
    themes: IThemeManager | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const services = { client, runs, rendermime, themes, trans };
    app.commands.addCommand(CommandIDs.openOutput, {
      label: trans.__('Open Output'),
      execute: args => showPage(app.shell, outputPage(args, services))
    });
    app.commands.addCommand(CommandIDs.openReport, {
      label: trans.__('Open Run Report'),
      isEnabled: args => !!runs.get(String(args.run))?.report,
      execute: args => showPage(app.shell, reportPage(args, services))
    });
  }
};

function outputPage(
  args: ReadonlyPartialJSONObject,
  { client, rendermime, themes, trans }: IServices
): IPage {
  const [run, task, name] = [args.run, args.task, args.output].map(String);
  return {
    id: `claimed-output-${run}-${task}-${name}`,
    // The names in the pipeline, first: titles begin alike, tabs are narrow.
    label: `${name} · ${task}`,
    caption: trans.__('%1 of task “%2” in run %3', name, task, run),
    icon: artifactIcon,
    failure: trans.__('The output cannot be shown'),
    content: async () => {
      // Start-up does not pay for what is not looked at.
      const { OutputView } = await import('./view');
      const { FetchView } = await import('./fetch');
      const fetch = () => client.output(run, task, name, true);
      const known = await client.output(run, task, name);
      const output = isSmallAndAway(known) ? await fetch() : known;
      const view = (shown: IOutputView) =>
        new OutputView({ output: shown, rendermime, themes, trans });
      return output.fetch
        ? new FetchView({ output, fetch, view, trans })
        : view(output);
    }
  };
}

/** Whether it is elsewhere, and here before one could have asked for it. */
function isSmallAndAway({ fetch, size }: IOutputView): boolean {
  return fetch && size !== null && size <= SMALL;
}

function reportPage(
  args: ReadonlyPartialJSONObject,
  { client, runs, trans }: IServices
): IPage {
  const run = String(args.run);
  const label = trans.__('Report: %1', runs.get(run)?.pipeline ?? run);
  return {
    id: `claimed-report-${run}`,
    label,
    caption: trans.__('All reports of run %1', run),
    icon: inspectorIcon,
    failure: trans.__('The report cannot be shown'),
    content: async () => {
      const { SandboxedPage } = await import('./sandbox');
      return new SandboxedPage(await client.report(run), label);
    }
  };
}
