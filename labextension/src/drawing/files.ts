import { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';
import { TranslationBundle } from '@jupyterlab/translation';

/** Asks for files that can be tasks; none when the user thinks better of it. */
export async function askFiles(
  manager: IDocumentManager | null,
  trans: TranslationBundle
): Promise<string[]> {
  if (!manager) {
    return [];
  }
  const { button, value } = await FileDialog.getOpenFiles({
    manager,
    title: trans.__('Notebooks, scripts and pipelines'),
    filter: ({ name, type }) =>
      type === 'directory' || /\.(ipynb|py|pipeline)$/i.test(name)
        ? { score: 1 }
        : null
  });
  return button.accept ? (value ?? []).map(({ path }) => path) : [];
}
