import * as React from 'react';
import { NodeLink } from './connections';
import { IGroup } from './graph/grouping';
import { IShellProps } from './props';

/** What is drawn as one: its nodes. */
export function GroupPanel(
  props: IShellProps & { group: IGroup }
): JSX.Element {
  const { model, group, trans } = props;
  const { members, label, id } = group;
  const newestFirst = [...members].sort((a, b) => b.created - a.created);
  return (
    <>
      <p className="claimed-Lineage-kind">
        {trans.__('A group of %1', members.length)}
      </p>
      <h2>{label}</h2>
      <div className="claimed-Lineage-buttons">
        <button
          className="jp-Button jp-mod-styled"
          onClick={() => model.graph.toggleGroup(id)}
        >
          {model.graph.isOpen(id)
            ? trans.__('Close the group')
            : trans.__('Open the group')}
        </button>
      </div>
      <ul className="claimed-Lineage-links">
        {newestFirst.slice(0, 200).map(node => (
          <li key={node.id}>
            <NodeLink
              name=""
              node={node}
              onClick={() => void model.select(node.id)}
              trans={trans}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
