import { TranslationBundle } from '@jupyterlab/translation';
import { runIcon, stopIcon } from '@jupyterlab/ui-components';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { IPart } from '../api/types';
import { tellFailure } from '../failure';
import { canDo } from '../runs/actionsof';
import { CommandIDs } from '../tokens';
import type { ICommandOptions } from './commands';
import { EditorModel } from './model';
import { IStartOptions, IWish, startPipeline } from './start';

/** Where the tasks are on the canvas. */
const CARD = '.claimed-Card';

type Way = 'only' | 'to' | 'from' | 'failed';
const WAYS: Way[] = ['only', 'to', 'from', 'failed'];

/** Adds the commands that run the pipeline of an editor, and cancel it. */
export function addRunCommands(options: ICommandOptions): void {
  const { app, tracker, trans, client, lastValues } = options;
  const { commands } = app;
  const current = () => tracker.currentWidget?.content.model ?? null;
  const start = (model: EditorModel | null, wish?: IWish) => {
    const services: IStartOptions = { client, commands, trans, lastValues };
    return tellFailure(trans.__('The pipeline was not run'), async () =>
      model ? startPipeline(model, services, wish) : undefined
    );
  };
  commands.addCommand(CommandIDs.runPipeline, {
    label: trans.__('Run Pipeline'),
    caption: trans.__('Save the pipeline and run it (Shift+Enter)'),
    icon: runIcon,
    isEnabled: () => current() !== null,
    execute: () => start(current())
  });
  commands.addCommand(CommandIDs.runWith, {
    label: trans.__('Run Pipeline with…'),
    caption: trans.__('Choose the engine, the parameters, and how it is run'),
    isEnabled: () => current() !== null,
    execute: () => start(current(), { ask: true })
  });
  commands.addCommand(CommandIDs.cancelRun, {
    label: trans.__('Cancel Run'),
    caption: trans.__('Cancel the run that is shown'),
    icon: stopIcon,
    isEnabled: () => {
      const shown = current()?.run;
      return !!shown && canDo(shown, 'cancel');
    },
    execute: () =>
      tellFailure(trans.__('The run was not canceled'), async () =>
        current()?.cancel()
      )
  });
  addPartCommand(options, current, start);
  addChangedCommand(options, start);
}

type Start = (model: EditorModel | null, wish?: IWish) => Promise<void>;

/** Run only this, up to here, from here, or what failed. */
function addPartCommand(
  { app, trans }: ICommandOptions,
  current: () => EditorModel | null,
  start: Start
): void {
  const partOf = (args: ReadonlyPartialJSONObject): IPart | null => {
    const way = String(args.way) as Way;
    if (way === 'failed') {
      return { failed: true };
    }
    const card = app.contextMenuHitTest(node => !!node.dataset.task);
    const selected = current()?.selected?.name;
    const task = args.task ?? card?.dataset.task ?? selected;
    return task ? { [way]: String(task) } : null;
  };
  app.commands.addCommand(CommandIDs.runPart, {
    label: args => labelOf(String(args.way) as Way, trans),
    icon: args => (args.way === 'only' ? runIcon : undefined),
    isEnabled: args =>
      current() !== null && canRunParts(current()) && partOf(args) !== null,
    isVisible: () => canRunParts(current()),
    execute: args => start(current(), { part: partOf(args) ?? undefined })
  });
  WAYS.forEach((way, rank) =>
    app.contextMenu.addItem({
      command: CommandIDs.runPart,
      args: { way },
      selector: CARD,
      rank
    })
  );
}

/** Some engines run whole pipelines only. */
export function canRunParts(model: EditorModel | null): boolean {
  return model?.engine?.can('parts') ?? true;
}

function labelOf(way: Way, trans: TranslationBundle): string {
  switch (way) {
    case 'only':
      return trans.__('Run Only This Task');
    case 'to':
      return trans.__('Run up to Here');
    case 'from':
      return trans.__('Run from Here');
    case 'failed':
      return trans.__('Run What Failed');
  }
}

/** An old run once more, with other parameters. */
function addChangedCommand(
  { app, tracker, runs, trans, factory }: ICommandOptions,
  start: Start
): void {
  app.commands.addCommand(CommandIDs.runChanged, {
    label: trans.__('Run Again with Changes…'),
    caption: trans.__('The pipeline as it is now, with other parameters'),
    isEnabled: args => {
      const path = runs.get(String(args.run))?.contents_path;
      return !!path && !path.endsWith('.ipynb');
    },
    execute: args =>
      tellFailure(trans.__('The run cannot be repeated'), async () => {
        const run = await runs.fetch(String(args.run));
        const path = run.contents_path;
        await app.commands.execute('docmanager:open', { path, factory });
        const widget = tracker.find(w => w.context.localPath === path);
        await widget?.context.ready;
        await widget?.content.model.refresh(); // its parameters are asked for
        const values = run.parameters as IWish['values'];
        const { engine } = run;
        await start(widget?.content.model ?? null, { values, engine });
      })
  });
}
