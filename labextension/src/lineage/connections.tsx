import { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { ILineageNode, INamedNode } from '../api/lineage';
import { NodeShape } from './cells';
import { IDetailProps } from './detailprops';
import { agoText, typeWord, whereText } from './words';

/** How many links a list begins with. */
const FEW = 6;

/** What a node was made from, what was made of it, and where the same is. */
export function Connections(props: IDetailProps): JSX.Element {
  const { detail, trans } = props;
  const isArtifact = detail.node.kind === 'artifact';
  const named = (nodes: ILineageNode[]): INamedNode[] =>
    nodes.map(node => ({ name: '', node }));
  return (
    <>
      <Links
        {...props}
        title={isArtifact ? trans.__('Made by') : trans.__('Inputs')}
        links={detail.inputs}
      />
      <Links
        {...props}
        title={isArtifact ? trans.__('Used by') : trans.__('Outputs')}
        links={detail.products}
      />
      <Links
        {...props}
        title={trans.__('Same content elsewhere')}
        links={named(detail.same)}
      />
    </>
  );
}

function Links(
  props: IDetailProps & { title: string; links: INamedNode[] }
): JSX.Element | null {
  const { title, links, model, trans } = props;
  const [isWhole, setWhole] = React.useState(false);
  const shown = isWhole ? links : links.slice(0, FEW);
  return links.length === 0 ? null : (
    <section>
      <h3>{title}</h3>
      <ul className="claimed-Lineage-links">
        {shown.map(({ name, node }, index) => (
          <li key={index}>
            <NodeLink
              name={name ?? ''}
              node={node}
              onClick={() => void model.select(node.id)}
              trans={trans}
            />
          </li>
        ))}
      </ul>
      {shown.length < links.length && (
        <button className="claimed-Link" onClick={() => setWhole(true)}>
          {trans.__('Show all %1', links.length)}
        </button>
      )}
    </section>
  );
}

/** A node in a line, to be gone to. */
export function NodeLink(props: {
  name: string;
  node: ILineageNode;
  onClick: () => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { name, node, onClick, trans } = props;
  const where = whereText(node);
  return (
    <>
      <NodeShape node={node} />
      <button
        className="claimed-Link"
        title={[typeWord(node, trans), where, node.id].join('\n')}
        onClick={onClick}
      >
        {node.name}
      </button>{' '}
      <span className="claimed-quiet">
        {[
          name && name !== node.name ? trans.__('as %1', name) : where,
          // It stays on one line: blanks that do not break.
          agoText(node.created).replace(/ /g, '\u00a0')
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </>
  );
}
