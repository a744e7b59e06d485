import { IWidgetTracker } from '@jupyterlab/apputils';
import { Token } from '@lumino/coreutils';
import type { ClaimedClient } from './api/client';
import type { PipelineWidget } from './editor/widget';
import type { EnginesModel } from './engines/model';
import type { INotebookPage } from './notebooks';
import type { PaletteModel } from './palette/model';
import type { RunsModel } from './runs/model';
import type { SchedulesModel } from './schedules/model';

/** The REST client of the server extension. */
export type IClaimedClient = ClaimedClient;
export const IClaimedClient = new Token<IClaimedClient>(
  'claimed-jlab:IClaimedClient',
  'The REST client of the CLAIMED server extension.'
);

/** The components that the palette shows. */
export type IPaletteModel = PaletteModel;
export const IPaletteModel = new Token<IPaletteModel>(
  'claimed-jlab:IPaletteModel',
  'The components of every catalog, searched and grouped.'
);

/** The runs of this server, followed live. */
export type IRunsModel = RunsModel;
export const IRunsModel = new Token<IRunsModel>(
  'claimed-jlab:IRunsModel',
  'The runs of pipelines, followed live.'
);

/** What pipelines run on. */
export type IEnginesModel = EnginesModel;
export const IEnginesModel = new Token<IEnginesModel>(
  'claimed-jlab:IEnginesModel',
  'The engines that pipelines run on.'
);

/** What runs again and again. */
export type ISchedulesModel = SchedulesModel;
export const ISchedulesModel = new Token<ISchedulesModel>(
  'claimed-jlab:ISchedulesModel',
  'The schedules of all engines.'
);

/** The open pipeline editors. */
export type IPipelineTracker = IWidgetTracker<PipelineWidget>;
export const IPipelineTracker = new Token<IPipelineTracker>(
  'claimed-jlab:IPipelineTracker',
  'Tracks the open pipeline editors.'
);

/** Opens a notebook that is no file, or comes back to it. */
export type INotebookPages = (page: INotebookPage) => Promise<void>;
export const INotebookPages = new Token<INotebookPages>(
  'claimed-jlab:INotebookPages',
  'Shows notebooks read-only, without a kernel.'
);

