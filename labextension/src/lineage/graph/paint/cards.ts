import { IGraphNode, plainType } from '../data';
import type { IGroup, IVertex } from '../grouping';
import { CARD } from '../scene/boxes';
import { IBrush } from './brush';
import * as facts from './facts';
import { drawIcon, traceType } from './icons';
import { STACK, trace } from './outline';

const NAME = 13;
const LINE = 11;
/** From line to line. */
const STEP = 15.5;

/** Where the text of a card begins, and what it has to itself. */
interface IRoom {
  x: number;
  middle: number;
  width: number;
  /** How many lines a name may have. */
  lines: number;
}

/** A whole card: its type, name, state, time and where it belongs. */
export function drawCard(brush: IBrush, v: number): void {
  const vertex = brush.scene.shown.vertices[v];
  const area = brush.scene.areaOf(v);
  const [x, y] = [area.left - brush.left, area.top - brush.top];
  const [width, height] = [area.right - area.left, area.bottom - area.top];
  drawBody(brush, vertex, x, y, width, height);
  const isRound = (vertex.node ?? vertex.group!).kind === 'artifact';
  const before = isRound ? 44 : 42;
  const room = {
    x: x + before,
    middle: y + height / 2,
    width: width - before - (isRound ? 20 : 10),
    lines: height > CARD.artifact ? 2 : 1
  };
  drawSign(brush, vertex, x + (isRound ? 25 : 24), room.middle, 20);
  if (vertex.node) {
    drawNode(brush, vertex.node, room);
  } else {
    drawGroup(brush, vertex.group!, room);
  }
}

/** The shape with its border, and the state at its side. */
export function drawBody(
  brush: IBrush,
  vertex: IVertex,
  x: number,
  y: number,
  width: number,
  height: number
): void {
  const { context, style } = brush;
  const color = colorOf(brush, vertex);
  context.lineWidth = Math.max(1.2, 0.9 / brush.scale);
  for (let i = vertex.group ? 2 : 0; i >= 0; i--) {
    context.beginPath();
    trace(context, vertex, x + i * STACK, y + i * STACK, width, height);
    context.fillStyle = style.card;
    context.fill();
    const isRound = (vertex.node ?? vertex.group!).kind === 'artifact';
    if (isRound) {
      tint(brush, color);
    }
    context.strokeStyle = isRound ? color : style.border;
    context.setLineDash(vertex.node && facts.isGone(vertex.node) ? [4, 3] : []);
    context.stroke();
  }
  context.setLineDash([]);
  if ((vertex.node ?? vertex.group!).kind === 'execution') {
    context.save();
    context.beginPath();
    trace(context, vertex, x, y, width, height);
    context.clip();
    context.fillStyle = color;
    context.fillRect(x, y, Math.max(5, 2.6 / brush.scale), height);
    context.restore();
  }
}

/** A breath of colour over the path, so that artifacts are seen from afar. */
function tint({ context, style }: IBrush, color: string): void {
  const { globalAlpha } = context;
  context.globalAlpha = globalAlpha * (style.isLight ? 0.07 : 0.14);
  context.fillStyle = color;
  context.fill();
  context.globalAlpha = globalAlpha;
}

/** The colour of a thing: an artifact's type, an execution's state. */
export function colorOf({ style }: IBrush, { node, group }: IVertex): string {
  const thing = node ?? group!;
  if (thing.kind === 'artifact') {
    return style.typeColor(plainType(thing.type));
  }
  return style.stateColor(
    node ? node.state : (facts.groupStates(group!)[0]?.[0] ?? null)
  );
}

/** What kind of thing it is: the type's shape, the component's icon. */
export function drawSign(
  { context, style }: IBrush,
  { node, group }: IVertex,
  x: number,
  middle: number,
  size: number
): void {
  const thing = node ?? group!;
  if (thing.kind === 'artifact') {
    const type = plainType(thing.type);
    context.fillStyle = style.typeColor(type);
    context.beginPath();
    traceType(context, type, x, middle, 0.8 * size);
    context.fill();
  } else if (thing.kind === 'execution') {
    context.fillStyle = style.quiet;
    const about = node ?? group!.members[0];
    drawIcon(context, about, x - size / 2, middle - size / 2, size);
  }
}

function drawNode(brush: IBrush, node: IGraphNode, room: IRoom): void {
  const { context, style, letters } = brush;
  const { lines: names } = letters.wrap(
    node.name,
    room.width,
    NAME,
    room.lines,
    true
  );
  const place = facts.placeText(node);
  const below = names.length + (place ? 1 : 0);
  let line = room.middle - (below * STEP) / 2;
  context.fillStyle = facts.isGone(node) ? style.quiet : style.text;
  context.font = letters.font(NAME, true);
  for (const name of names) {
    context.fillText(name, room.x, line);
    line += STEP;
  }
  drawState(brush, node, { ...room, middle: line });
  context.fillStyle = style.quiet;
  context.font = letters.font(LINE);
  context.fillText(letters.fit(place, room.width, LINE), room.x, line + STEP);
}

/** The second line: what it is, how it is, since when. */
function drawState(brush: IBrush, node: IGraphNode, room: IRoom): void {
  const { context, style, letters, trans } = brush;
  const state = facts.stateText(node, trans);
  const sign = state ? facts.stateSign(node.state) : '';
  context.font = letters.font(LINE, true);
  let { x } = room;
  if (sign) {
    context.fillStyle = style.stateColor(node.state);
    context.fillText(sign, x, room.middle);
    x += letters.width(sign, true) * LINE + 4;
  }
  const type = node.kind === 'execution' ? '' : plainType(node.type);
  const left = room.width - (x - room.x);
  const words = [type, state, facts.timeText(node.created)].filter(Boolean);
  let line = words.join(' · ');
  if (words.length > 1 && letters.width(line) * LINE > left) {
    line = words.slice(0, -1).join(' · '); // half a time says nothing
  }
  context.fillStyle = style.quiet;
  context.font = letters.font(LINE);
  context.fillText(letters.fit(line, left, LINE), x, room.middle);
}

function drawGroup(brush: IBrush, group: IGroup, room: IRoom): void {
  const { context, style, letters, trans } = brush;
  const kinds = facts.groupKinds(group, trans);
  const states = facts.groupStates(group);
  const below = (kinds ? 1 : 0) + (states.length ? 1 : 0);
  let line = room.middle - 8 * below;
  const title = facts.groupTitle(group, trans);
  context.fillStyle = style.text;
  context.font = letters.font(NAME, true);
  context.fillText(letters.fit(title, room.width, NAME, true), room.x, line);
  context.font = letters.font(LINE);
  if (kinds) {
    line += 16;
    context.fillStyle = style.quiet;
    context.fillText(letters.fit(kinds, room.width, LINE), room.x, line);
  }
  drawStates(brush, states, { ...room, middle: line + 15 });
}

/** How many are in which state, as many states as there is room for. */
function drawStates(
  { context, style, letters }: IBrush,
  states: [string, number][],
  room: IRoom
): void {
  let { x } = room;
  for (const [state, count] of states) {
    const text = `${facts.stateSign(state)} ${count}`;
    const wide = letters.width(text) * LINE;
    if (x + wide > room.x + room.width) {
      break;
    }
    context.fillStyle = style.stateColor(state);
    context.fillText(text, x, room.middle);
    x += wide + 10;
  }
}
