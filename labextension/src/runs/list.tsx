import { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import * as React from 'react';
import { IRun } from '../api/types';
import { EnginesModel } from '../engines/model';
import { Hint, RetryHint } from '../hint';
import { LazyWidget } from '../lazy';
import { SchedulesModel } from '../schedules/model';
import { Schedules } from '../schedules/section';
import { CommandIDs } from '../tokens';
import { Filters } from './filters';
import { RunsModel } from './model';
import { RunRow } from './row';
import { EVERYTHING, enginesOf, selectRuns } from './select';

interface IRunsProps {
  model: RunsModel;
  engines: EnginesModel;
  schedules: SchedulesModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The runs of this server: found, followed, compared, run again, deleted. */
export class RunsWidget extends LazyWidget {
  constructor(private readonly _props: IRunsProps) {
    super();
    this.id = 'claimed-runs';
    this.addClass('claimed-Runs');
    this.title.label = _props.trans.__('Runs');
  }

  protected override load(): void {
    void this._props.model.refresh();
    void this._props.engines.load();
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._props.model.changed}>
        {() => (
          <>
            <Schedules {...this._props} />
            <Runs {...this._props} />
          </>
        )}
      </UseSignal>
    );
  }
}

function Runs(props: IRunsProps): JSX.Element {
  const { model, commands, trans } = props;
  if (model.status === 'error') {
    return (
      <RetryHint
        text={model.error}
        retry={() => commands.execute(CommandIDs.refreshRuns)}
        trans={trans}
      />
    );
  }
  if (model.runs.length === 0 && !model.showsArchived) {
    const isLoading = model.status === 'loading';
    const none = trans.__('No runs yet. Open a pipeline and press Run.');
    return (
      <Hint text={isLoading ? trans.__('Loading runs…') : none}>
        {!isLoading && (
          <button
            className="claimed-Link"
            onClick={() => void model.showArchived(true)}
          >
            {trans.__('Show archived')}
          </button>
        )}
      </Hint>
    );
  }
  return <Found {...props} />;
}

function Found(props: IRunsProps): JSX.Element {
  const { model, trans } = props;
  const [selection, setSelection] = React.useState(EVERYTHING);
  const [ticked, setTicked] = React.useState<ReadonlySet<string>>(new Set());
  const runs = selectRuns(model.listed, selection);
  const tick = (id: string, on: boolean) =>
    setTicked(old => new Set([...old, id].filter(one => on || one !== id)));
  return (
    <>
      <Filters
        selection={selection}
        engines={enginesOf(model.listed)}
        showsArchived={model.showsArchived}
        onChange={setSelection}
        onArchived={shows => void model.showArchived(shows)}
        trans={trans}
      />
      <Ticked {...props} ticked={ticked} clear={() => setTicked(new Set())} />
      {runs.length === 0 && (
        <NoneFound trans={trans} showAll={() => setSelection(EVERYTHING)} />
      )}
      <ul className="claimed-Runs-list">
        {runs.map(run => (
          <li key={run.run_id}>
            <RunRow
              {...props}
              run={run}
              ticked={ticked.has(run.run_id)}
              onTick={on => tick(run.run_id, on)}
              onMenu={(x, y) => openMenu(props, run, x, y)}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function NoneFound(props: {
  trans: TranslationBundle;
  showAll: () => void;
}): JSX.Element {
  const { trans, showAll } = props;
  return (
    <Hint text={trans.__('No run is like that.')}>
      <button className="jp-Button jp-mod-styled" onClick={showAll}>
        {trans.__('Show all runs')}
      </button>
    </Hint>
  );
}

/** What can be done to the runs that are ticked. */
function Ticked(
  props: IRunsProps & { ticked: ReadonlySet<string>; clear: () => void }
): JSX.Element | null {
  const { model, commands, trans, ticked, clear } = props;
  const ids = model.runs.map(run => run.run_id).filter(id => ticked.has(id));
  if (ids.length === 0) {
    return null;
  }
  const compare = { runs: ids.reverse() }; // the older one on the left
  const execute = (command: string) => void commands.execute(command, compare);
  return (
    <div className="claimed-Runs-ticked">
      <button
        className="jp-Button jp-mod-styled jp-mod-accept"
        disabled={ids.length < 2}
        title={ids.length < 2 ? trans.__('Select another run, too') : ''}
        onClick={() => execute(CommandIDs.compareRuns)}
      >
        {trans.__('Compare')}
      </button>
      {commands.isEnabled(CommandIDs.archiveRun, compare) && (
        <button
          className="jp-Button jp-mod-styled"
          onClick={() => execute(CommandIDs.archiveRun)}
        >
          {trans.__('Archive')}
        </button>
      )}
      <button
        className="jp-Button jp-mod-styled"
        onClick={() => execute(CommandIDs.deleteRun)}
      >
        {trans.__('Delete')}
      </button>
      <button className="claimed-Link" onClick={clear}>
        {trans._n('%1 selected: clear', '%1 selected: clear', ids.length)}
      </button>
    </div>
  );
}

/** The menu of one run. */
function openMenu(
  { commands }: IRunsProps,
  { run_id: run }: IRun,
  x: number,
  y: number
): void {
  const menu = new Menu({ commands });
  const add = (command: string) => menu.addItem({ command, args: { run } });
  add(CommandIDs.openRun);
  add(CommandIDs.openReport);
  add(CommandIDs.openLineage);
  add(CommandIDs.openRunLink);
  menu.addItem({ type: 'separator' });
  add(CommandIDs.retryRun);
  add(CommandIDs.runAgain);
  add(CommandIDs.runChanged);
  add(CommandIDs.compareWithPrevious);
  menu.addItem({ type: 'separator' });
  add(CommandIDs.cancelOneRun);
  add(CommandIDs.archiveRun);
  menu.addItem({ command: CommandIDs.archiveRun, args: { run, back: true } });
  add(CommandIDs.deleteRun);
  menu.aboutToClose.connect(() => requestAnimationFrame(() => menu.dispose()));
  menu.open(x, y);
}
