import { IPlace, isFar } from './place';

/** How many places are remembered. */
const REMEMBERED = 100;

/** The places where one was, to go back to and forward from. */
export class PlaceHistory {
  constructor(place: IPlace) {
    this._places = [place];
  }

  get current(): IPlace {
    return this._places[this._at];
  }
  get canGoBack(): boolean {
    return this._at > 0;
  }
  get canGoForward(): boolean {
    return this._at < this._places.length - 1;
  }

  /** Goes on to a place; a small step, such as a selection, changes the current one. */
  go(place: IPlace): void {
    if (!isFar(this.current, place)) {
      this._places[this._at] = place;
      return;
    }
    this._places.splice(this._at + 1);
    this._places.push(place);
    this._places.splice(0, this._places.length - REMEMBERED);
    this._at = this._places.length - 1;
  }

  back(): void {
    this._at = Math.max(0, this._at - 1);
  }

  forward(): void {
    this._at = Math.min(this._places.length - 1, this._at + 1);
  }

  /**
   * What the graph began at on the way here, the last one last, each once.
   *
   * One that was come back to is where it was first: the way is not a circle.
   */
  get trail(): string[] {
    const trail: string[] = [];
    for (const { focus } of this._places.slice(0, this._at + 1)) {
      const before = focus === null ? -1 : trail.indexOf(focus);
      if (before >= 0) {
        trail.splice(before + 1);
      } else if (focus !== null) {
        trail.push(focus);
      }
    }
    return trail;
  }

  private readonly _places: IPlace[];
  private _at = 0;
}
