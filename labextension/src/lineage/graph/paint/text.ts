/** What is measured once is not measured again; more than this is forgotten. */
const KEPT = 20_000;

/** How much of the end is kept of a name that is cut within, beside what kind of file it is. */
const END = 0.4;

/** How a file's name says what kind of file it is. */
const ENDING = /\.[a-z0-9]{1,8}$/i;

/** A name in lines, and what had to be done to it: a word broken, or some of it left out. */
export interface IWrapped {
  lines: string[];
  flaw: 'none' | 'broken' | 'cut';
}

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

  /**
   * The text in at most so many lines, broken where names are broken; the last
   * may be cut. A file's name, or what is one word, is cut within: how it ends
   * tells it from others.
   */
  wrap(
    text: string,
    room: number,
    size: number,
    lines: number,
    isBold = false
  ): IWrapped {
    const eighths = Math.floor((room / size) * 8);
    const key = `${isBold ? '*' : ' '}${eighths} ${lines} ${text}`;
    let wrapped = this._wraps.get(key);
    if (!wrapped) {
      wrapped = this._wrap(text, eighths / 8, lines, isBold);
      remember(this._wraps, key, wrapped);
    }
    return wrapped;
  }

  /** The same at size 1. */
  private _wrap(
    text: string,
    room: number,
    lines: number,
    isBold: boolean
  ): IWrapped {
    const broken: string[] = [];
    let flaw: IWrapped['flaw'] = 'none';
    let rest = text;
    while (broken.length < lines - 1 && this.width(rest, isBold) > room) {
      const most = this._start(rest, room, isBold).length;
      const soft = softBreak(rest, most);
      flaw = soft > 1 ? flaw : 'broken';
      const at = soft > 1 ? soft : Math.max(1, most);
      broken.push(rest.slice(0, at).trim());
      rest = rest.slice(at).trim();
    }
    if (this.width(rest, isBold) <= room) {
      return { lines: [...broken, rest], flaw };
    }
    const isName = ENDING.test(text) || !/\s/.test(text);
    const last = isName
      ? this._cutWithin(rest, room, isBold)
      : this._cut(rest, room, isBold);
    return { lines: [...broken, last], flaw: 'cut' };
  }

  private _measure(text: string, isBold: boolean): number {
    if (!this._context) {
      return text.length * 0.55;
    }
    this._context.font = this.font(20, isBold);
    return this._context.measureText(text).width / 20;
  }

  private _cut(text: string, room: number, isBold: boolean): string {
    const start = this._start(text, room - this.width('…', isBold), isBold);
    return start && `${start.trimEnd()}…`;
  }

  /** The beginning and the end of a text, with an ellipsis in between. */
  private _cutWithin(text: string, room: number, isBold: boolean): string {
    const left = room - this.width('…', isBold);
    const ending = this.width(ENDING.exec(text)?.[0] ?? '', isBold);
    if (ending > left / 2) {
      return this._cut(text, room, isBold); // less than half a name is none
    }
    const kept = ending + END * (left - ending);
    const end = this._longest(n => text.slice(-n), text.length, kept, isBold);
    const more = left - this._measure(end, isBold);
    const begin = this._start(text, more, isBold);
    return begin ? `${begin.trimEnd()}…${end}` : this._cut(text, room, isBold);
  }

  /** As much of the beginning as fits. */
  private _start(text: string, room: number, isBold: boolean): string {
    return this._longest(n => text.slice(0, n), text.length, room, isBold);
  }

  /** The longest part that fits, of parts of so many characters. */
  private _longest(
    part: (characters: number) => string,
    most: number,
    room: number,
    isBold: boolean
  ): string {
    let [low, high] = [0, most];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this._measure(part(middle), isBold) <= room) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low ? part(low) : '';
  }

  private readonly _context: CanvasRenderingContext2D | null;
  private readonly _widths = new Map<string, number>();
  private readonly _cuts = new Map<string, string>();
  private readonly _wraps = new Map<string, IWrapped>();
}

/**
 * Where a name is best broken so that its first line has at most so many
 * characters: between words, else before the ending of a file's name, which
 * stays together, else after a sign; 0 where there is no such place.
 */
function softBreak(text: string, most: number): number {
  const start = text.slice(0, most);
  const word = start.search(/\s\S*$/) + 1;
  const ending = ENDING.exec(text)?.index ?? 0;
  return (
    word || (ending <= most && ending) || start.search(/[-_./@][^-_./@]*$/) + 1
  );
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size > KEPT) {
    map.clear();
  }
  map.set(key, value);
}
