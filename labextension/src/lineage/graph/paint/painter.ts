import { IArea } from '../scene/grid';
import { FADED, IBrush, isLit } from './brush';
import { drawCard } from './cards';
import { drawTabs } from './handles';
import { detailAt } from './lod';
import { drawMarks, drawNamed } from './marks';
import { drawEdgeNames } from './names';
import { drawWires } from './wires';

/** How far beside its place something may be painted: names, tabs, stacks. */
const AROUND = 140;

/** Paints what lies in an area, with as much detail as the scale allows. */
export function paintArea(brush: IBrush, area: IArea): void {
  const { context, scene, scale } = brush;
  context.textBaseline = 'middle';
  const detail = detailAt(scale);
  const around = detail === 'far' ? 4 / scale : AROUND;
  const wide = {
    left: area.left - around,
    top: area.top - around,
    right: area.right + around,
    bottom: area.bottom + around
  };
  drawWires(brush, scene.strokesIn(wide));
  const vertices = scene.verticesIn(wide);
  if (detail === 'near') {
    drawEdgeNames(brush, vertices);
  }
  const lit = vertices.filter(v => isLit(brush, v));
  if (lit.length < vertices.length) {
    context.globalAlpha = FADED;
    paintVertices(
      brush,
      vertices.filter(v => !isLit(brush, v))
    );
    context.globalAlpha = 1;
  }
  paintVertices(brush, lit);
}

function paintVertices(brush: IBrush, vertices: number[]): void {
  switch (detailAt(brush.scale)) {
    case 'far':
      drawMarks(brush, vertices);
      break;
    case 'middle':
      vertices.forEach(v => drawNamed(brush, v));
      break;
    case 'near':
      vertices.forEach(v => {
        drawTabs(brush, v);
        drawCard(brush, v);
      });
  }
}
