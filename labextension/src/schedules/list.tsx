import { Dialog, showDialog } from '@jupyterlab/apputils';
import { Time } from '@jupyterlab/coreutils';
import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { ISchedule } from '../api/engines';
import { EngineLink } from '../engines/badge';
import { Hint, RetryHint } from '../hint';
import { StateBadge } from '../runs/badge';
import { CommandIDs } from '../tokens';
import { IKept } from './model';
import { ISchedulesProps } from './section';
import { timesText } from './words';

/** How many of the last runs are shown. */
const SHOWN = 3;

/** The schedules: when each runs, its last runs, and what can be done to it. */
export function ScheduleList(props: ISchedulesProps): JSX.Element {
  const { schedules, model, trans } = props;
  const newest = model.runs[0]?.run_id;
  // A new run may be one of theirs.
  React.useEffect(() => void schedules.refresh(), [schedules, newest]);
  if (!schedules.isKnown) {
    return <Hint text={trans.__('Loading schedules…')} busy />;
  }
  return (
    <>
      {schedules.error && (
        <RetryHint
          text={schedules.error}
          retry={() => schedules.refresh()}
          trans={trans}
        />
      )}
      {schedules.schedules.length === 0 && !schedules.error && (
        <Hint
          text={trans.__(
            'Nothing runs by the clock yet. Open a pipeline, choose an engine that can, and press “Schedule…” in its Run form.'
          )}
        />
      )}
      <ul className="claimed-Schedules-list">
        {schedules.schedules.map(kept => (
          <li key={kept.schedule.id} data-schedule={kept.schedule.id}>
            <Item {...props} kept={kept} />
          </li>
        ))}
      </ul>
    </>
  );
}

type ItemProps = ISchedulesProps & { kept: IKept };

function Item(props: ItemProps): JSX.Element {
  const { schedules, kept, trans } = props;
  const { schedule, engine } = kept;
  const problem = schedules.problemOf(kept);
  const title = schedules.engines.get(engine)?.title ?? engine;
  return (
    <>
      <div className="claimed-Schedules-head">
        <strong title={schedule.path ?? schedule.pipeline}>
          {schedule.name}
        </strong>
        <Switch {...props} />
      </div>
      <div>{whenText(schedule, trans)}</div>
      <div className="claimed-quiet">{detailText(schedule, trans)}</div>
      <LastRuns {...props} />
      {problem && (
        <p className="claimed-Field-problem" role="alert">
          {problem}
        </p>
      )}
      <div className="claimed-Schedules-actions">
        <EngineLink href={schedule.link} title={title} trans={trans} />
        <button
          className="claimed-Link"
          aria-disabled={schedules.isBusy(kept)}
          onClick={() => void removeOne(props)}
        >
          {trans.__('Delete')}
        </button>
      </div>
    </>
  );
}

/** On or off, in a word, by its place and by its colour. */
function Switch({ schedules, kept, trans }: ItemProps): JSX.Element {
  const { enabled, name } = kept.schedule;
  return (
    <label className="claimed-Switch">
      <input
        type="checkbox"
        role="switch"
        checked={enabled}
        aria-disabled={schedules.isBusy(kept)}
        aria-label={trans.__('“%1” runs by the clock', name)}
        onChange={() => void schedules.setEnabled(kept, !enabled)}
      />
      <span className="claimed-Switch-track" aria-hidden="true" />
      <span className="claimed-Switch-word">
        {enabled ? trans.__('on') : trans.__('off')}
      </span>
    </label>
  );
}

function whenText(schedule: ISchedule, trans: TranslationBundle): string {
  const { pipeline, name } = schedule;
  const when = timesText(schedule, trans);
  return pipeline && pipeline !== name ? `${pipeline}: ${when}` : when;
}

function detailText(schedule: ISchedule, trans: TranslationBundle): string {
  const { catch_up, max_concurrency, start, end, parameters } = schedule;
  const moment = (text: string) => new Date(text).toLocaleString();
  const given = Object.entries(parameters).map(
    ([name, value]) =>
      `${name} = ${typeof value === 'string' ? value : JSON.stringify(value)}`
  );
  return [
    start && trans.__('from %1', moment(start)),
    end && trans.__('until %1', moment(end)),
    trans.__('at most %1 at a time', max_concurrency),
    catch_up && trans.__('makes up for what it missed'),
    given.join(', ')
  ]
    .filter(Boolean)
    .join(' · ');
}

function LastRuns(props: ItemProps): JSX.Element | null {
  const { model, commands, kept, trans } = props;
  const runs = kept.schedule.last_runs.slice(0, SHOWN);
  return runs.length === 0 ? null : (
    <ul
      className="claimed-Schedules-runs"
      aria-label={trans.__('Its last runs')}
    >
      {runs.map(id => {
        const run = model.get(id);
        return (
          <li key={id}>
            <button
              className="claimed-Link"
              title={trans.__('Open run %1', id)}
              onClick={() =>
                void commands.execute(CommandIDs.openRun, { run: id })
              }
            >
              {run ? (
                <StateBadge
                  state={run.state}
                  seconds={run.seconds}
                  trans={trans}
                />
              ) : (
                id
              )}
              {run?.started && ` ${Time.formatHuman(new Date(run.started))}`}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

async function removeOne(props: ItemProps): Promise<void> {
  const { schedules, kept, trans } = props;
  const { button } = await showDialog({
    title: trans.__('Delete this schedule?'),
    body: trans.__(
      '“%1”, %2. It runs no more; the runs that it has made stay.',
      kept.schedule.name,
      timesText(kept.schedule, trans)
    ),
    buttons: [
      Dialog.cancelButton(),
      Dialog.warnButton({ label: trans.__('Delete') })
    ],
    defaultButton: 0
  });
  if (button.accept) {
    await schedules.remove(kept);
  }
}
