import { ReactFlowInstance } from '@xyflow/react';
import * as React from 'react';
import { IView } from '../drawing/drawing';
import { FlowNode } from './nodes';
import { WireEdge } from './wires';

export const FIT = { padding: 0.08, maxZoom: 1 };

/** What the canvas can do for others. */
export interface IFlowView extends IView {
  fit: () => void;
  toCanvas: (clientX: number, clientY: number) => readonly [number, number];
}

type FlowInstance = ReactFlowInstance<FlowNode, WireEdge>;

export function viewOf(flow: FlowInstance, fit: IFit): IFlowView {
  const toCanvas = (clientX: number, clientY: number) => {
    const { x, y } = flow.screenToFlowPosition({ x: clientX, y: clientY });
    return [x, y] as const;
  };
  return {
    fit: fit.start(flow),
    toCanvas,
    center: () => {
      const room = fit.element.current!.getBoundingClientRect();
      return toCanvas(room.left + room.width / 2, room.top + room.height / 2);
    },
    show: tasks => {
      if (tasks.every(task => isSeen(fit.element.current, task))) {
        return;
      }
      fit.release();
      const nodes = tasks.map(id => ({ id }));
      const zoom = Math.max(flow.getZoom(), 0.8);
      void flow.fitView({ nodes, maxZoom: zoom, minZoom: zoom, duration: 200 });
    },
    settle: () => setTimeout(fit.again, SETTLE)
  };
}

/** Whether a card is wholly in view. */
function isSeen(room: HTMLElement | null, task: string): boolean {
  const card = room?.querySelector(
    `.react-flow__node[data-id="${CSS.escape(task)}"]`
  );
  if (!room || !card) {
    return false;
  }
  const [inner, outer] = [card, room].map(box => box.getBoundingClientRect());
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.right <= outer.right &&
    inner.bottom <= outer.bottom
  );
}

/** How long a new card takes until it is there to be fitted, in ms. */
const SETTLE = 60;

export interface IFit {
  element: React.RefObject<HTMLDivElement>;
  flow: React.MutableRefObject<FlowInstance | null>;
  start: (flow: FlowInstance) => () => void;
  /** Fits the graph, if it is to be kept fitted. */
  again: () => void;
  /** Keeps the graph fitted from now on. */
  hold: () => void;
  /** Leaves it as the user put it. */
  release: () => void;
}

/**
 * Keeps the whole graph in view, through changes of the canvas's size, until
 * the user moves it.
 */
export function useFit(): IFit {
  const element = React.useRef<HTMLDivElement>(null);
  const flow = React.useRef<FlowInstance | null>(null);
  const isFitted = React.useRef(true);
  const again = React.useCallback(() => {
    if (isFitted.current && element.current?.clientWidth) {
      void flow.current?.fitView(FIT);
    }
  }, []);
  React.useEffect(() => {
    const observer = new ResizeObserver(again);
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, [again]);
  return React.useMemo(
    () => ({
      element,
      flow,
      again,
      start: (instance: FlowInstance) => {
        flow.current = instance;
        return () => {
          isFitted.current = true;
          void flow.current?.fitView(FIT);
        };
      },
      hold: () => {
        isFitted.current = true;
      },
      release: () => {
        isFitted.current = false;
      }
    }),
    [again]
  );
}
