import { ICell, INotebookContent } from '@jupyterlab/nbformat';
import { TranslationBundle } from '@jupyterlab/translation';
import { IComponentCode } from '../api/types';

/**
 * A component's code as one notebook to be read: its own cells, and below
 * them each file beside it that code could be loaded from.
 *
 * Without outputs, and without metadata that could hide a cell.
 */
export function asNotebook(
  { notebook, files, truncated }: IComponentCode,
  trans: TranslationBundle
): INotebookContent {
  const own = notebook.cells.map(plain);
  if (files.length === 0) {
    return { ...notebook, cells: own };
  }
  const names = files.map(({ name }) => `- ${codeSpan(name)}`);
  const about = trans._n(
    'This component brings another file that code could be loaded from. It is below its notebook.',
    'This component brings %1 other files that code could be loaded from. They are below its notebook.',
    files.length
  );
  const more = truncated
    ? [trans.__('There are more, which are not shown.')]
    : [];
  const heading = markdown([about, names.join('\n'), ...more].join('\n\n'));
  const cells = files.flatMap(file => asCells(file, trans));
  return { ...notebook, cells: [heading, ...own, ...cells] };
}

function plain(cell: ICell): ICell {
  const bare = { ...cell, metadata: {} };
  return cell.cell_type === 'code'
    ? { ...bare, execution_count: null, outputs: [] }
    : bare;
}

function asCells(
  { name, text }: IComponentCode['files'][number],
  trans: TranslationBundle
): ICell[] {
  const heading = `### ${codeSpan(name)}`;
  if (text === null) {
    const why = trans.__('It is long, no text, or a link elsewhere.');
    return [markdown(`${heading}\n\n${why}`)];
  }
  const cell_type = name.endsWith('.py') ? 'code' : 'raw';
  return [
    markdown(heading),
    plain({ cell_type, metadata: {}, source: text.replace(/\n$/, '') })
  ];
}

function markdown(source: string): ICell {
  return { cell_type: 'markdown', metadata: {}, source };
}

/** A name that may hold any character, as it is. */
function codeSpan(name: string): string {
  return `\`\` ${name.replace(/`/g, 'ˋ').replace(/\s+/g, ' ')} \`\``;
}
