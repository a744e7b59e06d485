import { IMimeBundle, INotebookContent } from '@jupyterlab/nbformat';
import { JSONObject } from '@lumino/coreutils';
import {
  ArtifactValue,
  CatalogView,
  Comparison,
  ComponentSpec,
  DescribedEdge,
  DescribedInput,
  DescribedOutput,
  DescribedTask,
  Description,
  Diagnostic,
  Fix,
  Inspection,
  InputSpec,
  InsertCell,
  ListedComponent,
  Outlook,
  OutputSpec,
  PipelineParameter,
  Preview,
  ReplaceLines,
  RunRecord,
  SetMetadata,
  TagCell,
  TaskRecord
} from './schema';

/** ML Metadata's states of an execution. */
export type State = RunRecord['state'];

export type IDiagnostic = Diagnostic;

/** A change of a notebook; cells and lines are counted from 1. */
export type IEdit = TagCell | ReplaceLines | InsertCell | SetMetadata;

/** Changes of a notebook that belong together, for one click. */
export interface IFix extends Fix {
  edits: IEdit[];
}

/** A component, as the palette lists it. */
export type IComponent = ListedComponent;

/** A component, as it is understood of its notebook. */
export type IComponentSpec = ComponentSpec;

/** What a notebook would become, and the component that it would replace. */
export type IInspection = Inspection;

/** What a component is tried with, by the input's name. */
export interface TryInputs {
  [input: string]: { value: unknown } | { secret: string };
}

/** What a component takes or gives: a value, or a file with a type. */
export type IPort = InputSpec | OutputSpec | DescribedInput | DescribedOutput;

export interface IListing {
  components: IComponent[];
  diagnostics: IDiagnostic[];
}

/** A place that components come from. */
export type ICatalog = CatalogView;

/** What is needed to add a catalog; all but the place is guessed when absent. */
export interface ICatalogRequest {
  location: string;
  name?: string;
  ref?: string;
  kind?: ICatalog['kind'];
}

/** What a component could run: its notebook, and files beside it. */
export interface IComponentCode {
  notebook: INotebookContent;
  /** text: null when it is long, no text, or a link elsewhere. */
  files: { name: string; text: string | null }[];
  /** Whether there are more files. */
  truncated: boolean;
}

/** A component that may not run before the user says so. */
export interface IUntrusted {
  reference: string;
  title: string;
  author: string;
  origin: string;
  /** Of what would run: it is this that is trusted, and nothing newer. */
  key: string;
}

/** Where the value of a task's input comes from: exactly one of these. */
export type Source =
  | { value: unknown }
  | { parameter: string }
  | { output: string }
  | { secret: string };

export interface ITaskInput extends DescribedInput {
  // The schema leaves open what the document may hold; this is what it holds.
  source: Source | null;
}

export type IOutput = DescribedOutput;

export interface ITask extends DescribedTask {
  inputs: ITaskInput[];
}

export type IEdge = DescribedEdge;

export type IParameter = PipelineParameter;

/** What the server understands of a pipeline document. */
export interface IDescription extends Description {
  tasks: ITask[];
}

export type IArtifact = ArtifactValue;

export type ITaskRun = TaskRecord;

/** What can be done to a run now, at the engine that it is on. */
export type RunAction =
  'cancel' | 'retry' | 'rerun' | 'archive' | 'unarchive' | 'delete';

export interface IRun extends RunRecord, Outlook {
  /** Contents path of the document; null when it is outside the root. */
  contents_path: string | null;
  /** The engine in words. */
  engine_title: string;
  /** Where the engine itself shows it; null where it shows nothing. */
  link: string | null;
  /** Whether it was put away. */
  archived: boolean;
  actions: RunAction[];
  /** What is to be known while it goes on, such as that the engine is away. */
  notice: string | null;
  /** What the engine calls it. */
  remote_id: string | null;
}

/** Runs side by side. */
export type IComparison = Comparison;

/** What of a pipeline is to run: at most one of these; all of it without. */
export interface IPart {
  only?: string;
  to?: string;
  from?: string;
  /** What did not end well in the last run. */
  failed?: boolean;
}

/** How a pipeline is run. */
export interface IRunOptions extends IPart {
  engine?: string;
  /** How many tasks may run at a time. */
  jobs?: number;
  /** Whether what has not changed is taken from where it was made. */
  cache?: boolean;
}

/** The form of a task; known: whether its component was found. */
export interface ITaskSchema {
  schema: JSONObject;
  known: boolean;
}

/** What is changed between a component and its newest version. */
export interface INewer {
  /** The reference of the newest; null when there is none newer. */
  newer: string | null;
  differences: { level: 'major' | 'minor' | 'patch'; words: string }[];
}

/** What travels over jupyter_events when a run or a task changes state. */
export interface IRunEvent {
  run_id: string;
  pipeline: string;
  path: string | null;
  kind: 'run' | 'task';
  task: string | null;
  state: State;
  seconds: number | null;
  cached: boolean;
  error: string | null;
  time: string;
}

export interface ILog {
  log: string;
  truncated: boolean;
}

/** An output, ready to be rendered. */
export interface IOutputView extends Preview {
  mimebundle: IMimeBundle;
}

/** A type in a word: `Dataset` of `Input[Dataset]`, `choice` of a Literal. */
export function typeName(type: string): string {
  return type.startsWith('Literal[')
    ? 'choice'
    : (/^(?:Input|Output)\[(.*)\]$/.exec(type)?.[1] ?? type);
}

/** Whether a state will not change any more. */
export function isFinal(state: State): boolean {
  return state !== 'NEW' && state !== 'RUNNING';
}

/** Whether a recorded input or output is a file rather than a value. */
export function isArtifact(value: unknown): value is IArtifact {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as IArtifact).uri === 'string' &&
    typeof (value as IArtifact).type === 'string'
  );
}

/** A pipeline as Python, and what Kubeflow will not do by it. */
export interface IAsPython {
  python: string;
  diagnostics: IDiagnostic[];
}

/** The document of a module; `source` is null where it cannot be read. */
export interface IFromPython {
  source: string | null;
  diagnostics: IDiagnostic[];
}

/** A field of a document, before and after. */
export interface IFieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

export interface ITaskChange {
  name: string;
  change: 'added' | 'removed' | 'changed' | 'moved' | 'renamed';
  fields: IFieldChange[];
  was: string | null;
}

/** What differs between two versions of a document; `lines` is it in words. */
export interface IDifference {
  tasks: ITaskChange[];
  parameters: {
    name: string;
    change: 'added' | 'removed' | 'changed';
    fields: IFieldChange[];
  }[];
  document: IFieldChange[];
  lines: string[];
}
