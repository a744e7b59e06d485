import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Breakable } from '../breakable';

/** One thing that is compared: a value for each column. */
export interface IComparedRow {
  name: string;
  values: readonly unknown[];
  differs: boolean;
}

/** The rows of one kind. */
export interface IComparedSection {
  title: string;
  rows: readonly IComparedRow[];
  /** What is said below the rows, also where all of them are the same. */
  below?: React.ReactNode;
}

interface ITableProps {
  /** The head of each column. */
  heads: readonly React.ReactElement[];
  sections: readonly IComparedSection[];
  /** What a value is, in a cell; nothing where there is none. */
  cell: (value: unknown) => React.ReactNode;
  trans: TranslationBundle;
}

/** Things side by side, a column each: what differs, and on demand the rest. */
export function SideBySide(props: ITableProps): JSX.Element {
  const { heads, sections, trans } = props;
  const [onlyDifferences, setOnly] = React.useState(true);
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
        <thead>
          <tr>
            <td />
            {heads.map(head => (
              <th key={head.key} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        {sections
          .filter(({ rows, below }) => rows.length > 0 || below)
          .map(section => (
            <Section
              key={section.title}
              {...props}
              {...section}
              onlyDifferences={onlyDifferences}
            />
          ))}
      </table>
    </>
  );
}

/** The rows of a section, those that differ before the others. */
export function orderedRows<T extends IComparedRow>(
  rows: readonly T[],
  onlyDifferences: boolean
): T[] {
  const differing = rows.filter(({ differs }) => differs);
  return onlyDifferences
    ? differing
    : [...differing, ...rows.filter(({ differs }) => !differs)];
}

function Section(
  props: ITableProps & IComparedSection & { onlyDifferences: boolean }
): JSX.Element {
  const { title, rows, below, heads, cell, onlyDifferences, trans } = props;
  const shown = orderedRows(rows, onlyDifferences);
  const wide = { colSpan: heads.length + 1 };
  return (
    <tbody>
      <tr className="claimed-Comparison-title">
        <th {...wide} scope="rowgroup">
          <span>{title}</span>
        </th>
      </tr>
      {shown.length === 0 && rows.length > 0 && (
        <tr>
          <td {...wide} className="claimed-quiet">
            {trans._n('%1 row, the same', '%1 rows, all the same', rows.length)}
          </td>
        </tr>
      )}
      {shown.map((row, index) => (
        <Row key={index} row={row} cell={cell} trans={trans} />
      ))}
      {below && (
        <tr>
          <td {...wide}>{below}</td>
        </tr>
      )}
    </tbody>
  );
}

/** What differs is marked, and not by colour alone. */
function Row(
  props: Pick<ITableProps, 'cell' | 'trans'> & { row: IComparedRow }
): JSX.Element {
  const { row, cell, trans } = props;
  const { name, values, differs } = row;
  return (
    <tr data-differs={differs || undefined}>
      <th scope="row" title={differs ? trans.__('differs') : undefined}>
        {/* The sign stays on the line of the name. */}
        {differs && <span aria-label={trans.__('differs')}>≠{'\u00a0'}</span>}
        <Breakable name={name} />
      </th>
      {values.map((value, index) => (
        <td key={index}>
          {value === null || value === undefined ? (
            <span className="claimed-quiet">–</span>
          ) : (
            cell(value)
          )}
        </td>
      ))}
    </tr>
  );
}

/** A value as a line, and in full where one points at it. */
export function ComparedText(props: {
  value: unknown;
  text: string;
}): JSX.Element {
  const { value, text } = props;
  const full = typeof value === 'string' ? value : JSON.stringify(value);
  return <span title={full}>{text}</span>;
}
