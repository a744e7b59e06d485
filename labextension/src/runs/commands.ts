import { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, showDialog } from '@jupyterlab/apputils';
import { TranslationBundle } from '@jupyterlab/translation';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { ClaimedClient } from '../api/client';
import { ComparedRun } from '../api/schema';
import { RunAction } from '../api/types';
import { startWithTrust } from '../catalogs/trust';
import { engineTitle } from '../engines/badge';
import { safeLink } from '../engines/link';
import { tellFailure } from '../failure';
import { compareIcon } from '../icons';
import { showPage } from '../pages';
import { CommandIDs } from '../tokens';
import { canDo } from './actionsof';
import { RunsModel } from './model';

interface IOptions {
  app: JupyterFrontEnd;
  client: ClaimedClient;
  model: RunsModel;
  trans: TranslationBundle;
}

/** Adds what can be done to runs, whichever editor is open. */
export function addRunsCommands(options: IOptions): void {
  addAgainCommand(options);
  addCompareCommands(options);
  addCancelCommand(options);
  addRetryCommand(options);
  addArchiveCommand(options);
  addDeleteCommand(options);
  addLinkCommand(options);
}

/** Those of some runs to which something can be done now. */
function possible(model: RunsModel, ids: string[], action: RunAction) {
  return ids.filter(id => {
    const run = model.get(id);
    return run !== null && canDo(run, action);
  });
}

function addAgainCommand({ app, client, model, trans }: IOptions): void {
  const { commands } = app;
  commands.addCommand(CommandIDs.runAgain, {
    label: trans.__('Run Again'),
    caption: trans.__('With the code and the parameters that it had'),
    isEnabled: args => possible(model, idsOf(args), 'rerun').length > 0,
    execute: args =>
      tellFailure(trans.__('The run cannot be repeated'), async () => {
        const services = { client, commands, trans };
        const again = () => model.rerun(String(args.run));
        const run = await startWithTrust(again, services);
        if (run) {
          await commands.execute(CommandIDs.openRun, { run: run.run_id });
        }
      })
  });
}

function addCompareCommands({ app, client, model, trans }: IOptions): void {
  const { commands, shell } = app;
  commands.addCommand(CommandIDs.compareRuns, {
    label: trans.__('Compare Runs'),
    execute: args => {
      const ids = idsOf(args);
      return showPage(shell, {
        id: `claimed-compare-${ids.join('-')}`,
        label: trans.__('Compare runs'),
        caption: ids.join('\n'),
        icon: compareIcon,
        failure: trans.__('The runs cannot be compared'),
        content: async () => {
          const { ComparisonView } = await import('./comparison');
          const comparison = await client.compareRuns(ids);
          const engineOf = (run: ComparedRun) =>
            model.get(run.run_id)?.engine_title ?? run.engine;
          return new ComparisonView({ comparison, engineOf, commands, trans });
        }
      });
    }
  });
  const previous = (args: ReadonlyPartialJSONObject) => {
    const run = model.get(String(args.run));
    const same = model.runs.filter(other => other.path === run?.path);
    const at = same.findIndex(other => other.run_id === run?.run_id);
    return same[at + 1]?.run_id ?? null;
  };
  commands.addCommand(CommandIDs.compareWithPrevious, {
    label: trans.__('Compare with the Run Before'),
    isEnabled: args => previous(args) !== null,
    execute: args =>
      commands.execute(CommandIDs.compareRuns, {
        runs: [previous(args), String(args.run)]
      })
  });
}

function addCancelCommand({ app, model, trans }: IOptions): void {
  app.commands.addCommand(CommandIDs.cancelOneRun, {
    label: trans.__('Cancel Run'),
    isEnabled: args => possible(model, idsOf(args), 'cancel').length > 0,
    execute: args =>
      tellFailure(trans.__('The run was not canceled'), () =>
        model.cancel(String(args.run))
      )
  });
}

function addRetryCommand({ app, model, trans }: IOptions): void {
  app.commands.addCommand(CommandIDs.retryRun, {
    label: trans.__('Retry What Failed'),
    caption: trans.__('In the same run; what is complete stays'),
    isEnabled: args => possible(model, idsOf(args), 'retry').length > 0,
    isVisible: args => possible(model, idsOf(args), 'retry').length > 0,
    execute: args =>
      tellFailure(trans.__('The run was not retried'), () =>
        model.retry(String(args.run))
      )
  });
}

/** Puts runs away, out of the list; they are not lost. */
function addArchiveCommand({ app, model, trans }: IOptions): void {
  const ids = (args: ReadonlyPartialJSONObject) =>
    possible(model, idsOf(args), args.back ? 'unarchive' : 'archive');
  app.commands.addCommand(CommandIDs.archiveRun, {
    label: args => (args.back ? trans.__('Unarchive') : trans.__('Archive')),
    caption: trans.__('Archived runs are kept, and listed only on request'),
    isEnabled: args => ids(args).length > 0,
    isVisible: args => ids(args).length > 0,
    execute: args =>
      tellFailure(trans.__('The run was not archived'), async () => {
        for (const id of ids(args)) {
          await model.archive(id, !args.back);
        }
      })
  });
}

/** The engine's own page of a run. */
function addLinkCommand({ app, model, trans }: IOptions): void {
  const link = (args: ReadonlyPartialJSONObject) =>
    safeLink(model.get(String(args.run))?.link);
  const title = (args: ReadonlyPartialJSONObject) => {
    const run = model.get(String(args.run));
    return run ? engineTitle(run) : '';
  };
  app.commands.addCommand(CommandIDs.openRunLink, {
    label: args => trans.__('Open in %1', title(args)),
    caption: args => link(args) ?? '',
    isVisible: args => link(args) !== null,
    execute: args => {
      const href = link(args);
      if (href) {
        window.open(href, '_blank', 'noopener,noreferrer');
      }
    }
  });
}

function addDeleteCommand({ app, model, trans }: IOptions): void {
  const ended = (args: ReadonlyPartialJSONObject) =>
    possible(model, idsOf(args), 'delete');
  app.commands.addCommand(CommandIDs.deleteRun, {
    label: trans.__('Delete Run…'),
    isEnabled: args => ended(args).length > 0,
    execute: async args => {
      const ids = ended(args);
      if (await confirmsDeletion(ids, model, trans)) {
        await tellFailure(trans.__('The run was not deleted'), async () => {
          for (const id of ids) {
            await model.remove(id);
          }
        });
      }
    }
  });
}

async function confirmsDeletion(
  ids: string[],
  model: RunsModel,
  trans: TranslationBundle
): Promise<boolean> {
  const names = ids.map(id => `“${model.get(id)?.pipeline ?? id}” (${id})`);
  const { button } = await showDialog({
    title: trans._n('Delete this run?', 'Delete these %1 runs?', ids.length),
    body: trans.__(
      '%1. Its notebooks and logs are gone for good; results that other runs use are kept.',
      names.join(', ')
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Delete') })
    ],
    defaultButton: 0
  });
  return button.accept;
}

/** The runs that a command is about: `runs`, else `run`. */
function idsOf(args: ReadonlyPartialJSONObject): string[] {
  return Array.isArray(args.runs) ? args.runs.map(String) : [String(args.run)];
}
