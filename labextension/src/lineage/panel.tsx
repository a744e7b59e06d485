import { ellipsesIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { ILineageNode, INodeDetail } from '../api/lineage';
import { Hint, RetryHint } from '../hint';
import { NodeShape, NodeState } from './cells';
import { IDetailProps } from './detailprops';
import { Buttons } from './buttons';
import { Connections } from './connections';
import { NodeFacts } from './facts';
import { GroupPanel } from './group';
import { Metrics, Values } from './metrics';
import { openMenuBelow } from './menu';
import { nodeEntries } from './nodemenu';
import { Note } from './note';
import { Preview } from './preview';
import { IShellProps } from './props';
import { useSignal } from './signals';
import { Staleness } from './staleness';
import { Tags } from './tags';
import { typeWord } from './words';

/** All there is to know of the node that is selected. */
export function NodePanel(props: IShellProps): JSX.Element {
  const { model, trans } = props;
  const { detail: reader } = model;
  useSignal(reader.changed);
  useSignal(model.changed);
  useSignal(model.graph.selectedChanged);
  const { selected } = model.graph;
  const group = selected ? model.graph.group(selected) : undefined;
  if (reader.id === null) {
    return group ? (
      <GroupPanel {...props} group={group} />
    ) : (
      <Hint
        text={trans.__(
          'Select something in the graph or the table to see what it is and where it came from.'
        )}
      />
    );
  }
  if (reader.detail) {
    return <Detail key={reader.id} {...props} detail={reader.detail} />;
  }
  return reader.status === 'error' ? (
    <RetryHint
      text={reader.error}
      retry={() => reader.load(reader.id)}
      trans={trans}
    />
  ) : (
    <Hint text={trans.__('Reading…')} busy />
  );
}

function Detail(props: IShellProps & { detail: INodeDetail }): JSX.Element {
  const { model, detail, trans } = props;
  const isArtifact = detail.node.kind === 'artifact';
  return (
    <>
      <Head {...props} />
      <Staleness {...props} />
      {detail.error && (
        <p className="claimed-Lineage-error" role="alert">
          {detail.error}
        </p>
      )}
      <Buttons {...props} />
      <Tags {...props} />
      {model.detail.problem && (
        <p className="claimed-Field-problem" role="alert">
          {model.detail.problem}
        </p>
      )}
      <Metrics {...props} />
      <Values title={trans.__('Results')} values={detail.outputs} />
      <Connections {...props} />
      {isArtifact && <Preview key={detail.node.id} {...props} />}
      <Values title={trans.__('Parameters')} values={detail.parameters} />
      <NodeFacts {...props} />
      <Note {...props} />
      <Values
        title={trans.__('Other properties')}
        values={detail.properties}
        closed
      />
    </>
  );
}

function Head(props: IDetailProps): JSX.Element {
  const { detail, trans } = props;
  const { node } = detail;
  const more = trans.__('More to do with this');
  return (
    <header className="claimed-Lineage-panelHead">
      <div>
        <p className="claimed-Lineage-kind">
          <NodeShape node={node} />
          {typeWord(node, trans)}
          {isWorthTelling(node) && (
            <NodeState state={node.state} trans={trans} />
          )}
        </p>
        <h2>{node.name}</h2>
      </div>
      <button
        className="jp-Button jp-mod-minimal"
        title={more}
        aria-label={more}
        aria-haspopup="menu"
        onClick={event =>
          openMenuBelow(nodeEntries(props, node), event.currentTarget)
        }
      >
        <ellipsesIcon.react tag="span" width="16px" />
      </button>
    </header>
  );
}

/** Artifacts are there, as a rule. */
function isWorthTelling({ state }: ILineageNode): boolean {
  return state !== null && state !== 'LIVE';
}
