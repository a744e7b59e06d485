import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import {
  ComparedRow,
  ComparedRun,
  ComparedTask,
  TaskOutcome
} from '../api/schema';
import { IComparison } from '../api/types';
import { valueText } from '../editor/source';
import { CommandIDs } from '../tokens';
import { StateBadge } from './badge';
import { CodeChanges } from './codechanges';

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
    return <Comparison {...this._options} />;
  }
}

function Comparison(props: IViewOptions): JSX.Element {
  const { comparison, trans } = props;
  const [onlyDifferences, setOnly] = React.useState(true);
  const { parameters, metrics, inputs, outputs, tasks, environment } =
    comparison;
  const section = (title: string, rows: (ComparedRow | ComparedTask)[]) => (
    <Section
      title={title}
      rows={rows}
      shown={rows.filter(row => row.differs || !onlyDifferences)}
      columns={comparison.runs.length}
      trans={trans}
    />
  );
  return (
    <>
      <label className="claimed-Comparison-only">
        <input
          type="checkbox"
          checked={onlyDifferences}
          onChange={event => setOnly(event.target.checked)}
        />
        {trans.__('Only what differs')}
      </label>
      <table>
        <Heads {...props} />
        {section(trans.__('Parameters'), parameters)}
        {section(trans.__('Metrics and output parameters'), metrics)}
        {section(trans.__('Inputs'), inputs)}
        {section(trans.__('Artifacts made'), outputs)}
        {section(trans.__('Tasks'), tasks)}
        {section(trans.__('Versions'), environment ?? [])}
      </table>
      <Codes comparison={comparison} trans={trans} />
    </>
  );
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

/** One column a run: what it is, how it fared, and the way to it. */
function Heads(props: IViewOptions): JSX.Element {
  const { comparison, engineOf, commands, trans } = props;
  return (
    <thead>
      <tr>
        <td />
        {comparison.runs.map(run => (
          <th key={run.run_id} scope="col">
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
              {[run.user, engineOf(run), run.run_id]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** The rows of one kind; those that differ are marked, not by colour alone. */
function Section(props: {
  title: string;
  rows: (ComparedRow | ComparedTask)[];
  shown: (ComparedRow | ComparedTask)[];
  columns: number;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { title, rows, shown, columns, trans } = props;
  if (rows.length === 0) {
    return null;
  }
  return (
    <tbody>
      <tr className="claimed-Comparison-title">
        <th colSpan={columns + 1} scope="rowgroup">
          {title}
        </th>
      </tr>
      {shown.length === 0 && (
        <tr>
          <td colSpan={columns + 1} className="claimed-quiet">
            {trans._n('%1 row, the same', '%1 rows, all the same', rows.length)}
          </td>
        </tr>
      )}
      {shown.map(row => (
        <Row key={row.name} row={row} trans={trans} />
      ))}
    </tbody>
  );
}

function Row(props: {
  row: ComparedRow | ComparedTask;
  trans: TranslationBundle;
}): JSX.Element {
  const { row, trans } = props;
  return (
    <tr data-differs={row.differs || undefined}>
      <th scope="row" title={row.differs ? trans.__('differs') : undefined}>
        {row.differs && <span aria-label={trans.__('differs')}>≠ </span>}
        {row.name}
      </th>
      {row.values.map((value, i) => (
        <td key={i}>
          <Cell value={value} trans={trans} />
        </td>
      ))}
    </tr>
  );
}

function Cell(props: {
  value: unknown;
  trans: TranslationBundle;
}): JSX.Element {
  const { value, trans } = props;
  if (value === null || value === undefined) {
    return <span className="claimed-quiet">–</span>;
  }
  if (isOutcome(value)) {
    return <Outcome value={value} trans={trans} />;
  }
  const full = typeof value === 'string' ? value : JSON.stringify(value);
  return <span title={full}>{valueText(value)}</span>;
}

function isOutcome(value: unknown): value is TaskOutcome {
  return typeof value === 'object' && 'state' in value! && 'component' in value;
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
