import { TranslationBundle } from '@jupyterlab/translation';
import {
  Background,
  BackgroundVariant,
  Controls,
  Edge,
  MiniMap,
  NodeChange,
  OnNodesChange,
  Panel,
  ReactFlow,
  ReactFlowInstance,
  ReactFlowProps,
  applyNodeChanges
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import * as React from 'react';
import { TaskCard, TaskNode } from './card';
import { Position } from './document';
import { ICard, IGraph } from './graph';
import { Legend } from './legend';
import { EditorModel } from './model';

/** From how many tasks on a map of the graph is shown. */
const MINIMAP_FROM = 24;

const NODE_TYPES = { task: React.memo(TaskCard) };

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
  const [nodes, onNodesChange] = useNodes(props);
  const selected = model.selected?.name;
  const edges = React.useMemo(
    () => toEdges(graph, selected),
    [graph, selected]
  );
  const [far, setFar] = React.useState(false);
  const fit = useFit();
  return (
    <ReactFlow<TaskNode>
      ref={fit.element}
      className={far ? 'claimed-mod-far' : undefined}
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      onInit={flow => props.onReady(fit.start(flow))}
      onMove={event => event && fit.release()}
      onViewportChange={({ zoom }) => setFar(zoom < FAR)}
      onPaneClick={() => model.select(null)}
      nodesDraggable={!model.readOnly}
      colorMode={dark ? 'dark' : 'light'}
      aria-label={trans.__('Pipeline')}
      {...SETTINGS}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} />
      <Controls
        showInteractive={false}
        onZoomIn={fit.release}
        onZoomOut={fit.release}
        onFitView={fit.hold}
      />
      <Aids graph={graph} trans={trans} />
    </ReactFlow>
  );
}

/** What helps to read a graph: the legend, and a map of a large one. */
function Aids(props: Pick<IFlowProps, 'graph' | 'trans'>): JSX.Element {
  const { graph, trans } = props;
  return (
    <>
      {graph.cards.length >= MINIMAP_FROM && (
        <MiniMap pannable ariaLabel={trans.__('Map of the pipeline')} />
      )}
      <Panel position="top-left">
        <Legend types={graph.types} trans={trans} />
      </Panel>
    </>
  );
}

/** Below this zoom a card shows its title alone, in large letters. */
const FAR = 0.62;

const FIT = { padding: 0.08, maxZoom: 1 };

/** What is the same for every pipeline. */
const SETTINGS: Partial<ReactFlowProps<TaskNode>> = {
  nodeTypes: NODE_TYPES,
  nodesConnectable: false,
  deleteKeyCode: null,
  selectNodesOnDrag: false, // it would open the panel under the pointer
  minZoom: 0.1,
  fitView: true,
  fitViewOptions: FIT,
  proOptions: { hideAttribution: true }
};

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
 * the canvas knows (measured sizes, a card that is being dragged); and what
 * to do when the user moves or selects some.
 */
function useNodes({
  graph,
  model,
  trans
}: IFlowProps): [TaskNode[], OnNodesChange<TaskNode>] {
  const selected = model.selected?.name;
  const [nodes, setNodes] = React.useState<TaskNode[]>([]);
  React.useLayoutEffect(() => {
    const run = model.run?.run_id ?? '';
    setNodes(current => {
      const known = new Map(current.map(node => [node.id, node]));
      return graph.cards.map(card => {
        const { name } = card.task;
        const old = known.get(name);
        const isSelected = name === selected;
        if (old?.data.card === card && old.selected === isSelected) {
          return old; // nothing to draw again
        }
        const data = { card, since: model.runs.since(run, name), trans };
        return { ...toNode(card, old), selected: isSelected, data };
      });
    });
  }, [graph, model, selected, trans]);
  const onNodesChange: OnNodesChange<TaskNode> = changes => {
    setNodes(current => applyNodeChanges(changes, current));
    const chosen = selectedBy(changes, model.selected?.name ?? null);
    if (chosen !== undefined) {
      model.select(chosen);
    }
    const moved = movedBy(changes);
    if (moved.size) {
      model.place(moved);
    }
  };
  return [nodes, onNodesChange];
}

function toNode(card: ICard, old?: TaskNode): Omit<TaskNode, 'data'> {
  const [x, y] = card.position;
  return {
    ...old,
    id: card.task.name,
    type: 'task',
    position: old?.dragging ? old.position : { x, y },
    initialWidth: card.width,
    initialHeight: card.height,
    ariaLabel: card.task.title
  };
}

/** The card that was chosen; null when none is any more, undefined: no change. */
function selectedBy(
  changes: NodeChange<TaskNode>[],
  current: string | null
): string | null | undefined {
  const selects = changes.filter(change => change.type === 'select');
  const chosen = selects.find(change => change.selected);
  const isLeft = selects.some(change => change.id === current);
  return chosen ? chosen.id : isLeft ? null : undefined;
}

/** Where cards were put down, by the pointer or the arrow keys. */
function movedBy(changes: NodeChange<TaskNode>[]): Map<string, Position> {
  const moved = new Map<string, Position>();
  for (const change of changes) {
    if (change.type === 'position' && !change.dragging && change.position) {
      moved.set(change.id, [change.position.x, change.position.y]);
    }
  }
  return moved;
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
