import { Time } from '@jupyterlab/coreutils';
import { TranslationBundle } from '@jupyterlab/translation';
import { UseSignal } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IRun } from '../api/types';
import { Hint, RetryHint } from '../hint';
import { LazyWidget } from '../lazy';
import { CommandIDs } from '../tokens';
import { StateBadge } from './badge';
import { RunsModel } from './model';

interface IRunsProps {
  model: RunsModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The runs of this server, newest first. */
export class RunsWidget extends LazyWidget {
  constructor(private readonly _props: IRunsProps) {
    super();
    this.id = 'claimed-runs';
    this.addClass('claimed-Runs');
    this.title.label = _props.trans.__('Runs');
  }

  protected override load(): void {
    void this._props.model.refresh();
  }

  protected override render(): JSX.Element {
    return (
      <UseSignal signal={this._props.model.changed}>
        {() => <Runs {...this._props} />}
      </UseSignal>
    );
  }
}

function Runs({ model, commands, trans }: IRunsProps): JSX.Element {
  if (model.status === 'error') {
    return (
      <RetryHint
        text={model.error}
        retry={() => commands.execute(CommandIDs.refreshRuns)}
        trans={trans}
      />
    );
  }
  const runs = model.runs;
  if (runs.length === 0) {
    return (
      <Hint
        text={
          model.status === 'loading'
            ? trans.__('Loading runs…')
            : trans.__('No runs yet. Open a pipeline and press Run.')
        }
      />
    );
  }
  return (
    <ul className="claimed-Runs-list">
      {runs.map(run => (
        <li key={run.run_id}>
          <RunRow run={run} commands={commands} trans={trans} />
        </li>
      ))}
    </ul>
  );
}

function RunRow(props: {
  run: IRun;
  commands: CommandRegistry;
  trans: TranslationBundle;
}): JSX.Element {
  const { run, commands, trans } = props;
  const started = run.started ? new Date(run.started) : null;
  const path = run.contents_path ?? run.path ?? '';
  const title = [run.pipeline, path, started?.toLocaleString(), run.error]
    .filter(Boolean)
    .join('\n');
  return (
    <button
      className="claimed-Runs-row"
      title={title}
      onClick={() =>
        void commands.execute(CommandIDs.openRun, { run: run.run_id })
      }
    >
      <span className="claimed-Runs-name">{run.pipeline}</span>
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
      {run.error && <span className="claimed-Runs-error">{run.error}</span>}
    </button>
  );
}
