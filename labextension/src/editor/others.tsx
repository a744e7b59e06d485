import { ViewportPortal, useReactFlow } from '@xyflow/react';
import * as React from 'react';
import { rectOf } from '../drawing/boxes';
import { Position, isPosition } from './document';
import { ICard, IGraph } from './graph';
import { useStage } from './stage';

/** The field of the shared awareness where editors tell what they do. */
const FIELD = 'claimedPipeline';

/** How often the pointer's place is told, in ms. */
const PERIOD = 60;

/** Somebody else in the same document. */
interface IOther {
  id: number;
  name: string;
  color: string;
  selection: string[];
  cursor: Position | null;
}

/** Where the others are, and what they have selected. */
export function Others({ graph }: { graph: IGraph }): JSX.Element | null {
  const { model } = useStage();
  return model.document.collaborative ? <Present graph={graph} /> : null;
}

function Present({ graph }: { graph: IGraph }): JSX.Element {
  useTelling();
  const others = useOthers();
  return (
    <ViewportPortal>
      {others.map(other => (
        <React.Fragment key={other.id}>
          {graph.cards
            .filter(({ task }) => other.selection.includes(task.name))
            .map(card => (
              <Box key={card.task.name} card={card} other={other} />
            ))}
          {other.cursor && <Cursor other={other} at={other.cursor} />}
        </React.Fragment>
      ))}
    </ViewportPortal>
  );
}

/** How far outside the card its box is, in pixels. */
const MARGIN = 5;

function Box(props: { card: ICard; other: IOther }): JSX.Element {
  const { card, other } = props;
  const { x, y, width, height } = rectOf(card);
  return (
    <div
      className="claimed-Other-box"
      data-who={other.name}
      style={{
        borderColor: other.color,
        height: height + 2 * MARGIN,
        transform: `translate(${x - MARGIN}px, ${y - MARGIN}px)`,
        width: width + 2 * MARGIN
      }}
    >
      <Name {...other} />
    </div>
  );
}

function Cursor(props: { other: IOther; at: Position }): JSX.Element {
  const { other, at } = props;
  return (
    <div
      className="claimed-Other-cursor"
      style={{ transform: `translate(${at[0]}px, ${at[1]}px)` }}
    >
      <span style={{ color: other.color }}>➤</span>
      <Name {...other} />
    </div>
  );
}

function Name({ name, color }: IOther): JSX.Element {
  return (
    <span className="claimed-Other-name" style={{ background: color }}>
      {name}
    </span>
  );
}

/** Those who are in the document too, as they come, move and go. */
function useOthers(): IOther[] {
  const { awareness } = useStage().model.document.sharedModel;
  const [others, setOthers] = React.useState<IOther[]>([]);
  React.useEffect(() => {
    const look = () =>
      setOthers(
        [...awareness.getStates()]
          .filter(([id]) => id !== awareness.clientID)
          .map(([id, state]) => otherOf(id, state))
      );
    look();
    awareness.on('change', look);
    return () => awareness.off('change', look);
  }, [awareness]);
  return others;
}

function otherOf(id: number, state: { [field: string]: unknown }): IOther {
  const user = (state.user ?? {}) as { [field: string]: unknown };
  const doing = (state[FIELD] ?? {}) as { [field: string]: unknown };
  const { selection, cursor } = doing;
  return {
    id,
    name: String(user.display_name ?? user.name ?? '?'),
    color: String(user.color ?? 'var(--jp-brand-color1)'),
    selection: Array.isArray(selection) ? selection.map(String) : [],
    cursor: isPosition(cursor) ? cursor : null
  };
}

/** Tells the others what is selected here, and where the pointer is. */
function useTelling(): void {
  const { model } = useStage();
  const flow = useReactFlow();
  const { selection, document } = model;
  const { awareness } = document.sharedModel;
  const cursor = React.useRef<Position | null>(null);
  const tell = React.useCallback(
    () =>
      awareness.setLocalStateField(FIELD, {
        selection: [...model.selection],
        cursor: cursor.current
      }),
    [awareness, model]
  );
  React.useEffect(tell, [tell, selection]);
  React.useEffect(() => {
    let waits = false;
    const onMove = ({ clientX: x, clientY: y, target }: MouseEvent) => {
      const isHere = (target as Element).closest?.('.react-flow') !== null;
      const place = flow.screenToFlowPosition({ x, y }, { snapToGrid: false });
      cursor.current = isHere ? [place.x, place.y] : null;
      if (!waits) {
        waits = true;
        setTimeout(() => {
          waits = false;
          tell();
        }, PERIOD);
      }
    };
    window.addEventListener('mousemove', onMove);
    return () => window.removeEventListener('mousemove', onMove);
  }, [flow, tell]);
}
