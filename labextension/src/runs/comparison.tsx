import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { ComparedRun, TaskOutcome } from '../api/schema';
import { IComparison } from '../api/types';
import { valueText } from '../editor/source';
import { CommandIDs } from '../tokens';
import { StateBadge } from './badge';
import { CodeChanges } from './codechanges';
import { ComparedText, IComparedSection, SideBySide } from './sidebyside';

interface IViewOptions {
  comparison: IComparison;
  /** The engine of a run in words. */
  engineOf: (run: ComparedRun) => string;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** Runs side by side, in the main area. */
export class ComparisonView extends ReactWidget {
  constructor(private readonly _options: IViewOptions) {
    super();
    this.addClass('claimed-Comparison');
    this.node.tabIndex = -1;
  }

  protected override render(): JSX.Element {
    const { comparison, trans } = this._options;
    return (
      <>
        <SideBySide
          heads={comparison.runs.map(run => (
            <RunHead key={run.run_id} {...this._options} run={run} />
          ))}
          sections={sectionsOf(comparison, trans)}
          cell={value => <Cell value={value} trans={trans} />}
          trans={trans}
        />
        <Codes comparison={comparison} trans={trans} />
      </>
    );
  }
}

function sectionsOf(
  comparison: IComparison,
  trans: TranslationBundle
): IComparedSection[] {
  const { parameters, metrics, inputs, outputs, tasks, environment } =
    comparison;
  return [
    { title: trans.__('Parameters'), rows: parameters },
    { title: trans.__('Metrics and output parameters'), rows: metrics },
    { title: trans.__('Inputs'), rows: inputs },
    { title: trans.__('Artifacts made'), rows: outputs },
    { title: trans.__('Tasks'), rows: tasks },
    { title: trans.__('Versions'), rows: environment ?? [] }
  ];
}

/** What changed in the code of each task since the first run. */
function Codes(props: {
  comparison: IComparison;
  trans: TranslationBundle;
}): JSX.Element {
  const { comparison, trans } = props;
  return (
    <>
      {comparison.code?.map(one => (
        <CodeChanges
          key={`${one.run_id} ${one.task}`}
          title={
            comparison.runs.length > 2
              ? trans.__('Code of %1 in run %2', one.task, one.run_id)
              : trans.__('Code of %1', one.task)
          }
          problem={one.problem}
          changes={one.changes ?? []}
          trans={trans}
        />
      ))}
    </>
  );
}

/** What a run is, how it fared, and the way to it. */
function RunHead(props: IViewOptions & { run: ComparedRun }): JSX.Element {
  const { run, engineOf, commands, trans } = props;
  return (
    <>
      <button
        className="claimed-Link"
        title={trans.__('Open this run')}
        onClick={() =>
          void commands.execute(CommandIDs.openRun, { run: run.run_id })
        }
      >
        {run.pipeline}
      </button>
      <StateBadge state={run.state} seconds={run.seconds} trans={trans} />
      <span className="claimed-quiet">
        {run.started && new Date(run.started).toLocaleString()}
      </span>
      <span className="claimed-quiet">
        {[run.user, engineOf(run), run.run_id].filter(Boolean).join(' · ')}
      </span>
    </>
  );
}

function Cell(props: {
  value: unknown;
  trans: TranslationBundle;
}): JSX.Element {
  const { value, trans } = props;
  return isOutcome(value) ? (
    <Outcome value={value} trans={trans} />
  ) : (
    <ComparedText value={value} text={valueText(value)} />
  );
}

function isOutcome(value: unknown): value is TaskOutcome {
  return (
    typeof value === 'object' &&
    value !== null &&
    'state' in value &&
    'component' in value
  );
}

function Outcome(props: {
  value: TaskOutcome;
  trans: TranslationBundle;
}): JSX.Element {
  const { state, seconds, component } = props.value;
  return (
    <>
      <StateBadge state={state} seconds={seconds} trans={props.trans} />
      <span className="claimed-Comparison-component">{component}</span>
    </>
  );
}
