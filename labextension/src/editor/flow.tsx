import { TranslationBundle } from '@jupyterlab/translation';
import {
  Background,
  BackgroundVariant,
  Controls,
  Edge,
  MiniMap,
  OnNodesChange,
  Panel,
  ReactFlow,
  ReactFlowInstance,
  applyNodeChanges
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import * as React from 'react';
import { TaskCard, TaskNode } from './card';
import { Position } from './document';
import { IGraph } from './graph';
import { Legend } from './legend';
import { EditorModel } from './model';

/** From how many tasks on a map of the graph is shown. */
const MINIMAP_FROM = 24;

const NODE_TYPES = { task: TaskCard };

export interface IFlowProps {
  model: EditorModel;
  graph: IGraph;
  /** Whether JupyterLab's theme is a dark one. */
  dark: boolean;
  trans: TranslationBundle;
  /** Called with what fits the graph into view. */
  onReady: (fit: () => void) => void;
}

/** The graph of a pipeline, drawn by React Flow; loaded when first needed. */
export default function Flow(props: IFlowProps): JSX.Element {
  const { model, graph, trans, dark } = props;
  const [nodes, setNodes] = useNodes(props);
  const selected = model.selected?.name;
  const edges = React.useMemo(
    () => toEdges(graph, selected),
    [graph, selected]
  );
  const onNodesChange: OnNodesChange<TaskNode> = changes => {
    setNodes(current => applyNodeChanges(changes, current));
    const moved = new Map<string, Position>();
    for (const change of changes) {
      if (change.type === 'position' && change.dragging === false) {
        const { x, y } = change.position!;
        moved.set(change.id, [x, y]);
      } else if (change.type === 'select' && change.selected) {
        model.select(change.id);
      }
    }
    if (moved.size) {
      model.place(moved);
    }
  };
  const [far, setFar] = React.useState(false);
  const fit = useFit();
  return (
    <ReactFlow<TaskNode>
      ref={fit.element}
      className={far ? 'claimed-mod-far' : undefined}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      onNodesChange={onNodesChange}
      onInit={flow => props.onReady(fit.start(flow))}
      onMove={event => event && fit.release()}
      onViewportChange={({ zoom }) => setFar(zoom < FAR)}
      onPaneClick={() => model.select(null)}
      nodesDraggable={!model.readOnly}
      nodesConnectable={false}
      deleteKeyCode={null}
      selectNodesOnDrag={false} // it would open the panel under the pointer
      colorMode={dark ? 'dark' : 'light'}
      minZoom={0.1}
      fitView
      fitViewOptions={FIT}
      proOptions={{ hideAttribution: true }}
      aria-label={trans.__('Pipeline')}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} />
      <Controls
        showInteractive={false}
        position="bottom-left"
        onZoomIn={fit.release}
        onZoomOut={fit.release}
        onFitView={fit.hold}
      />
      {graph.cards.length >= MINIMAP_FROM && (
        <MiniMap
          pannable
          zoomable
          ariaLabel={trans.__('Map of the pipeline')}
        />
      )}
      <Panel position="top-left">
        <Legend types={graph.types} trans={trans} />
      </Panel>
    </ReactFlow>
  );
}

/** Below this zoom a card shows its title alone, in large letters. */
const FAR = 0.62;

const FIT = { padding: 0.08, maxZoom: 1 };

/**
 * Keeps the whole graph in view, through changes of the canvas's size, until
 * the user moves it.
 */
function useFit(): {
  element: React.RefObject<HTMLDivElement>;
  start: (flow: ReactFlowInstance<TaskNode>) => () => void;
  /** Keeps the graph fitted from now on. */
  hold: () => void;
  /** Leaves it as the user put it. */
  release: () => void;
} {
  const element = React.useRef<HTMLDivElement>(null);
  const flow = React.useRef<ReactFlowInstance<TaskNode> | null>(null);
  const isFitted = React.useRef(true);
  const fit = () => {
    isFitted.current = true;
    void flow.current?.fitView(FIT);
  };
  React.useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (isFitted.current && element.current?.clientWidth) {
        void flow.current?.fitView(FIT);
      }
    });
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return {
    element,
    start: instance => {
      flow.current = instance;
      return fit;
    },
    hold: () => {
      isFitted.current = true;
    },
    release: () => {
      isFitted.current = false;
    }
  };
}

/**
 * The nodes as React Flow keeps them: what the model draws, plus what only
 * the canvas knows (measured sizes, a card that is being dragged).
 */
function useNodes({
  graph,
  model,
  trans
}: IFlowProps): [TaskNode[], React.Dispatch<React.SetStateAction<TaskNode[]>>] {
  const selected = model.selected?.name;
  const [nodes, setNodes] = React.useState<TaskNode[]>([]);
  React.useLayoutEffect(() => {
    setNodes(current => {
      const known = new Map(current.map(node => [node.id, node]));
      return graph.cards.map(card => {
        const old: Partial<TaskNode> = known.get(card.task.name) ?? {};
        const [x, y] = card.position;
        return {
          ...old,
          id: card.task.name,
          type: 'task' as const,
          position: old.dragging && old.position ? old.position : { x, y },
          initialWidth: card.width,
          initialHeight: card.height,
          selected: card.task.name === selected,
          ariaLabel: card.task.title,
          data: {
            card,
            since: model.runs.since(model.run?.run_id ?? '', card.task.name),
            trans
          }
        };
      });
    });
  }, [graph, model, selected, trans]);
  return [nodes, setNodes];
}

/** The wires; those of the selected task lie above the cards. */
function toEdges(graph: IGraph, selected: string | undefined): Edge[] {
  const running = new Set(
    graph.cards.flatMap(({ task, run }) =>
      run?.state === 'RUNNING' ? [task.name] : []
    )
  );
  return graph.edges.map(edge => {
    const near = selected === edge.source || selected === edge.target;
    return {
      id: `${edge.source}.${edge.output}-${edge.target}.${edge.input}`,
      source: edge.source,
      sourceHandle: `out:${edge.output}`,
      target: edge.target,
      targetHandle: `in:${edge.input}`,
      animated: running.has(edge.target),
      zIndex: near ? 1 : 0,
      className: `claimed-Edge claimed-mod-${edge.kind}${near ? ' claimed-mod-near' : ''}`,
      domAttributes: { 'data-type': edge.type } as Edge['domAttributes'],
      ariaLabel: `${edge.output} of ${edge.source} to ${edge.input} of ${edge.target}`
    };
  });
}
