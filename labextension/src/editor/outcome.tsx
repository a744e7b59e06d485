import { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IRun, ITask, ITaskRun } from '../api/types';
import { StateBadge } from '../runs/badge';
import { duration, fileSize } from '../runs/format';
import { CommandIDs } from '../tokens';
import { TerminalText } from './ansi';
import { EditorModel } from './model';

interface ITaskProps {
  model: EditorModel;
  commands: CommandRegistry;
  task: ITask;
  trans: TranslationBundle;
}

/** The ways to run no more of the pipeline than has to do with a task. */
export function RunParts({ commands, task, trans }: ITaskProps): JSX.Element {
  const ways: [string, string][] = [
    ['only', trans.__('only this task')],
    ['to', trans.__('up to here')],
    ['from', trans.__('from here')]
  ];
  return (
    <p className="claimed-RunParts">
      {trans.__('Run')}
      {ways.map(([way, label]) => (
        <button
          key={way}
          className="claimed-Link"
          onClick={() =>
            void commands.execute(CommandIDs.runPart, { way, task: task.name })
          }
        >
          {label}
        </button>
      ))}
    </p>
  );
}

/** How the task fared in the run: its state, why, and what went wrong. */
export function Outcome(
  props: ITaskProps & { run: IRun; taskRun: ITaskRun }
): JSX.Element {
  const { model, task, trans, run, taskRun } = props;
  return (
    <section className="claimed-Outcome">
      <StateBadge
        state={taskRun.state}
        seconds={taskRun.seconds}
        since={model.runs.since(run.run_id, task.name)}
        trans={trans}
      />
      <Used taskRun={taskRun} trans={trans} />
      {taskRun.reason && (
        <p className="claimed-Outcome-reason">{taskRun.reason}</p>
      )}
      {taskRun.error && (
        <div className="claimed-Outcome-error" role="alert">
          <p>{taskRun.error}</p>
          {taskRun.traceback && (
            <details open>
              <summary>{trans.__('Traceback')}</summary>
              <TerminalText text={taskRun.traceback} />
            </details>
          )}
        </div>
      )}
      <WaysOut {...props} />
    </section>
  );
}

/** The notebook that was executed, and the lineage of the execution. */
function WaysOut(
  props: ITaskProps & { run: IRun; taskRun: ITaskRun }
): JSX.Element {
  const { task, commands, trans, run, taskRun } = props;
  const { notebook, execution_id } = taskRun;
  const button = (
    label: string,
    command: string,
    args: { [name: string]: string }
  ) => (
    <button
      className="jp-Button jp-mod-styled"
      onClick={() => void commands.execute(command, args)}
    >
      {label}
    </button>
  );
  return (
    <>
      {notebook &&
        button(trans.__('Open executed notebook'), CommandIDs.openNotebook, {
          run: run.run_id,
          task: task.name
        })}
      {execution_id !== null &&
        button(trans.__('Lineage'), CommandIDs.openLineage, {
          node: `execution/${execution_id}`
        })}
    </>
  );
}

/** What the task took of the machine; while it runs, how long it took before. */
function Used(props: {
  taskRun: ITaskRun;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { trans } = props;
  const { state, expected, cpu_seconds, memory_bytes } = props.taskRun;
  const facts: string[] = [];
  if (state === 'RUNNING' && expected !== null) {
    facts.push(trans.__('It took %1 the last time.', duration(expected)));
  }
  if (cpu_seconds !== null && memory_bytes !== null) {
    facts.push(
      trans.__(
        '%1 of processor time, %2 of memory',
        duration(cpu_seconds),
        fileSize(memory_bytes)
      )
    );
  }
  return facts.length === 0 ? null : (
    <p className="claimed-Outcome-used">{facts.join(' ')}</p>
  );
}
