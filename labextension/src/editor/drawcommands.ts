import { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReadonlyJSONObject } from '@lumino/coreutils';
import { Menu } from '@lumino/widgets';
import { tellFailure } from '../failure';
import { CommandIDs, IPipelineTracker } from '../tokens';
import {
  IDrawingCommand,
  addFile,
  addNote,
  arranging,
  asking,
  groupTasks,
  placing,
  selecting
} from './drawactions';

export interface IDrawingOptions {
  app: JupyterFrontEnd;
  tracker: IPipelineTracker;
  docManager: IDocumentManager | null;
  palette: ICommandPalette | null;
  trans: TranslationBundle;
}

/** Adds the commands that draw: they are for the editor that is current. */
export function addDrawingCommands(options: IDrawingOptions): void {
  const { trans, docManager } = options;
  const commands = {
    ...placing(trans),
    ...asking(trans),
    [CommandIDs.addFile]: addFile(trans, docManager),
    ...arranging(trans),
    ...selecting(trans),
    [CommandIDs.addNote]: addNote(trans),
    [CommandIDs.groupTasks]: groupTasks(trans)
  };
  for (const [id, command] of Object.entries(commands)) {
    addCommand(id, command, options);
  }
  addMenu(options);
  const { app, tracker } = options;
  tracker.widgetAdded.connect((_, widget) =>
    widget.content.model.changed.connect(() =>
      app.commands.notifyCommandChanged(CommandIDs.deleteSelection)
    )
  );
}

/** Adds what can be done to the canvas's context menu, and to the palette. */
function addMenu({ app, palette, trans }: IDrawingOptions): void {
  const { commands, contextMenu } = app;
  const submenu = new Menu({ commands });
  submenu.title.label = trans.__('Align');
  for (const args of ALIGNMENTS) {
    submenu.addItem({ command: CommandIDs.align, args });
  }
  contextMenu.addItem({ type: 'separator', selector: CANVAS, rank: 20 });
  MENU.forEach((command, rank) => {
    contextMenu.addItem({ command, selector: CANVAS, rank: 21 + rank });
    palette?.addItem({ command, category: 'CLAIMED' });
  });
  contextMenu.addItem({
    type: 'submenu',
    submenu,
    selector: CANVAS,
    rank: 21 + MENU.length
  });
}

const CANVAS = '.claimed-Canvas .react-flow';

const ALIGNMENTS: ReadonlyJSONObject[] = [
  { edge: 'left' },
  { edge: 'center' },
  { edge: 'right' },
  { edge: 'top' },
  { edge: 'middle' },
  { edge: 'bottom' },
  { axis: 'x' },
  { axis: 'y' }
];

const MENU = [
  CommandIDs.askTask,
  CommandIDs.connectTask,
  CommandIDs.addNote,
  CommandIDs.groupTasks,
  CommandIDs.duplicate,
  CommandIDs.deleteSelection,
  CommandIDs.tidy,
  CommandIDs.selectAll,
  CommandIDs.findTask
];

function addCommand(
  id: string,
  command: IDrawingCommand,
  { app, tracker, trans }: IDrawingOptions
): void {
  const { label, short, caption } = command;
  const canvas = () => tracker.currentWidget?.content.canvas;
  const model = () => tracker.currentWidget?.content.model;
  app.commands.addCommand(id, {
    label: args =>
      args.short && short
        ? short
        : typeof label === 'string'
          ? label
          : label(args),
    caption: caption ?? '',
    isEnabled: () => {
      const isOpen = !!model() && !model()!.readOnly;
      return isOpen && (!command.needsSelection || model()!.selection.size > 0);
    },
    execute: args =>
      tellFailure(trans.__('The pipeline was not changed'), async () => {
        const questions = await canvas()?.questions();
        await (questions && command.execute(questions, args));
      })
  });
}
