import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget, UseSignal, closeIcon } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import { ISignal, Signal } from '@lumino/signaling';
import * as React from 'react';
import { ClaimedClient } from '../api/client';
import { ITask, ITaskRun } from '../api/types';
import { SettledText } from '../inspector/settled';
import { Log } from './logview';
import { EditorModel } from './model';
import { Outcome, RunParts } from './outcome';
import { TaskOutputs } from './ports';

export interface IPanelOptions {
  model: EditorModel;
  client: ClaimedClient;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** The forms wait until somebody looks at one. */
const TaskForm = React.lazy(async () => ({
  default: (await import('../inspector/forms')).TaskForm
}));
const PipelineSettings = React.lazy(async () => ({
  default: (await import('../inspector/forms')).PipelineSettings
}));
const About = React.lazy(async () => ({
  default: (await import('../inspector/about')).About
}));

/** All there is to know of the selected task, or of the pipeline, right of the graph. */
export class TaskPanel extends ReactWidget {
  constructor(private readonly _options: IPanelOptions) {
    super();
    this.addClass('claimed-TaskPanel');
    this.node.setAttribute('role', 'complementary');
    this.node.setAttribute('aria-label', _options.trans.__('Task'));
  }

  /** Whether the pipeline itself is shown when no task is. */
  get isOpen(): boolean {
    return this._isOpen;
  }
  /** Whether there is anything to show. */
  get isWanted(): boolean {
    const { model } = this._options;
    return model.selected !== null || (this._isOpen && !!model.description);
  }
  /** Emitted when `isOpen` has changed. */
  get toggled(): ISignal<this, void> {
    return this._toggled;
  }

  /** Shows the pipeline's settings, or hides them. */
  toggle(): void {
    this.open(this._options.model.selected !== null || !this._isOpen);
  }

  /** Shows or hides the pipeline's settings. */
  open(open: boolean): void {
    this._isOpen = open;
    this._options.model.select(null);
    this.update();
    this._toggled.emit();
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
          ) : this._isOpen && model.description ? (
            <Pipeline {...this._options} close={() => this.toggle()} />
          ) : null
        }
      </UseSignal>
    );
  }

  private _isOpen = false;
  private _toggled = new Signal<this, void>(this);
}

export interface IContentProps extends IPanelOptions {
  task: ITask;
}

function Content(props: IContentProps): JSX.Element {
  const { model, task, trans } = props;
  const { run } = model;
  const taskRun = run?.tasks[task.name] ?? null;
  const path = ['tasks', task.name, 'component'];
  const component = String(model.document.get(path) ?? task.component);
  // What a run made comes before what the next one may be told.
  const hasRun = taskRun !== null && taskRun.state !== 'NEW';
  const made = (
    <section>
      <h3>{trans.__('Outputs')}</h3>
      <TaskOutputs {...props} run={run} taskRun={taskRun} />
    </section>
  );
  return (
    <>
      <Header {...props} />
      <p className="claimed-TaskPanel-description">{task.description}</p>
      <TaskProblems {...props} />
      {run && taskRun && <Outcome {...props} run={run} taskRun={taskRun} />}
      {(model.engine?.can('parts') ?? true) && <RunParts {...props} />}
      <React.Suspense fallback={<Waiting trans={trans} />}>
        {hasRun && made}
        <TaskLog {...props} taskRun={taskRun} />
        <section>
          <h3>{trans.__('Inputs')}</h3>
          <TaskForm {...props} part="inputs" />
        </section>
        {!hasRun && made}
        <details className="claimed-Section">
          <summary>{trans.__('When, how often, with what')}</summary>
          <TaskForm {...props} part="settings" />
        </details>
        <About {...props} component={component} />
      </React.Suspense>
    </>
  );
}

function Waiting({ trans }: { trans: TranslationBundle }): JSX.Element {
  return <p className="claimed-quiet">{trans.__('Reading the form…')}</p>;
}

function TaskLog(
  props: IContentProps & { taskRun: ITaskRun | null }
): JSX.Element | null {
  const { model, taskRun, trans } = props;
  return taskRun && taskRun.state !== 'NEW' && taskRun.state !== 'CACHED' ? (
    <section>
      <h3>{trans.__('Log')}</h3>
      <Log model={model.log} trans={trans} />
    </section>
  ) : null;
}

/** The pipeline itself: what it is called, what it takes, what it gives. */
function Pipeline(props: IPanelOptions & { close: () => void }): JSX.Element {
  const { trans, close } = props;
  return (
    <>
      <header className="claimed-TaskPanel-header">
        <h2>{trans.__('Pipeline')}</h2>
        <CloseButton close={close} trans={trans} />
      </header>
      <React.Suspense fallback={<Waiting trans={trans} />}>
        <PipelineSettings {...props} />
      </React.Suspense>
    </>
  );
}

/** What is wrong with the task itself; what is wrong with a field stands at it. */
function TaskProblems({ model, task }: IContentProps): JSX.Element {
  const problems = (model.description?.diagnostics ?? []).filter(
    ({ task: of, field }) =>
      of === task.name && (!field || field === 'component')
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
  const rename = (to: string) => {
    model.document.renameTask(task.name, to);
    if (model.document.get(['tasks', to])) {
      model.select(to);
    }
  };
  return (
    <header className="claimed-TaskPanel-header">
      <div>
        <h2>{task.title}</h2>
        <label className="claimed-TaskPanel-name">
          {trans.__('Task')}
          <SettledText
            value={task.name}
            label={trans.__('Name of the task')}
            lazy
            readOnly={model.readOnly}
            onTaken={to => rename(to.trim())}
          />
        </label>
        <code>{task.component}</code>
      </div>
      <CloseButton close={() => model.select(null)} trans={trans} />
    </header>
  );
}

function CloseButton(props: {
  close: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const label = props.trans.__('Close');
  return (
    <button
      className="jp-Button jp-mod-minimal"
      title={label}
      aria-label={label}
      onClick={props.close}
    >
      <closeIcon.react tag="span" width="16px" />
    </button>
  );
}
