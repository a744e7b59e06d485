import { JupyterFrontEndPlugin } from '@jupyterlab/application';
import { clientPlugin } from './api/plugin';
import { componentCodePlugin } from './catalogs/code';
import { catalogsPlugin } from './catalogs/plugin';
import { componentizePlugin, detailsPlugin } from './componentize/plugin';
import { differencePlugin } from './diff/plugin';
import { drawingPlugin } from './editor/drawplugin';
import { editorPlugin } from './editor/plugin';
import { enginesPlugin } from './engines/plugin';
import { inspectorPlugin } from './inspector/plugin';
import { executionNotebookPlugin } from './lineage/notebook';
import { lineagePlugin } from './lineage/plugin';
import { notebookPagesPlugin } from './notebooks';
import { palettePlugin } from './palette/plugin';
import { pythonPlugin } from './python/plugin';
import { reportsPlugin } from './reports/plugin';
import { runActionsPlugin } from './runs/actions';
import { executedNotebookPlugin, runsPlugin } from './runs/plugin';
import { scheduleCommandPlugin, schedulesPlugin } from './schedules/plugin';

export * from './tokens';

/** One plugin a feature. */
const plugins: JupyterFrontEndPlugin<unknown>[] = [
  clientPlugin,
  enginesPlugin,
  schedulesPlugin,
  runsPlugin,
  notebookPagesPlugin,
  executedNotebookPlugin,
  runActionsPlugin,
  lineagePlugin,
  executionNotebookPlugin,
  palettePlugin,
  catalogsPlugin,
  componentCodePlugin,
  editorPlugin,
  scheduleCommandPlugin,
  inspectorPlugin,
  drawingPlugin,
  pythonPlugin,
  differencePlugin,
  componentizePlugin,
  detailsPlugin,
  reportsPlugin
];

export default plugins;
