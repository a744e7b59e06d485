/** How long the pointer rests before it is told more, in ms. */
const REST = 450;
const AWAY = 14;

/** A note beside the pointer with whole names. */
export class Tip {
  constructor(private readonly _host: HTMLElement) {
    this._node.className = 'claimed-LineageGraph-tip';
    this._node.hidden = true;
    // What it says is spoken when a node is selected.
    this._node.setAttribute('aria-hidden', 'true');
    _host.appendChild(this._node);
  }

  /**
   * Shows lines beside a point of the host, once the pointer has rested.
   *
   * below: what is above that is not to be covered, in pixels of the host.
   */
  show(lines: readonly string[], x: number, y: number, below: number): void {
    this.hide();
    this._timer = window.setTimeout(() => {
      this._node.replaceChildren(
        ...lines.map(line => {
          const row = document.createElement('div');
          row.textContent = line;
          return row;
        })
      );
      this._node.hidden = false;
      const { offsetWidth: wide, offsetHeight: high } = this._node;
      const { clientWidth, clientHeight } = this._host;
      const left = x + AWAY + wide > clientWidth ? x - AWAY - wide : x + AWAY;
      const under = Math.max(y + AWAY, below + 4);
      const top = under + high + 4 > clientHeight ? y - AWAY - high : under;
      this._node.style.left = `${Math.max(4, left)}px`;
      this._node.style.top = `${Math.max(4, top)}px`;
    }, REST);
  }

  hide(): void {
    clearTimeout(this._timer);
    this._node.hidden = true;
  }

  private readonly _node = document.createElement('div');
  private _timer = 0;
}
