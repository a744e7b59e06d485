import { ISuggestion } from '../api/lineage';

/** A text with the cursor in it. */
export interface ITyped {
  text: string;
  at: number;
}

/** The query with a suggestion put in, and the cursor behind it. */
export function completed(query: string, suggestion: ISuggestion): ITyped {
  const { text, start, end } = suggestion;
  const before = query.slice(0, start);
  const after = query.slice(end);
  // A term that is whole is followed by a blank; a field waits for its value.
  const isOpen = /[:=<>(+]$/.test(text);
  const blank = isOpen || after.startsWith(' ') ? '' : ' ';
  const at = before.length + text.length + (isOpen ? 0 : 1);
  return { text: before + text + blank + after, at };
}

/** How many searches are remembered. */
const REMEMBERED = 12;

/** The searches with the last one first; each once, and no empty one. */
export function remembered(searches: string[], query: string): string[] {
  const text = query.trim();
  return text === ''
    ? searches
    : [text, ...searches.filter(old => old !== text)].slice(0, REMEMBERED);
}
