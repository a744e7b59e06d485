/** How many rows beyond the visible ones are drawn, above and below. */
const SPARE = 8;

/** Which rows of a long list are drawn: from `first` to before `end`. */
export interface IRange {
  first: number;
  end: number;
}

/** The rows in view, and a few more; all sizes in pixels. */
export function rowsInView(
  top: number,
  height: number,
  rowHeight: number,
  count: number
): IRange {
  const first = Math.max(0, Math.floor(top / rowHeight) - SPARE);
  const end = Math.ceil((top + height) / rowHeight) + SPARE;
  return { first: Math.min(first, count), end: Math.min(count, end) };
}

/** How far to scroll so that a row is in view; `top` when it is. */
export function scrolledTo(
  row: number,
  top: number,
  height: number,
  rowHeight: number
): number {
  const rowTop = row * rowHeight;
  if (rowTop < top) {
    return rowTop;
  }
  return rowTop + rowHeight > top + height ? rowTop + rowHeight - height : top;
}
