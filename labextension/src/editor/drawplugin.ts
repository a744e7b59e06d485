import {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IPipelineTracker } from '../tokens';
import { addDrawingCommands } from './drawcommands';

/** The commands that draw pipelines. */
export const drawingPlugin: JupyterFrontEndPlugin<void> = {
  id: 'claimed-jlab:drawing',
  description: 'Drawing pipelines: the commands of the canvas.',
  autoStart: true,
  requires: [IPipelineTracker],
  optional: [IDocumentManager, ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    tracker: IPipelineTracker,
    docManager: IDocumentManager | null,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('claimed_jlab');
    addDrawingCommands({ app, tracker, docManager, palette, trans });
  }
};
