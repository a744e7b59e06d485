import {
  Connection,
  ConnectionState,
  FinalConnectionState,
  OnConnectEnd,
  OnConnectStart,
  OnReconnect,
  useConnection,
  useReactFlow
} from '@xyflow/react';
import * as React from 'react';
import { ISpot, askPartner, joinTask, sayRefusal } from '../drawing/questions';
import { IEnd, IWire, partners, refusal, wireOf } from '../drawing/wiring';
import { refusalText } from '../drawing/words';
import { HIDDEN_INPUTS, IStage, endOf, useAsker, useStage } from './stage';
import { WireEdge } from './wires';

interface IConnecting {
  isValidConnection: (connection: Connection | WireEdge) => boolean;
  onConnectStart: OnConnectStart;
  onConnect: (connection: Connection) => void;
  onConnectEnd: OnConnectEnd;
  onReconnect: OnReconnect<WireEdge>;
}

/** What happens while a wire is drawn, and when it is let go. */
export function useConnecting(
  stage: IStage,
  root: React.RefObject<HTMLElement>
): IConnecting {
  const flow = useReactFlow();
  const fits = React.useRef<ReadonlySet<string>>(new Set());
  return {
    isValidConnection: connection =>
      endsOf(connection).some(end => end && fits.current.has(keyOf(end))),
    onConnectStart: (_, { nodeId, handleId }) => {
      const end = endOf(nodeId, handleId);
      fits.current = end ? fitting(stage, end) : new Set();
      light(root.current, fits.current, end);
      stage.drawing.asker.say('');
    },
    onConnect: connection => connect(stage, connection),
    onConnectEnd: (event, state) => {
      unlight(root.current);
      const end = endOf(state.fromNode?.id, state.fromHandle?.id);
      const other = endOf(state.toNode?.id, state.toHandle?.id);
      if (end && other && !state.isValid) {
        sayRefusal(stage, end, other);
      } else if (end && !state.isValid) {
        letGo(stage, end, event.target as Element, spotOf(event, flow));
      }
    },
    onReconnect: (edge, connection) => {
      const wire = wireBetween(connection);
      const { description } = stage.model;
      if (wire && description && !refusal(description, wire)) {
        stage.drawing.reconnect(edge.data!.wire, wire);
      }
    }
  };
}

/** How far below its top a new card has its first port, in pixels. */
const HEAD = 60;

function spotOf(
  event: MouseEvent | TouchEvent,
  flow: ReturnType<typeof useReactFlow>
): ISpot {
  const point = 'changedTouches' in event ? event.changedTouches[0] : event;
  const screen = { x: point.clientX, y: point.clientY };
  const { x, y } = flow.screenToFlowPosition(screen);
  return { screen, canvas: [x, y - HEAD] };
}

function endsOf(connection: Connection | WireEdge): (IEnd | null)[] {
  const { source, sourceHandle, target, targetHandle } = connection;
  return [endOf(source, sourceHandle), endOf(target, targetHandle)];
}

function wireBetween(connection: Connection): IWire | null {
  const [from, to] = endsOf(connection);
  return from && to && wireOf(from, to);
}

function connect(stage: IStage, connection: Connection): void {
  const [from, to] = endsOf(connection);
  const wire = wireBetween(connection);
  if (from && to?.port === HIDDEN_INPUTS) {
    joinTask(stage, from, to.task);
  } else if (wire) {
    stage.drawing.connect(wire);
  }
}

/** A wire that was let go over a card, or over the empty canvas. */
function letGo(stage: IStage, end: IEnd, over: Element, spot: ISpot): void {
  const task = over.closest?.('.claimed-Card')?.getAttribute('data-task');
  if (task && task !== end.task) {
    joinTask(stage, end, task, spot.screen);
  } else if (!task && over.closest?.('.react-flow__pane')) {
    void askPartner(stage, end, spot);
  }
}

/** The ends that fit, also the hidden ones of a card together. */
function fitting({ model }: IStage, end: IEnd): Set<string> {
  const { description, graph } = model;
  const found = new Set(
    description ? partners(description, end).map(keyOf) : []
  );
  if (end.side === 'out') {
    for (const { task, settings } of graph?.cards ?? []) {
      const isSome = settings.some(({ name }) =>
        found.has(keyOf({ task: task.name, side: 'in', port: name }))
      );
      if (isSome) {
        found.add(keyOf({ task: task.name, side: 'in', port: HIDDEN_INPUTS }));
      }
    }
  }
  return found;
}

function keyOf({ task, side, port }: IEnd): string {
  return `${task}|${side}:${port}`;
}

/** Lights up the ports that fit; the cards need not be drawn again for it. */
function light(
  root: HTMLElement | null,
  fits: ReadonlySet<string>,
  from: IEnd | null
): void {
  root?.classList.add('claimed-mod-connecting');
  root?.querySelectorAll<HTMLElement>('.react-flow__handle').forEach(handle => {
    const end = endOf(handle.dataset.nodeid, handle.dataset.handleid);
    const isFrom = end && from && keyOf(end) === keyOf(from);
    handle.parentElement!.dataset.fits = isFrom
      ? 'from'
      : end && fits.has(keyOf(end))
        ? 'yes'
        : 'no';
  });
}

function unlight(root: HTMLElement | null): void {
  root?.classList.remove('claimed-mod-connecting');
  root?.querySelectorAll<HTMLElement>('[data-fits]').forEach(port => {
    delete port.dataset.fits;
  });
}

/** What a wire that is being drawn would do, and what the canvas says. */
export function Hints(): JSX.Element | null {
  const asker = useAsker();
  const drawn = useConnection(drawnWire);
  const { notice } = asker;
  React.useEffect(() => {
    const timer = notice ? setTimeout(() => asker.say(''), 8000) : 0;
    return () => clearTimeout(timer);
  }, [asker, notice]);
  if (!drawn) {
    return notice ? (
      <div className="claimed-Hints" role="alert" data-wrong="true">
        {notice}
      </div>
    ) : null;
  }
  return <Drawn drawn={drawn} />;
}

function Drawn({ drawn }: { drawn: string }): JSX.Element {
  const { model, trans } = useStage();
  const { description } = model;
  const [from, to] = drawn.split('\n').map(text => {
    const [task, handle] = text.split('|');
    return endOf(task, handle);
  });
  const why =
    from && to && description && to.port !== HIDDEN_INPUTS
      ? refusal(description, wireOf(from, to))
      : null;
  const text = why
    ? refusalText(why, trans)
    : to
      ? trans.__('Let go to connect %1 and %2.', nameOf(from), nameOf(to))
      : trans.__(
          'What glows fits %1. Let go over the empty canvas to add a task that does.',
          nameOf(from)
        );
  return (
    <div
      className="claimed-Hints"
      role="status"
      data-wrong={!!why || undefined}
    >
      {text}
    </div>
  );
}

/** Both ends of the wire being drawn, as text that stays equal while they do. */
function drawnWire(state: ConnectionState): string | null {
  if (!state.inProgress) {
    return null;
  }
  const { fromNode, fromHandle, toNode, toHandle } =
    state as unknown as FinalConnectionState;
  const to = toHandle ? `${toNode?.id}|${toHandle.id}` : '';
  return `${fromNode?.id}|${fromHandle?.id}\n${to}`;
}

function nameOf(end: IEnd | null): string {
  return end ? `${end.task}.${end.port}` : '';
}
