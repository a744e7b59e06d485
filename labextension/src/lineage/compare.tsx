import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { ILineageNode, INodeComparison } from '../api/lineage';
import { CodeChanges } from '../runs/codechanges';
import { NodeState } from './cells';
import { plainText, timeText, typeWord } from './words';

interface ICompareOptions {
  comparison: INodeComparison;
  /** Opens the lineage of a node. */
  open: (id: string) => void;
  trans: TranslationBundle;
}

type Section = INodeComparison['sections'][number];
type Row = Section['rows'][number];

/** Nodes side by side: what differs first. */
export class CompareView extends ReactWidget {
  constructor(private readonly _options: ICompareOptions) {
    super();
    this.addClass('claimed-Comparison');
    this.addClass('claimed-LineageComparison');
    this.node.tabIndex = -1;
  }

  protected override render(): JSX.Element {
    return <Compared {...this._options} />;
  }
}

function Compared(props: ICompareOptions): JSX.Element {
  const { comparison, trans } = props;
  const { nodes, sections } = comparison;
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
            {nodes.map(node => (
              <NodeHead key={node.id} {...props} node={node} />
            ))}
          </tr>
        </thead>
        {sections.map(section => (
          <SectionRows
            key={section.title}
            section={section}
            columns={nodes.length}
            onlyDifferences={onlyDifferences}
            trans={trans}
          />
        ))}
      </table>
    </>
  );
}

function NodeHead(
  props: ICompareOptions & { node: ILineageNode }
): JSX.Element {
  const { node, open, trans } = props;
  return (
    <th scope="col">
      <button
        className="claimed-Link"
        title={trans.__('Show where it came from')}
        onClick={() => open(node.id)}
      >
        {node.name}
      </button>
      <span className="claimed-quiet">
        {[typeWord(node, trans), node.id].join(' · ')}
      </span>
      {node.state !== 'LIVE' && <NodeState state={node.state} trans={trans} />}
      <span className="claimed-quiet">{timeText(node.created)}</span>
    </th>
  );
}

/** The rows of a section, those that differ before the others. */
export function orderedRows(rows: Row[], onlyDifferences: boolean): Row[] {
  const differing = rows.filter(({ differs }) => differs);
  return onlyDifferences
    ? differing
    : [...differing, ...rows.filter(({ differs }) => !differs)];
}

function SectionRows(props: {
  section: Section;
  columns: number;
  onlyDifferences: boolean;
  trans: TranslationBundle;
}): JSX.Element | null {
  const { section, columns, onlyDifferences, trans } = props;
  const { title, rows, diff, note } = section;
  const shown = orderedRows(rows, onlyDifferences);
  const isSaid = diff.length > 0 || note !== null;
  if (rows.length === 0 && !isSaid) {
    return null;
  }
  return (
    <tbody>
      <tr className="claimed-Comparison-title">
        <th colSpan={columns + 1} scope="rowgroup">
          {title}
        </th>
      </tr>
      {shown.length === 0 && rows.length > 0 && (
        <tr>
          <td colSpan={columns + 1} className="claimed-quiet">
            {trans._n('%1 row, the same', '%1 rows, all the same', rows.length)}
          </td>
        </tr>
      )}
      {shown.map((row, index) => (
        <ComparedRow key={index} row={row} trans={trans} />
      ))}
      {isSaid && (
        <tr>
          <td colSpan={columns + 1}>
            <CodeChanges problem={note} changes={diff} trans={trans} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

function ComparedRow(props: {
  row: Row;
  trans: TranslationBundle;
}): JSX.Element {
  const { row, trans } = props;
  return (
    <tr data-differs={row.differs || undefined}>
      <th scope="row">
        {row.differs && <span aria-label={trans.__('differs')}>≠ </span>}
        {row.name}
      </th>
      {row.values.map((value, index) => (
        <td
          key={index}
          title={typeof value === 'string' ? value : JSON.stringify(value)}
        >
          {value === null || value === undefined ? (
            <span className="claimed-quiet">–</span>
          ) : (
            plainText(value)
          )}
        </td>
      ))}
    </tr>
  );
}
