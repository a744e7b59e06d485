import { PathExt } from '@jupyterlab/coreutils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { FileDialog } from '@jupyterlab/filebrowser';

/** Asks for a file; resolves to its path as seen from another file. */
export async function pickFile(
  manager: IDocumentManager,
  from: string,
  title: string
): Promise<string | null> {
  const folder = PathExt.dirname(from);
  const { button, value } = await FileDialog.getOpenFiles({
    manager,
    title,
    defaultPath: folder
  });
  const file = value?.find(({ type }) => type !== 'directory');
  return button.accept && file ? PathExt.relative(folder, file.path) : null;
}
