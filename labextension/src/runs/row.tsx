import { Time } from '@jupyterlab/coreutils';
import { TranslationBundle } from '@jupyterlab/translation';
import { ellipsesIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IRun } from '../api/types';
import { EngineBadge, RunNotice, engineTitle } from '../engines/badge';
import { CommandIDs } from '../tokens';
import { StateBadge } from './badge';
import { RunsModel } from './model';
import { RunProgress } from './progress';
import { parametersText } from './select';

export interface IRowProps {
  run: IRun;
  model: RunsModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
  /** Whether it is ticked, to be compared or deleted. */
  ticked: boolean;
  onTick: (ticked: boolean) => void;
  /** Opens the menu of the run at a place of the window. */
  onMenu: (x: number, y: number) => void;
}

/** A run in the list: what it is, how it fares, and what can be done to it. */
export function RunRow(props: IRowProps): JSX.Element {
  const { run, model, trans, onMenu } = props;
  return (
    <div
      className="claimed-Runs-item"
      data-run={run.run_id}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        onMenu(event.clientX, event.clientY);
      }}
    >
      <Tick {...props} />
      <Facts {...props} />
      <MenuButton {...props} />
      <RunProgress run={run} model={model} trans={trans} />
    </div>
  );
}

function Tick({ run, ticked, onTick, trans }: IRowProps): JSX.Element {
  const label = trans.__('Select this run of “%1”', run.pipeline);
  return (
    <input
      type="checkbox"
      className="claimed-Runs-tick"
      checked={ticked}
      title={trans.__('Select, to compare or to delete')}
      aria-label={label}
      onChange={event => onTick(event.target.checked)}
    />
  );
}

function MenuButton({ onMenu, trans }: IRowProps): JSX.Element {
  const label = trans.__('Run again, compare, delete…');
  return (
    <button
      className="jp-Button jp-mod-minimal claimed-Runs-more"
      title={label}
      aria-label={label}
      aria-haspopup="menu"
      onClick={event => {
        const { left, bottom } = event.currentTarget.getBoundingClientRect();
        onMenu(left, bottom);
      }}
    >
      <ellipsesIcon.react tag="span" width="16px" />
    </button>
  );
}

function Facts({ run, commands, trans }: IRowProps): JSX.Element {
  const started = run.started ? new Date(run.started) : null;
  const parameters = parametersText(run);
  return (
    <button
      className="claimed-Runs-row"
      title={tooltip(run, parameters)}
      onClick={() =>
        void commands.execute(CommandIDs.openRun, { run: run.run_id })
      }
    >
      <span className="claimed-Runs-name">
        {run.pipeline}
        {run.archived && (
          <span className="claimed-Chip">{trans.__('archived')}</span>
        )}
      </span>
      <span className="claimed-Runs-facts">
        <StateBadge
          state={run.state}
          seconds={run.seconds}
          since={started?.getTime()}
          trans={trans}
        />
        {started && (
          <time dateTime={run.started!}>{Time.formatHuman(started)}</time>
        )}
      </span>
      <span className="claimed-Runs-quiet">
        <EngineBadge run={run} />
        {[run.user, parameters].filter(Boolean).map(text => ` · ${text}`)}
      </span>
      <RunNotice run={run} trans={trans} />
      {run.error && <span className="claimed-Runs-error">{run.error}</span>}
    </button>
  );
}

/** All of a run in a few lines. */
function tooltip(run: IRun, parameters: string): string {
  const path = run.contents_path ?? run.path ?? '';
  const started = run.started && new Date(run.started).toLocaleString();
  const engine = engineTitle(run);
  const { pipeline, run_id, notice, error } = run;
  return [pipeline, path, started, run_id, engine, parameters, notice, error]
    .filter(Boolean)
    .join('\n');
}
