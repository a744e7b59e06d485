import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  IThemeManager,
  MainAreaWidget,
  showErrorMessage
} from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { LabIcon, inspectorIcon } from '@jupyterlab/ui-components';
import { Widget } from '@lumino/widgets';
import { messageOf } from '../api/errors';
import { artifactIcon } from '../icons';
import { CommandIDs, IClaimedClient, IRunsModel } from '../tokens';
import { SandboxedPage } from './sandbox';
import { OutputView } from './view';

interface IPage {
  id: string;
  label: string;
  caption: string;
  icon: LabIcon;
  content: () => Promise<Widget>;
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
    const { commands, shell } = app;
    commands.addCommand(CommandIDs.openOutput, {
      label: trans.__('Open Output'),
      execute: args => {
        const run = String(args.run);
        const task = String(args.task);
        const name = String(args.output);
        return show({
          id: `claimed-output-${run}-${task}-${name}`,
          // The names in the pipeline, first: titles begin alike, tabs are narrow.
          label: `${name} · ${task}`,
          caption: trans.__('%1 of task “%2” in run %3', name, task, run),
          icon: artifactIcon,
          content: async () => {
            const output = await client.output(run, task, name);
            return new OutputView({ output, rendermime, themes, trans });
          }
        });
      }
    });
    commands.addCommand(CommandIDs.openReport, {
      label: trans.__('Open Run Report'),
      execute: args => {
        const run = String(args.run);
        const name = runs.get(run)?.pipeline ?? run;
        const label = trans.__('Report: %1', name);
        return show({
          id: `claimed-report-${run}`,
          label,
          caption: trans.__('All reports of run %1', run),
          icon: inspectorIcon,
          content: async () =>
            new SandboxedPage(await client.report(run), label)
        });
      }
    });

    /** Opens a page, or comes back to it when it is open. */
    async function show(page: IPage): Promise<void> {
      const open = [...shell.widgets('main')].some(w => w.id === page.id);
      if (!open) {
        try {
          add(page, await page.content());
        } catch (error) {
          void showErrorMessage(
            trans.__('%1 cannot be shown', page.label),
            messageOf(error)
          );
          return;
        }
      }
      shell.activateById(page.id);
    }

    function add(page: IPage, content: Widget): void {
      const widget = new MainAreaWidget({ content });
      widget.id = page.id;
      widget.title.label = page.label;
      widget.title.caption = page.caption;
      widget.title.icon = page.icon;
      widget.title.closable = true;
      shell.add(widget, 'main');
    }
  }
};
