import { EdgeProps, useReactFlow } from '@xyflow/react';
import * as React from 'react';
import { IWireLook, setWireLook } from '../drawing/things';
import { Position } from './document';
import { ends } from './route';
import { useStage } from './stage';
import { Words } from './words';

/** How far above its wire the tools are, to leave its points free; in pixels. */
const ABOVE = 26;

/** The name of a wire and, when it is selected, what can be done to it. */
export function WireLabel(props: {
  id: string;
  at: Position;
  look: IWireLook;
  wire: string;
  tools: boolean;
}): JSX.Element {
  const { id, at, look, wire, tools } = props;
  const { drawing, trans, model } = useStage();
  const isEditable = tools && !model.readOnly;
  return (
    <div
      className="claimed-Wire nodrag nopan"
      style={placed(tools ? [at[0], at[1] - ABOVE] : at)}
    >
      <Words
        id={id}
        text={look.label}
        label={trans.__('Name of the wire')}
        onChange={label =>
          setWireLook(drawing.document, wire, { ...look, label })
        }
      />
      {isEditable && (
        <>
          <button onClick={() => drawing.asker.write(id)}>
            {look.label ? trans.__('Rename') : trans.__('Name')}
          </button>
          <button onClick={() => drawing.removeSelection()}>
            {trans.__('Cut')}
          </button>
        </>
      )}
    </div>
  );
}

interface IDotsProps extends EdgeProps {
  points: Position[];
  wire: string;
  look: IWireLook;
  /** While a point is dragged, where all are; null afterwards. */
  onMove: (points: Position[] | null) => void;
}

/** The points that a wire goes through, and those that it could. */
export function Dots(props: IDotsProps): JSX.Element {
  const { points } = props;
  const all = ends(props, points);
  return (
    <>
      {points.map((point, at) => (
        <Dot key={`via${at}`} {...props} at={point} index={at} />
      ))}
      {all.slice(1).map(([nextX, nextY], at) => {
        const [x, y] = all[at];
        const quarter = [x + (nextX - x) / 4, y + (nextY - y) / 4] as const;
        return (
          <Dot key={`new${at}`} {...props} at={quarter} index={at} isNew />
        );
      })}
    </>
  );
}

/** A point to drag; a double click takes it away. */
function Dot(
  props: IDotsProps & { at: Position; index: number; isNew?: boolean }
): JSX.Element {
  const { at, index, isNew, points, wire, look } = props;
  const { drawing, trans } = useStage();
  const save = (via: Position[]) =>
    setWireLook(drawing.document, wire, { ...look, via });
  const drag = useDrag(props, save);
  return (
    <div
      {...drag}
      className={`claimed-Wire-dot nodrag nopan${isNew ? ' claimed-mod-new' : ''}`}
      title={
        isNew
          ? trans.__('Drag to lead the wire another way')
          : trans.__('Drag to move, double-click to take away')
      }
      style={placed(at)}
      onDoubleClick={() =>
        !isNew && save(points.filter((_, other) => other !== index))
      }
    />
  );
}

/** Moves a point of a wire with the pointer. */
function useDrag(
  props: IDotsProps & { index: number; isNew?: boolean },
  save: (via: Position[]) => void
): React.DOMAttributes<HTMLElement> {
  const { look, index, isNew, onMove } = props;
  const flow = useReactFlow();
  const moved = React.useRef<Position[] | null>(null);
  return {
    onPointerDown: event => {
      event.stopPropagation();
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: event => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) {
        const { clientX: x, clientY: y } = event;
        const place = flow.screenToFlowPosition({ x, y });
        const next = [...look.via];
        next.splice(index, isNew ? 0 : 1, [place.x, place.y]);
        moved.current = next;
        onMove(next);
      }
    },
    onPointerUp: () => {
      if (moved.current) {
        save(moved.current);
      }
      moved.current = null;
      onMove(null);
    }
  };
}

function placed([x, y]: Position): React.CSSProperties {
  return {
    transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`
  };
}
