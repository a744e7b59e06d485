import type { IArea } from '../scene/grid';
import type { Camera } from './camera';

/** Buttons that lie on the picture and move with it; they have no look of their own. */
export class Sheet {
  constructor() {
    this.node.className = 'claimed-LineageGraph-near';
  }

  readonly node = document.createElement('div');

  /**
   * Makes the buttons anew where there are to be others.
   *
   * key: says which they are.  around: one of their places, from which all are
   * measured, so that numbers stay small enough to be exact.
   */
  show(key: string, around: IArea | null, make: () => HTMLElement[]): void {
    if (key !== this._key) {
      this._key = key;
      this._left = around?.left ?? 0;
      this._top = around?.top ?? 0;
      this.node.replaceChildren(...make());
    }
  }

  /** Follows the camera. */
  follow({ x, y, scale }: Camera): void {
    const left = (this._left - x) * scale;
    const top = (this._top - y) * scale;
    this.node.style.transform = `translate(${left}px, ${top}px) scale(${scale})`;
  }

  /** A button for an area of the picture. */
  button({ left, top, right, bottom }: IArea): HTMLElement {
    const button = document.createElement('button');
    button.tabIndex = -1; // one goes through the graph by arrows
    button.style.left = `${left - this._left}px`;
    button.style.top = `${top - this._top}px`;
    button.style.width = `${right - left}px`;
    button.style.height = `${bottom - top}px`;
    return button;
  }

  private _key = '';
  private _left = 0;
  private _top = 0;
}
