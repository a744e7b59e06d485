import { IDisposable } from '@lumino/disposable';
import { Drag } from '@lumino/dragdrop';

/** What the palette drags: the reference of a component. */
export const COMPONENT_MIME = 'application/x-claimed-component';

/** What JupyterLab's file browser drags: contents paths. */
const CONTENTS_MIME = 'application/x-jupyter-icontents';

/** Something that was let go over the canvas. */
export type Dropped =
  { kind: 'component'; reference: string } | { kind: 'files'; paths: string[] };

interface IDropOptions {
  isOpen: () => boolean;
  drop: (what: Dropped, event: Drag.Event) => void;
}

/** Lets components and files be dropped on an element. */
export function acceptDrops(
  node: HTMLElement,
  { isOpen, drop }: IDropOptions
): IDisposable {
  const over = (event: Drag.Event) => {
    if (isOpen() && whatOf(event)) {
      event.preventDefault();
      event.stopPropagation();
      event.dropAction = event.proposedAction;
      node.classList.add('claimed-mod-dropTarget');
    }
  };
  const leave = () => node.classList.remove('claimed-mod-dropTarget');
  const onEvent = (event: Event) => {
    const drag = event as Drag.Event;
    if (event.type === 'lm-dragenter' || event.type === 'lm-dragover') {
      over(drag);
      return;
    }
    leave();
    const what = event.type === 'lm-drop' && isOpen() ? whatOf(drag) : null;
    if (what) {
      drag.preventDefault();
      drag.stopPropagation();
      drag.dropAction = drag.proposedAction;
      drop(what, drag);
    }
  };
  const types = ['lm-dragenter', 'lm-dragover', 'lm-dragleave', 'lm-drop'];
  types.forEach(type => node.addEventListener(type, onEvent, true));
  return {
    isDisposed: false,
    dispose: () =>
      types.forEach(type => node.removeEventListener(type, onEvent, true))
  };
}

function whatOf({ mimeData }: Drag.Event): Dropped | null {
  if (mimeData.hasData(COMPONENT_MIME)) {
    const reference = String(mimeData.getData(COMPONENT_MIME));
    return { kind: 'component', reference };
  }
  const paths: unknown = mimeData.getData(CONTENTS_MIME);
  return Array.isArray(paths)
    ? { kind: 'files', paths: paths.map(String) }
    : null;
}
