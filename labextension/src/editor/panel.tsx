import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal, closeIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { IRun, ITask, ITaskRun } from '../api/types';
import { StateBadge } from '../runs/badge';
import { duration, fileSize } from '../runs/format';
import { CommandIDs } from '../tokens';
import { TerminalText } from './ansi';
import { Log } from './logview';
import { EditorModel } from './model';
import { TaskInputs, TaskOutputs } from './ports';

export interface IPanelOptions {
  model: EditorModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** All there is to know of the selected task, right of the graph. */
export class TaskPanel extends ReactWidget {
  constructor(private readonly _options: IPanelOptions) {
    super();
    this.addClass('claimed-TaskPanel');
    this.node.setAttribute('role', 'complementary');
    this.node.setAttribute('aria-label', _options.trans.__('Task'));
  }

  protected override render(): JSX.Element {
    const { model } = this._options;
    return (
      <UseSignal signal={model.changed}>
        {() =>
          model.selected ? (
            <Content
              key={model.selected.name}
              {...this._options}
              task={model.selected}
            />
          ) : null
        }
      </UseSignal>
    );
  }
}

interface IContentProps extends IPanelOptions {
  task: ITask;
}

function Content(props: IContentProps): JSX.Element {
  const { model, task, trans } = props;
  const { run } = model;
  const taskRun = run?.tasks[task.name] ?? null;
  return (
    <>
      <Header {...props} />
      <p className="claimed-TaskPanel-description">{task.description}</p>
      <TaskProblems {...props} />
      {run && taskRun && <Outcome {...props} run={run} taskRun={taskRun} />}
      <section>
        <h3>{trans.__('Inputs')}</h3>
        <TaskInputs
          task={task}
          taskRun={taskRun}
          parameters={model.description?.parameters ?? {}}
          trans={trans}
        />
      </section>
      <section>
        <h3>{trans.__('Outputs')}</h3>
        <TaskOutputs {...props} run={run} taskRun={taskRun} />
      </section>
      {taskRun && taskRun.state !== 'NEW' && taskRun.state !== 'CACHED' && (
        <section>
          <h3>{trans.__('Log')}</h3>
          <Log model={model.log} trans={trans} />
        </section>
      )}
    </>
  );
}

function TaskProblems({ model, task }: IContentProps): JSX.Element {
  const problems = (model.description?.diagnostics ?? []).filter(
    diagnostic => diagnostic.task === task.name
  );
  return (
    <>
      {problems.map((problem, i) => (
        <p
          key={i}
          className="claimed-TaskPanel-problem"
          data-level={problem.level}
        >
          {problem.message}
        </p>
      ))}
    </>
  );
}

function Header({ model, task, trans }: IContentProps): JSX.Element {
  return (
    <header className="claimed-TaskPanel-header">
      <div>
        <h2>{task.title}</h2>
        <code>{task.name}</code>
        <br />
        <code>{task.component}</code>
      </div>
      <button
        className="jp-Button jp-mod-minimal"
        title={trans.__('Close')}
        aria-label={trans.__('Close')}
        onClick={() => model.select(null)}
      >
        <closeIcon.react tag="span" width="16px" />
      </button>
    </header>
  );
}

/** How the task fared in the run: its state, why, and what went wrong. */
function Outcome(
  props: IContentProps & { run: IRun; taskRun: ITaskRun }
): JSX.Element {
  const { model, task, commands, trans, run, taskRun } = props;
  const args = { run: run.run_id, task: task.name };
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
      {taskRun.notebook && (
        <button
          className="jp-Button jp-mod-styled"
          onClick={() => void commands.execute(CommandIDs.openNotebook, args)}
        >
          {trans.__('Open executed notebook')}
        </button>
      )}
    </section>
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
