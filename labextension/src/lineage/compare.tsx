import { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { ILineageNode, INodeComparison } from '../api/lineage';
import { CodeChanges } from '../runs/codechanges';
import { ComparedText, IComparedSection, SideBySide } from '../runs/sidebyside';
import { NodeState } from './cells';
import { plainText, timeText, typeWord } from './words';

interface ICompareOptions {
  comparison: INodeComparison;
  /** Opens the lineage of a node. */
  open: (id: string) => void;
  trans: TranslationBundle;
}

/** Nodes side by side: what differs first. */
export class CompareView extends ReactWidget {
  constructor(private readonly _options: ICompareOptions) {
    super();
    this.addClass('claimed-Comparison');
    this.node.tabIndex = -1;
  }

  protected override render(): JSX.Element {
    const { comparison, trans } = this._options;
    return (
      <SideBySide
        heads={comparison.nodes.map(node => (
          <NodeHead key={node.id} {...this._options} node={node} />
        ))}
        sections={comparison.sections.map(section => sectionOf(section, trans))}
        cell={value => <ComparedText value={value} text={plainText(value)} />}
        trans={trans}
      />
    );
  }
}

function NodeHead(
  props: ICompareOptions & { node: ILineageNode }
): JSX.Element {
  const { node, open, trans } = props;
  return (
    <>
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
    </>
  );
}

/** The rows of a section, and below them what changed in the code. */
function sectionOf(
  section: INodeComparison['sections'][number],
  trans: TranslationBundle
): IComparedSection {
  const { title, rows, diff, note } = section;
  const below = (diff.length > 0 || note !== null) && (
    <CodeChanges problem={note} changes={diff} trans={trans} />
  );
  return { title, rows, below };
}
