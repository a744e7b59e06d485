const SET = 'claimed-lineage:set';

/** What the browser's own timeline calls the time from a graph that was set to its picture. */
export const PAINTED = 'claimed-lineage:painted';

/** Tells the browser's timeline how long pictures take, for whom they take too long. */
export class Timing {
  /** A new graph was set. */
  begin(): void {
    performance.clearMarks(SET);
    performance.mark(SET);
    this._isOn = true;
  }

  /** All of it was drawn: it is on the screen when the next frame begins. */
  end(): void {
    if (this._isOn) {
      this._isOn = false;
      requestAnimationFrame(() => performance.measure(PAINTED, SET));
    }
  }

  private _isOn = false;
}