/** The commands through which the parts call each other. */
export namespace CommandIDs {
  /** args: none */
  export const refreshComponents = 'claimed:refresh-components';
  /** args: `add`, to begin with a new one */
  export const manageCatalogs = 'claimed:manage-catalogs';
  /** args: `reference`. Opens the notebook of a component, read-only. */
  export const openCode = 'claimed:open-component-code';
  /** args: `cwd`, the folder of the new document */
  export const newPipeline = 'claimed:new-pipeline';
  /** Runs the pipeline of the current editor; asks for its parameters. */
  export const runPipeline = 'claimed:run-pipeline';
  /** The same, and asks on what, and how, even where there is nothing else to ask. */
  export const runWith = 'claimed:run-with';
  /**
   * Runs the pipeline of the current editor again and again; asks when.
   * args: `values`, of the parameters
   */
  export const schedulePipeline = 'claimed:schedule-pipeline';
  /** args: `engine`, its name; else the first that can be set up */
  export const engineSettings = 'claimed:engine-settings';
  /** args: `run`. Runs what failed in it once more. */
  export const retryRun = 'claimed:retry-run';
  /** args: `run` or `runs`. Puts them away, or back with `back`. */
  export const archiveRun = 'claimed:archive-run';
  /** args: `run`. Shows it on the engine's own page. */
  export const openRunLink = 'claimed:open-run-at-engine';
  /**
   * Runs a part of the pipeline of the current editor.
   * args: `way`: `only`, `to`, `from` or `failed`; `task`, else the one that
   * the context menu is of, else the selected one
   */
  export const runPart = 'claimed:run-part';
  /** args: `run`. Asks for its parameters anew, beginning with those it had. */
  export const runChanged = 'claimed:run-changed';
  /** args: `run`. With the code and the parameters that it had. */
  export const runAgain = 'claimed:run-again';
  /** args: `runs`, the ids, the older one first */
  export const compareRuns = 'claimed:compare-runs';
  /** args: `run`. Compares it with the one before it of the same pipeline. */
  export const compareWithPrevious = 'claimed:compare-with-previous-run';
  /** args: `run` or `runs`. Asks first. */
  export const deleteRun = 'claimed:delete-run';
  /** args: `run` */
  export const cancelOneRun = 'claimed:cancel-one-run';
  /** Cancels the run that the current editor shows. */
  export const cancelRun = 'claimed:cancel-run';
  /** Takes back the last move in the current editor. */
  export const undo = 'claimed:undo';
  export const redo = 'claimed:redo';
  /**
   * Places a component in the current editor, after the selected task.
   * args: `reference`
   */
  export const addTask = 'claimed:add-task';
  /** Lists what can be placed. */
  export const askTask = 'claimed:ask-task';
  /** args: `path`, of a notebook, a script or a pipeline; else it is asked for */
  export const addFile = 'claimed:add-file';
  /** Wires a port of the selected task, which are both asked for. */
  export const connectTask = 'claimed:connect-task';
  export const addNote = 'claimed:add-note';
  /** Makes the selected tasks a group, or undoes the selected one. */
  export const groupTasks = 'claimed:group-tasks';
  /** Lays out the selected tasks, or all. */
  export const tidy = 'claimed:tidy';
  export const findTask = 'claimed:find-task';
  export const selectAll = 'claimed:select-all';
  export const deleteSelection = 'claimed:delete-selection';
  export const duplicate = 'claimed:duplicate';
  /** args: `edge`, or `axis` for the same space between */
  export const align = 'claimed:align';
  /** Selects the next task. args: `direction` */
  export const stepTo = 'claimed:step-to';
  /** Shows the pipeline of the current editor as Python, beside it. */
  export const openPython = 'claimed:open-as-python';
  /** Shows what differs from the saved document of the current editor. */
  export const compareWithSaved = 'claimed:compare-with-saved';
  /** args: `other`, as seen from the current document; else it is asked for */
  export const compareWithFile = 'claimed:compare-with-file';
  /** Fits the graph of the current editor into view. */
  export const fitGraph = 'claimed:fit-graph';
  /** args: `run`. Opens the document of a run, and that run in it. */
  export const openRun = 'claimed:open-run';
  /**
   * Opens the lineage explorer.
   * args: at most one of `node` (such as `artifact/12`), `run`, `query`, and
   * `path` of a file; or `place`, all of where one was; `from`, where the file
   * is: `browser`, `tab`, `notebook`
   */
  export const openLineage = 'claimed:open-lineage';
  /** Goes to where one was in the lineage explorer. args: `forward` */
  export const lineageStep = 'claimed:lineage-step';
  /** Puts the cursor into the search of the lineage explorer. */
  export const lineageSearch = 'claimed:lineage-search';
  /** args: `execution`, such as `execution/5`. Its notebook as it was. */
  export const openExecution = 'claimed:open-execution-notebook';
  /** args: none */
  export const refreshRuns = 'claimed:refresh-runs';
  /** args: `run`, `task`. Opens the executed notebook, read-only. */
  export const openNotebook = 'claimed:open-executed-notebook';
  /**
   * Asks for a file. args: `from`, the path of the file that names it; `title`.
   * Resolves to its path as seen from there, or null.
   */
  export const pickFile = 'claimed:pick-file';
  /** args: `text`. Resolves to the node that Markdown becomes. */
  export const renderMarkdown = 'claimed:render-markdown';
  /**
   * Shows or hides what there is to say of the current pipeline itself.
   * args: `open`, to show it whether it is shown or not
   */
  export const pipelineSettings = 'claimed:pipeline-settings';
  /** args: `run`, `task`, `output` */
  export const openOutput = 'claimed:open-output';
  /** args: `run` */
  export const openReport = 'claimed:open-run-report';
  /**
   * Shows the component that a notebook would become, beside the notebook.
   * args: `from`, where the notebook is: `browser`, `tab`, else the current one
   */
  export const createComponent = 'claimed:create-component';
  /** Takes back the last change that the panel made in the current notebook. */
  export const undoFix = 'claimed:undo-fix';
}
