import { IMimeBundle } from '@jupyterlab/nbformat';
import { ReadonlyJSONObject, ReadonlyJSONValue } from '@lumino/coreutils';

/** ML Metadata's states of an execution. */
export type State =
  'NEW' | 'RUNNING' | 'COMPLETE' | 'FAILED' | 'CACHED' | 'CANCELED';

export type Level = 'error' | 'warning' | 'info';

/** A parameter is a value, an artifact is a file with a type and a URI. */
export type Kind = 'parameter' | 'artifact';

export interface IDiagnostic {
  level: Level;
  code: string;
  message: string;
  where?: string | null;
  task?: string | null;
  field?: string | null;
  line?: number | null;
}

export interface IInput {
  name: string;
  type: string;
  kind: Kind;
  default?: ReadonlyJSONValue;
  optional: boolean;
  description: string;
  inferred?: boolean;
  choices?: ReadonlyJSONValue[] | null;
}

export interface IOutput {
  name: string;
  type: string;
  kind: Kind;
  description: string;
  inferred?: boolean;
}

/** A component, as the palette lists it. */
export interface IComponent {
  name: string;
  title: string;
  description: string;
  version: string;
  category: string;
  group: string;
  reference: string;
  tags: string[];
  requirements: string[];
  inputs: IInput[];
  outputs: IOutput[];
  license?: string | null;
  catalog?: string | null;
  diagnostics: IDiagnostic[];
  /** Libraries it needs that are not installed. */
  missing: string[];
  /** The pip line that adds them. */
  install: string | null;
}

export interface ICatalog {
  components: IComponent[];
  diagnostics: IDiagnostic[];
}

/** Where the value of a task's input comes from: exactly one of these. */
export type Source =
  | { value: ReadonlyJSONValue }
  | { parameter: string }
  | { output: string }
  | { secret: string };

export interface ITaskInput extends IInput {
  source: Source | null;
}

export interface ITask {
  name: string;
  title: string;
  component: string;
  category: string;
  group: string;
  description: string;
  requirements: string[];
  missing: string[];
  inputs: ITaskInput[];
  outputs: IOutput[];
  position: [number, number] | null;
}

export interface IEdge {
  source: string;
  output: string;
  target: string;
  input: string;
  type: string;
  kind: Kind;
}

export interface IParameter {
  type: string;
  default?: ReadonlyJSONValue;
  description?: string;
  choices?: ReadonlyJSONValue[] | null;
}

/** What the server understands of a pipeline document. */
export interface IDescription {
  name: string;
  description: string;
  parameters: { [name: string]: IParameter };
  valid: boolean;
  diagnostics: IDiagnostic[];
  tasks: ITask[];
  edges: IEdge[];
}

export interface IArtifact {
  type: string;
  uri: string;
  artifact_id: number | null;
  name: string;
  digest?: string | null;
  size?: number | null;
}

export interface ITaskRun {
  state: State;
  cached: boolean;
  seconds: number | null;
  component: string;
  title: string;
  started?: string | null;
  inputs: { [name: string]: IArtifact | ReadonlyJSONValue };
  outputs: { [name: string]: IArtifact | ReadonlyJSONValue };
  error: string | null;
  traceback: string | null;
  cell: number | null;
  notebook: string | null;
  log?: string | null;
  reason: string | null;
}

export interface IRun {
  run_id: string;
  pipeline: string;
  path: string | null;
  /** Contents path of the document; null when it is outside the root. */
  contents_path?: string | null;
  state: State;
  engine: string;
  started: string | null;
  finished: string | null;
  seconds: number | null;
  parameters: ReadonlyJSONObject;
  user?: string | null;
  report: string | null;
  error: string | null;
  tasks: { [name: string]: ITaskRun };
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
export interface IOutputView {
  name: string;
  type: string;
  uri: string | null;
  artifact_id: number | null;
  mimebundle: IMimeBundle;
  truncated: boolean;
}

/** The bare type of an artifact: `Dataset` of `Input[Dataset]`. */
export function typeName(type: string): string {
  return /^(?:Input|Output)\[(.*)\]$/.exec(type)?.[1] ?? type;
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
