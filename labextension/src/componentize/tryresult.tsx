import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';
import * as React from 'react';
import { IOutputView, IRun, ITaskRun, isArtifact } from '../api/types';
import { Log } from '../editor/logview';
import { valueText } from '../editor/source';
import { StateBadge } from '../runs/badge';
import { fileSize, stateLabel } from '../runs/format';
import { CommandIDs } from '../tokens';
import { Hosted } from './hosted';
import { TRY, TryModel } from './trymodel';

export interface ITryResultProps {
  model: TryModel;
  commands: CommandRegistry;
  /** Makes the widget that shows an output. */
  render: (view: IOutputView) => Widget;
  trans: TranslationBundle;
}

interface IResultProps extends ITryResultProps {
  run: IRun;
  task: ITaskRun;
}

/** How the try goes, and what came out of it. */
export function TryResult(props: ITryResultProps): JSX.Element | null {
  const { run, task } = props.model;
  return run && task ? <Result {...props} run={run} task={task} /> : null;
}

function Result(props: IResultProps): JSX.Element {
  const { model, trans, run, task } = props;
  const { state } = task;
  const heading = trans.__('Result');
  const section = React.useRef<HTMLElement>(null);
  React.useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [run.run_id]);
  return (
    <section ref={section} className="claimed-TryResult" aria-label={heading}>
      <h4>{heading}</h4>
      <StateBadge
        state={state}
        seconds={task.seconds}
        since={model.since}
        trans={trans}
      />
      <span className="claimed-unseen" role="status">
        {stateLabel(state, trans)}
      </span>
      <Failure {...props} />
      {Object.entries(task.outputs).map(([name, value]) => (
        <Output key={`${run.run_id}/${name}`} {...props} {...{ name, value }} />
      ))}
      <Traces {...props} />
    </section>
  );
}

/** What went wrong; a click on the cell goes to it. */
function Failure(props: IResultProps): JSX.Element | null {
  const { model, trans, run, task } = props;
  const error = task.error ?? run.error;
  if (!error) {
    return null;
  }
  return (
    <div className="claimed-TryResult-error" role="alert">
      <span>{error}</span>
      {task.cell !== null && (
        <button className="claimed-Link" onClick={() => model.showFailed()}>
          {trans.__('Go to cell %1', task.cell)}
        </button>
      )}
    </div>
  );
}

/** An output: a value in words, a file as what it holds. */
function Output(
  props: IResultProps & { name: string; value: unknown }
): JSX.Element {
  const { commands, run, trans, name, value } = props;
  const args = { run: run.run_id, task: TRY, output: name };
  return (
    <div className="claimed-TryResult-output" data-output={name}>
      <h5>
        {name}
        {isArtifact(value) && (
          <>
            <button
              className="claimed-Link"
              title={trans.__('Open %1 on a page of its own', name)}
              onClick={() => void commands.execute(CommandIDs.openOutput, args)}
            >
              {value.name}
            </button>
            <span className="claimed-quiet">{fileSize(value.size)}</span>
          </>
        )}
      </h5>
      {isArtifact(value) ? (
        <ArtifactView {...props} />
      ) : (
        <code>{valueText(value)}</code>
      )}
    </div>
  );
}

function ArtifactView(props: IResultProps & { name: string }): JSX.Element {
  const { model, render, trans, name } = props;
  const view = model.view(name);
  const make = React.useMemo(
    () =>
      view === null || typeof view === 'string' ? null : () => render(view),
    [view, render]
  );
  return make ? (
    <Hosted make={make} className="claimed-TryResult-view" />
  ) : (
    <p className="claimed-quiet">{(view as string) ?? trans.__('Loading…')}</p>
  );
}

/** The log, and the notebook as it was executed. */
function Traces(props: IResultProps): JSX.Element | null {
  const { model, commands, trans, run, task } = props;
  if (task.state === 'NEW') {
    return null;
  }
  const args = { run: run.run_id, task: TRY };
  const failed = task.state === 'FAILED';
  return (
    <>
      <details key={String(failed)} open={failed} className="claimed-TryLog">
        <summary>{trans.__('Log')}</summary>
        <Log model={model.log} trans={trans} />
      </details>
      {task.notebook && (
        <button
          type="button"
          className="jp-Button jp-mod-styled"
          onClick={() => void commands.execute(CommandIDs.openNotebook, args)}
        >
          {trans.__('Open executed notebook')}
        </button>
      )}
    </>
  );
}
