import { DocumentRegistry } from '@jupyterlab/docregistry';
import { Contents } from '@jupyterlab/services';

/**
 * Reads a document again when something else in JupyterLab has saved it, such
 * as the text editor beside it.
 *
 * A document with changes of its own is left alone: JupyterLab asks what to do
 * when it is saved. A shared document is kept the same by who shares it.
 */
export function followFile(
  context: DocumentRegistry.IContext<DocumentRegistry.IModel>,
  contents: Contents.IManager
): void {
  const onFileChanged = (_: unknown, change: Contents.IChangedArgs) => {
    const { model } = context;
    const isThis =
      change.type === 'save' && change.newValue?.path === context.path;
    if (isThis && context.isReady && !model.dirty && !model.collaborative) {
      void context.revert();
    }
  };
  contents.fileChanged.connect(onFileChanged);
  context.disposed.connect(() => {
    contents.fileChanged.disconnect(onFileChanged);
  });
}
