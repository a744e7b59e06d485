import { MimeData } from '@lumino/coreutils';
import { Drag } from '@lumino/dragdrop';
import * as React from 'react';
import { IComponent } from '../api/types';
import { COMPONENT_MIME } from '../editor/drop';

/** How far the pointer moves before it drags, in pixels. */
const THRESHOLD = 5;

/** Lets a component be dragged onto a canvas, from where a button is pressed. */
export function dragComponent(
  event: React.MouseEvent,
  component: IComponent
): void {
  if (event.button !== 0) {
    return;
  }
  const { clientX: x, clientY: y } = event;
  const onMove = (move: MouseEvent) => {
    if (Math.hypot(move.clientX - x, move.clientY - y) >= THRESHOLD) {
      onUp();
      void startDrag(move, component);
    }
  };
  const onUp = () => {
    document.removeEventListener('mousemove', onMove, true);
    document.removeEventListener('mouseup', onUp, true);
  };
  document.addEventListener('mousemove', onMove, true);
  document.addEventListener('mouseup', onUp, true);
}

async function startDrag(
  { clientX, clientY }: MouseEvent,
  { reference, title }: IComponent
): Promise<void> {
  const mimeData = new MimeData();
  mimeData.setData(COMPONENT_MIME, reference);
  const dragImage = document.createElement('div');
  dragImage.className = 'claimed-DragImage';
  dragImage.textContent = title;
  const drag = new Drag({
    mimeData,
    dragImage,
    supportedActions: 'copy',
    proposedAction: 'copy'
  });
  await drag.start(clientX, clientY);
  drag.dispose();
}
