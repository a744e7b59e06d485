import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import {
  ITranslator,
  TranslationBundle,
  nullTranslator
} from '@jupyterlab/translation';
import { ClaimedClient } from '../api/client';
import { PipelineWidget } from '../editor/widget';
import { pipelineIcon } from '../icons';
import { showPage } from '../pages';
import { CommandIDs, IClaimedClient, IPipelineTracker } from '../tokens';

/** Shows what differs between a pipeline and another version of it. */
export const differencePlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:difference',
  description: 'What differs between two versions of a pipeline.',
  autoStart: true,
  requires: [IClaimedClient, IPipelineTracker],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    tracker: IPipelineTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const services = { app, client, trans };
    const { commands } = app;
    const isEnabled = () => tracker.currentWidget !== null;
    commands.addCommand(CommandIDs.compareWithSaved, {
      label: trans.__('What Differs from the Saved Pipeline'),
      isEnabled,
      execute: () => {
        const editor = tracker.currentWidget;
        const words = trans.__('the last time it was saved');
        return editor && compare(editor, null, words, services);
      }
    });
    commands.addCommand(CommandIDs.compareWithFile, {
      label: trans.__('What Differs from Another Pipeline…'),
      isEnabled,
      execute: async args => {
        const editor = tracker.currentWidget;
        const asked = {
          from: editor?.context.localPath ?? '',
          title: trans.__('Compare with')
        };
        const other: unknown =
          args.other ?? (await commands.execute(CommandIDs.pickFile, asked));
        if (editor && typeof other === 'string') {
          await compare(editor, other, other, services);
        }
      }
    });
    const category = 'CLAIMED';
    palette?.addItem({ command: CommandIDs.compareWithSaved, category });
    palette?.addItem({ command: CommandIDs.compareWithFile, category });
  }
};

interface IServices {
  app: JupyterFrontEnd;
  client: ClaimedClient;
  trans: TranslationBundle;
}

/** Shows what differs from a file as seen from the document; null: from its own. */
function compare(
  editor: PipelineWidget,
  other: string | null,
  words: string,
  { app, client, trans }: IServices
): Promise<void> {
  const { contents } = app.serviceManager;
  const path = editor.context.localPath;
  const file =
    other === null ? path : PathExt.join(PathExt.dirname(path), other);
  return showPage(app.shell, {
    id: `claimed-difference-${count++}`,
    label: trans.__('%1: what differs', PathExt.basename(path)),
    caption: trans.__('%1 compared with %2', path, words),
    icon: pipelineIcon,
    failure: trans.__('The versions cannot be compared'),
    content: async () => {
      const options = { content: true, type: 'file', format: 'text' } as const;
      const before = String((await contents.get(file, options)).content);
      const now = editor.context.model.toString();
      const { DifferenceView } = await import('./view');
      const found = await client.difference(path, before, now);
      const select = (task: string): void => {
        app.shell.activateById(editor.id);
        editor.content.model.select(task);
      };
      return new DifferenceView({ found, other: words, select, trans });
    }
  });
}

let count = 0;
