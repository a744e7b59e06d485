import { TranslationBundle } from '@jupyterlab/translation';
import {
  Background,
  BackgroundVariant,
  Controls,
  MiniMap,
  Panel,
  ReactFlow,
  ReactFlowProps,
  ReactFlowProvider,
  SelectionMode
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import * as React from 'react';
import { Chooser } from '../drawing/chooser';
import { Drawing } from '../drawing/drawing';
import { askComponent } from '../drawing/questions';
import { DrawingBar } from './bar';
import { GroupBox, NoteBox } from './boxes';
import { TaskCard } from './card';
import { Hints, useConnecting } from './connecting';
import { FirstScreen, IFirstScreenProps } from './firstscreen';
import { IGraph } from './graph';
import { Legend } from './legend';
import { EditorModel } from './model';
import { FlowNode, takeSelection, useGroups, useNodes } from './nodes';
import { Others } from './others';
import { IStage, StageProvider, useAsker, useStage } from './stage';
import { FIT, IFit, IFlowView, useFit, viewOf } from './view';
import { Wire, WireEdge, useWires } from './wires';

/** From how many tasks on a map of the graph is shown. */
const MINIMAP_FROM = 24;

const NODE_TYPES = {
  task: React.memo(TaskCard),
  note: React.memo(NoteBox),
  frame: React.memo(GroupBox)
};
const EDGE_TYPES = { wire: React.memo(Wire) };

export interface IFlowProps extends Omit<IStage, 'drawing'>, IFirstScreenProps {
  graph: IGraph;
  /** Whether JupyterLab's theme is a dark one. */
  dark: boolean;
  /** Called when the canvas is there. */
  onReady: (view: IFlowView) => void;
}

/** The graph of a pipeline, drawn by React Flow; loaded when first needed. */
export default function Flow(props: IFlowProps): JSX.Element {
  const { model, commands, components, trans } = props;
  const drawing = Drawing.of(model);
  const stage = React.useMemo(
    () => ({ model, drawing, commands, components, trans }),
    [model, drawing, commands, components, trans]
  );
  React.useEffect(() => void components(), [components]); // soon asked for
  return (
    <StageProvider value={stage}>
      <ReactFlowProvider>
        <Strip graph={props.graph} trans={trans} />
        <Surface {...props} />
      </ReactFlowProvider>
    </StageProvider>
  );
}

function Surface(props: IFlowProps): JSX.Element {
  const { model, graph, trans, dark } = props;
  const stage = useStage();
  const fit = useFit();
  const groups = useGroups(graph, stage);
  const [nodes, onNodesChange] = useNodes(graph, groups, stage);
  const edges = useWires(graph, groups, model);
  const connecting = useConnecting(stage, fit.element);
  const [far, setFar] = React.useState(false);
  return (
    <ReactFlow<FlowNode, WireEdge>
      ref={fit.element}
      className={far ? 'claimed-mod-far' : undefined}
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      onEdgesChange={changes => takeSelection(model, changes)}
      onInit={flow => props.onReady(viewOf(flow, fit))}
      onMove={event => event && fit.release()}
      onViewportChange={({ zoom }) => setFar(zoom < FAR)}
      onPaneClick={() => model.select(null)}
      {...menus(model)}
      onDoubleClick={event => void askHere(event, stage, fit)}
      nodesDraggable={!model.readOnly}
      nodesConnectable={!model.readOnly}
      colorMode={dark ? 'dark' : 'light'}
      aria-label={trans.__('Pipeline')}
      {...connecting}
      {...SETTINGS}
    >
      <Aids graph={graph} trans={trans} fit={fit} />
      <OthersHere graph={graph} />
      {graph.cards.length === 0 && nodes.length === 0 && (
        <FirstScreen {...props} />
      )}
    </ReactFlow>
  );
}

/** Above the graph: what can be done to it, and what its colours mean. */
function Strip(props: {
  graph: IGraph;
  trans: TranslationBundle;
}): JSX.Element {
  const { graph, trans } = props;
  return (
    <div className="claimed-Strip">
      <DrawingBar isEmpty={graph.cards.length === 0} />
      <Legend types={graph.types} trans={trans} />
    </div>
  );
}

/** What helps to read a graph, and what it says. */
const Aids = React.memo(function Aids(props: {
  graph: IGraph;
  trans: TranslationBundle;
  fit: IFit;
}): JSX.Element {
  const { graph, trans, fit } = props;
  const asker = useAsker();
  const { question } = asker;
  return (
    <>
      <Background variant={BackgroundVariant.Dots} gap={20} />
      <Controls
        showInteractive={false}
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
      <Panel position="bottom-center">
        <Hints />
      </Panel>
      {question && (
        <Chooser
          key={question.heading}
          asker={asker}
          question={question}
          trans={trans}
        />
      )}
    </>
  );
});

const OthersHere = React.memo(Others);

/** Below this zoom a card shows its title alone, in large letters. */
const FAR = 0.62;

/** How far apart the places are that things snap to, in pixels. */
const SNAP = 10;

/** What is the same for every pipeline. */
const SETTINGS: Partial<ReactFlowProps<FlowNode, WireEdge>> = {
  nodeTypes: NODE_TYPES,
  edgeTypes: EDGE_TYPES,
  deleteKeyCode: null,
  selectionMode: SelectionMode.Partial,
  multiSelectionKeyCode: ['Meta', 'Control', 'Shift'],
  selectNodesOnDrag: false, // it would open the panel under the pointer
  snapToGrid: true,
  snapGrid: [SNAP, SNAP],
  connectionRadius: 28,
  elevateEdgesOnSelect: true,
  zoomOnDoubleClick: false, // it adds a task
  minZoom: 0.1,
  fitView: true,
  fitViewOptions: FIT,
  proOptions: { hideAttribution: true }
};

/** The context menu is of what it is opened on, or of all that is selected. */
function menus(
  model: EditorModel
): Pick<
  ReactFlowProps<FlowNode, WireEdge>,
  'onNodeContextMenu' | 'onEdgeContextMenu'
> {
  const choose = (_: unknown, { id }: { id: string }) =>
    model.selection.has(id) || model.select(id);
  return { onNodeContextMenu: choose, onEdgeContextMenu: choose };
}

/** A double click on the empty canvas asks for a task to put there. */
async function askHere(
  event: React.MouseEvent,
  stage: IStage,
  { flow }: IFit
): Promise<void> {
  const isPane = (event.target as Element).closest('.react-flow__pane');
  if (isPane && flow.current && !stage.model.readOnly) {
    const screen = { x: event.clientX, y: event.clientY };
    const { x, y } = flow.current.screenToFlowPosition(screen);
    await askComponent(stage, { screen, canvas: [x, y] });
  }
}
