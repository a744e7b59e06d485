import { JSONObject } from '@lumino/coreutils';
import { BaseEdge, Edge, EdgeLabelRenderer, EdgeProps } from '@xyflow/react';
import * as React from 'react';
import { IGroup, IWireLook, wireLook } from '../drawing/things';
import { Position } from './document';
import { IGraph } from './graph';
import { EditorModel } from './model';
import { hiddenTasks } from './nodes';
import { Selection, thingId } from './selection';
import { route } from './route';
import { handleId, useAsker } from './stage';
import { Dots, WireLabel } from './wiretools';

export type WireEdge = Edge<{ wire: string; look: IWireLook }, 'wire'>;

/** The wires; those of selected tasks lie above the cards. */
function wiresOf(
  graph: IGraph,
  groups: IGroup[],
  content: JSONObject,
  selection: Selection
): WireEdge[] {
  const hidden = hiddenTasks(groups);
  const running = new Set(
    graph.cards.flatMap(({ task, run }) =>
      run?.state === 'RUNNING' ? [task.name] : []
    )
  );
  return graph.edges.flatMap(edge => {
    const [from, to] = [hidden.get(edge.source), hidden.get(edge.target)];
    if (from && from === to) {
      return [];
    }
    const wire = `${edge.target}.${edge.input}`;
    const id = thingId('wire', wire);
    const isSelected = selection.has(id);
    const near =
      isSelected || selection.has(edge.source) || selection.has(edge.target);
    return {
      id,
      type: 'wire' as const,
      source: from ? thingId('group', from.id) : edge.source,
      sourceHandle: from ? 'out:*' : handleId('out', edge.output),
      target: to ? thingId('group', to.id) : edge.target,
      targetHandle: to ? 'in:*' : handleId('in', edge.input),
      selected: isSelected,
      reconnectable: isSelected,
      animated: running.has(edge.target),
      zIndex: near ? 1 : 0,
      className: `claimed-Edge claimed-mod-${edge.kind}${near ? ' claimed-mod-near' : ''}`,
      domAttributes: { 'data-type': edge.type } as Edge['domAttributes'],
      ariaLabel: `${edge.output} of ${edge.source} to ${edge.input} of ${edge.target}`,
      data: { wire, look: wireLook(content, edge.target, edge.input) }
    };
  });
}

/** The wires of what is drawn now. */
export function useWires(
  graph: IGraph,
  groups: IGroup[],
  { selection, document }: EditorModel
): WireEdge[] {
  const { content } = document.sharedModel;
  return React.useMemo(
    () => wiresOf(graph, groups, content, selection),
    [graph, groups, content, selection]
  );
}

/** A wire, with its name and, when selected, what can be done to it. */
export function Wire(props: EdgeProps<WireEdge>): JSX.Element {
  const { id, data, selected } = props;
  const [via, setVia] = React.useState<Position[] | null>(null);
  const look = data?.look ?? { label: '', via: [] };
  const points = via ?? look.via;
  const { path, middle } = route(props, points);
  const asker = useAsker();
  const isWriting = asker.writing === id;
  return (
    <>
      <BaseEdge id={id} path={path} interactionWidth={16} />
      {(look.label || selected || isWriting) && data && (
        <EdgeLabelRenderer>
          <WireLabel
            id={id}
            at={middle}
            look={look}
            wire={data.wire}
            tools={!!selected}
          />
        </EdgeLabelRenderer>
      )}
      {selected && data && (
        <EdgeLabelRenderer>
          <Dots
            {...props}
            points={points}
            wire={data.wire}
            look={look}
            onMove={setVia}
          />
        </EdgeLabelRenderer>
      )}
    </>
  );
}
