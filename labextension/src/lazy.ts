import { ReactWidget } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';

/** A panel that reads what it shows when it is first seen: start-up does not pay for what nobody looks at. */
export abstract class LazyWidget extends ReactWidget {
  /** Reads what is shown; called once. */
  protected abstract load(): void;

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    this._see();
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this._see();
  }

  private _see(): void {
    if (this.isVisible && !this._isLoaded) {
      this._isLoaded = true;
      this.load();
    }
  }

  private _isLoaded = false;
}
