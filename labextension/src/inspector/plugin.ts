import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IRenderMimeRegistry, MimeModel } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { settingsIcon } from '@jupyterlab/ui-components';
import { CommandIDs, IPipelineTracker } from '../tokens';

const MARKDOWN = 'text/markdown';

/** What the side panel needs of JupyterLab. */
export const inspectorPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:inspector',
  description: 'The side panel of pipelines: pickers, and the way to it.',
  autoStart: true,
  requires: [IPipelineTracker],
  optional: [ITranslator, IDocumentManager, IRenderMimeRegistry],
  activate: (
    { commands }: JupyterFrontEnd,
    tracker: IPipelineTracker,
    translator: ITranslator | null,
    documents: IDocumentManager | null,
    rendermime: IRenderMimeRegistry | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    commands.addCommand(CommandIDs.pipelineSettings, {
      label: trans.__('Pipeline Settings'),
      caption: trans.__('Name, parameters and outputs of the pipeline'),
      icon: settingsIcon,
      isEnabled: () => tracker.currentWidget !== null,
      isToggled: () => !!tracker.currentWidget?.content.panel.isOpen,
      execute: args => {
        const panel = tracker.currentWidget?.content.panel;
        return args.open ? panel?.open(true) : panel?.toggle();
      }
    });
    if (documents) {
      commands.addCommand(CommandIDs.pickFile, {
        label: trans.__('Choose a File'),
        execute: async args => {
          const { pickFile } = await import('../pickfile');
          return pickFile(documents, String(args.from), String(args.title));
        }
      });
    }
    if (rendermime) {
      commands.addCommand(CommandIDs.renderMarkdown, {
        label: trans.__('Render Markdown'),
        execute: async args => {
          const model = new MimeModel({ data: { [MARKDOWN]: `${args.text}` } });
          const renderer = rendermime.createRenderer(MARKDOWN);
          await renderer.renderModel(model);
          return renderer.node;
        }
      });
    }
  }
};
