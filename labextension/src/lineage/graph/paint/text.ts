/** What is measured once is not measured again; more than this is forgotten. */
const KEPT = 20_000;

/**
 * Cuts texts to the room that there is.
 *
 * Widths are measured at one size and scaled, so that zooming measures nothing.
 */
export class Letters {
  constructor(private readonly _font: string) {
    this._context = document.createElement('canvas').getContext('2d');
  }

  /** A CSS font of some size in pixels. */
  font(size: number, isBold = false): string {
    return `${isBold ? '600 ' : ''}${size}px ${this._font}`;
  }

  /** How wide a text is, in pixels at size 1. */
  width(text: string, isBold = false): number {
    const key = (isBold ? '*' : ' ') + text;
    let width = this._widths.get(key);
    if (width === undefined) {
      width = this._measure(text, isBold);
      remember(this._widths, key, width);
    }
    return width;
  }

  /** The text, or as much of it as fits into `room` pixels, with an ellipsis. */
  fit(text: string, room: number, size: number, isBold = false): string {
    if (this.width(text, isBold) * size <= room) {
      return text;
    }
    const key = `${isBold ? '*' : ' '}${Math.floor((room / size) * 8)} ${text}`;
    let cut = this._cuts.get(key);
    if (cut === undefined) {
      cut = this._cut(text, room / size, isBold);
      remember(this._cuts, key, cut);
    }
    return cut;
  }

  /** The text in at most so many lines, broken where names are broken; the last may be cut. */
  wrap(
    text: string,
    room: number,
    size: number,
    lines: number,
    isBold = false
  ): string[] {
    const broken: string[] = [];
    let rest = text;
    while (
      broken.length < lines - 1 &&
      this.width(rest, isBold) * size > room
    ) {
      const most = this._longest(rest, room / size, isBold);
      const soft = rest.slice(0, most).search(/[\s\-_./@][^\s\-_./@]*$/);
      const at = soft > 1 ? soft + 1 : Math.max(1, most);
      broken.push(rest.slice(0, at).trim());
      rest = rest.slice(at).trim();
    }
    return [...broken, this.fit(rest, room, size, isBold)];
  }

  private _measure(text: string, isBold: boolean): number {
    if (!this._context) {
      return text.length * 0.55;
    }
    this._context.font = this.font(20, isBold);
    return this._context.measureText(text).width / 20;
  }

  private _cut(text: string, room: number, isBold: boolean): string {
    const most = this._longest(text, room - this.width('…', isBold), isBold);
    return most < 1 ? '' : `${text.slice(0, most).trimEnd()}…`;
  }

  /** How many characters fit. */
  private _longest(text: string, room: number, isBold: boolean): number {
    let [low, high] = [0, text.length];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this._measure(text.slice(0, middle), isBold) <= room) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private readonly _context: CanvasRenderingContext2D | null;
  private readonly _widths = new Map<string, number>();
  private readonly _cuts = new Map<string, string>();
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size > KEPT) {
    map.clear();
  }
  map.set(key, value);
}
