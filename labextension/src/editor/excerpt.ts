/** How many lines are shown before and after the one with a problem. */
const AROUND = 2;

/** A line of a document; `at` is the one with the problem. */
export interface IExcerptLine {
  number: number;
  text: string;
  at: boolean;
}

/** The lines around one, which is counted from 1; none when it is not known. */
export function excerptOf(text: string, line: number | null): IExcerptLine[] {
  return text
    .split('\n')
    .map((text, index) => ({
      number: index + 1,
      text,
      at: index + 1 === line
    }))
    .filter(({ number }) => line !== null && Math.abs(number - line) <= AROUND);
}
