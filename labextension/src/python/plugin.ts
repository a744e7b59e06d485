import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import {
  ICommandPalette,
  MainAreaWidget,
  Notification
} from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import {
  ITranslator,
  TranslationBundle,
  nullTranslator
} from '@jupyterlab/translation';
import { ToolbarButton, pythonIcon, saveIcon } from '@jupyterlab/ui-components';
import { messageOf } from '../api/errors';
import { PipelineWidget } from '../editor/widget';
import { CommandIDs, IClaimedClient, IPipelineTracker } from '../tokens';
import type { PythonView } from './view';

/** Shows a pipeline as Python beside its canvas. */
export const pythonPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:python',
  description: 'A pipeline as Python, beside its canvas.',
  autoStart: true,
  requires: [IClaimedClient, IPipelineTracker, IEditorServices],
  optional: [ITranslator, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    client: IClaimedClient,
    tracker: IPipelineTracker,
    { factoryService }: IEditorServices,
    translator: ITranslator | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    const open = new Map<PipelineWidget, MainAreaWidget<PythonView>>();
    const beside = async (
      editor: PipelineWidget
    ): Promise<MainAreaWidget<PythonView>> => {
      // Start-up does not pay for what is not looked at.
      const { PythonModel } = await import('./model');
      const { PythonView } = await import('./view');
      const { contents } = app.serviceManager;
      const { context } = editor;
      const model = new PythonModel({ context, client, contents });
      const view = new PythonView({ model, factory: factoryService, trans });
      const widget = shown(view, trans);
      open.set(editor, widget);
      widget.disposed.connect(() => open.delete(editor));
      editor.disposed.connect(widget.dispose, widget);
      app.shell.add(widget, 'main', { mode: 'split-right', ref: editor.id });
      return widget;
    };
    app.commands.addCommand(CommandIDs.openPython, {
      label: trans.__('Open as Python'),
      caption: trans.__('Shows the pipeline as Python beside the canvas'),
      isEnabled: () => tracker.currentWidget !== null,
      execute: async () => {
        const editor = tracker.currentWidget;
        if (editor) {
          const widget = open.get(editor) ?? (await beside(editor));
          app.shell.activateById(widget.id);
        }
      }
    });
    palette?.addItem({ command: CommandIDs.openPython, category: 'CLAIMED' });
  }
};

/** The view in a tab of its own, with a button that writes the module. */
function shown(
  content: PythonView,
  trans: TranslationBundle
): MainAreaWidget<PythonView> {
  const { model } = content;
  const widget = new MainAreaWidget({ content });
  widget.id = `claimed-python-${count++}`;
  widget.title.label = model.name;
  widget.title.caption = trans.__('%1, beside its canvas', model.path);
  widget.title.icon = pythonIcon;
  widget.title.closable = true;
  const save = (): void => {
    model.save().then(
      () => Notification.success(trans.__('Written: %1', model.path)),
      error => Notification.error(messageOf(error))
    );
  };
  widget.toolbar.addItem(
    'save',
    new ToolbarButton({
      icon: saveIcon,
      tooltip: trans.__('Write %1 beside the document', model.name),
      onClick: save
    })
  );
  return widget;
}

let count = 0;
