// Generated from claimed_jlab/schemas by `jlpm generate:types`: do not edit.

export interface ArtifactValue {
  type: string;
  uri: string;
  name: string;
  digest: string;
  /**
   * Bytes
   */
  size: number;
  artifact_id: number | null;
  local: string | null;
}
export interface CatalogView {
  name: string;
  kind: 'folder' | 'package' | 'git' | 'archive' | 'kfp' | 'elyra';
  /**
   * Where it comes from: a URL or a path
   */
  location: string;
  /**
   * Branch, tag or commit of a git repository
   */
  ref: string | null;
  enabled: boolean;
  removable: boolean;
  /**
   * Its components ask before they first run
   */
  outside: boolean;
  /**
   * sha256:… of what was fetched, or git:<commit>
   */
  digest: string | null;
  /**
   * When it was fetched, ISO 8601
   */
  fetched: string | null;
  components: number;
  /**
   * Who and where from, in a line
   */
  origin: string;
  problem: string | null;
}
export interface CodeChange {
  where: string;
  kind: 'added' | 'removed' | 'changed';
  text: string;
}
export interface ComparedRow {
  name: string;
  values: unknown[];
  differs: boolean;
}
export interface ComparedSection {
  title: string;
  rows: ComparedRow[];
  diff: CodeChange[];
  note: string | null;
}
export interface GraphNode {
  /**
   * Kind and ML Metadata id, as `artifact/12`.
   */
  id: string;
  kind: 'artifact' | 'execution' | 'context';
  /**
   * ML Metadata type, as `system.Model`.
   */
  type: string;
  name: string;
  uri: string | null;
  /**
   * ML Metadata's state, as `LIVE` or `COMPLETE`.
   */
  state: string | null;
  /**
   * Milliseconds since 1970.
   */
  created: number;
  run: string | null;
  pipeline: string | null;
  task: string | null;
  component: string | null;
  user: string | null;
  digest: string | null;
  tags: string[];
  /**
   * Nodes in the store that lead directly to it.
   */
  up: number;
  /**
   * Nodes in the store that it leads directly to.
   */
  down: number;
}
export interface ComparedNodes {
  nodes: GraphNode[];
  sections: ComparedSection[];
}
export interface ComparedCode {
  task: string;
  run_id: string;
  changes: CodeChange[];
  problem: string | null;
}
export interface ComparedRun {
  run_id: string;
  pipeline: string;
  path: string;
  state: 'NEW' | 'RUNNING' | 'COMPLETE' | 'FAILED' | 'CACHED' | 'CANCELED';
  started: string | null;
  seconds: number | null;
  user: string;
  engine: string;
}
export interface ComparedTask {
  name: string;
  values: (TaskOutcome | null)[];
  differs: boolean;
}
export interface TaskOutcome {
  state: 'NEW' | 'RUNNING' | 'COMPLETE' | 'FAILED' | 'CACHED' | 'CANCELED';
  seconds: number | null;
  component: string;
}
export interface Comparison {
  runs: ComparedRun[];
  parameters: ComparedRow[];
  metrics: ComparedRow[];
  inputs: ComparedRow[];
  outputs: ComparedRow[];
  tasks: ComparedTask[];
  code: ComparedCode[];
  environment: ComparedRow[];
}
export interface Container {
  image: string;
  command: unknown[];
  args: unknown[];
  env: {
    [k: string]: unknown;
  };
}
export interface Diagnostic {
  level: 'error' | 'warning' | 'info';
  code: string;
  message: string;
  where: string | null;
  task: string | null;
  field: string | null;
  /**
   * Number of the cell, from 1
   */
  cell: number | null;
  /**
   * Line in the cell, from 1
   */
  line: number | null;
  /**
   * A change of the notebook that ends the doubt
   */
  fix: Fix | null;
}
export interface Fix {
  label: string;
  edits: unknown[];
}
export interface InputSpec {
  name: string;
  type: string;
  description: string;
  /**
   * Read from the code, not declared
   */
  inferred: boolean;
  /**
   * Number of the cell that it was found in, from 1
   */
  cell: number | null;
  /**
   * Line in the cell, from 1
   */
  line: number | null;
  /**
   * A change of the notebook that declares what is inferred
   */
  fix: Fix | null;
  default: unknown;
  optional: boolean;
  /**
   * How the notebook takes it: a papermill cell, or os.environ
   */
  convention: 'parameters' | 'environment';
  /**
   * Put before the paths of artifacts, so it is empty where artifacts are given
   */
  prefix: boolean;
  kind: 'parameter' | 'artifact';
  /**
   * The name as an identifier, for places that take no other.
   */
  alias: string;
  choices: unknown[] | null;
}
export interface InsertCell {
  kind: 'insert';
  at: number;
  cell_type: 'code' | 'markdown';
  source: string;
  tags: string[];
}
export interface OutputSpec {
  name: string;
  type: string;
  description: string;
  /**
   * Read from the code, not declared
   */
  inferred: boolean;
  /**
   * Number of the cell that it was found in, from 1
   */
  cell: number | null;
  /**
   * Line in the cell, from 1
   */
  line: number | null;
  /**
   * A change of the notebook that declares what is inferred
   */
  fix: Fix | null;
  default: unknown;
  convention: 'parameters' | 'environment';
  kind: 'parameter' | 'artifact';
}
export interface ReplaceLines {
  kind: 'lines';
  cell: number;
  first: number;
  last: number;
  text: string;
}
export interface SetMetadata {
  kind: 'metadata';
  key: string;
  value: unknown;
}
export interface TagCell {
  kind: 'tag';
  cell: number;
  tag: string;
}
export interface ListedComponent {
  name: string;
  title: string;
  description: string;
  version: string;
  category: string;
  group: string;
  tags: string[];
  license: string;
  author: string;
  requirements: string[];
  /**
   * The kernelspec that the notebook names
   */
  kernel: string;
  /**
   * The language of the notebook, in lower case
   */
  language: string;
  inputs: InputSpec[];
  outputs: OutputSpec[];
  diagnostics: Diagnostic[];
  /**
   * What runs, where there is no notebook
   */
  container: Container | null;
  /**
   * The notebook; of a container component, its YAML file
   */
  path: string;
  /**
   * blake3 of the code that runs
   */
  digest: string;
  catalog: string;
  missing: string[];
  install: string;
  /**
   * Who made it and where from, in a line
   */
  origin: string;
  /**
   * From a place that nobody here put or installed
   */
  outside: boolean;
  /**
   * May run without being asked about
   */
  trusted: boolean;
  /**
   * How a pipeline names it: `category/name@version`.
   */
  reference: string;
}
export interface DescribedEdge {
  source: string;
  output: string;
  target: string;
  input: string;
  type: string;
  kind: 'parameter' | 'artifact';
}
export interface DescribedInput {
  name: string;
  type: string;
  kind: 'parameter' | 'artifact';
  optional: boolean;
  description: string;
  default: unknown;
  choices: unknown[] | null;
  source: {
    [k: string]: unknown;
  } | null;
}
export interface DescribedOutput {
  name: string;
  type: string;
  kind: 'parameter' | 'artifact';
  description: string;
  /**
   * The type of what another task gets from it: a list, where it runs for each item
   */
  gives: string;
}
export interface DescribedTask {
  name: string;
  title: string;
  component: string;
  category: string;
  group: string;
  description: string;
  requirements: string[];
  missing: string[];
  inputs: DescribedInput[];
  outputs: DescribedOutput[];
  position: [number, number] | null;
}
export interface PipelineParameter {
  type: string;
  default: unknown;
  description: string;
  [k: string]: unknown;
}
export interface TypeTable {
  given: string[];
  /**
   * Places in `given`
   */
  reads: {
    [k: string]: number[];
  };
}
export interface Description {
  valid: boolean;
  diagnostics: Diagnostic[];
  name: string;
  description: string;
  parameters: {
    [k: string]: PipelineParameter;
  };
  tasks: DescribedTask[];
  edges: DescribedEdge[];
  types: TypeTable;
}
export interface LeftOutThing {
  what: string;
  count: number;
}
export interface Exported {
  /**
   * openlineage, prov or ro-crate
   */
  to: string;
  /**
   * The file's name
   */
  name: string;
  /**
   * Contents path of the file; null when it was not kept on the server
   */
  path: string | null;
  /**
   * Bytes
   */
  size: number;
  runs: number;
  tasks: number;
  artifacts: number;
  left_out: LeftOutThing[];
}
export interface GraphEdge {
  source: string;
  target: string;
  /**
   * The input's or output's name.
   */
  name: string | null;
}
export interface GraphPart {
  nodes: GraphNode[];
  edges: GraphEdge[];
  truncated: boolean;
  missing: number;
  start: string[];
}
export interface ComponentSpec {
  name: string;
  title: string;
  description: string;
  version: string;
  category: string;
  group: string;
  tags: string[];
  license: string;
  author: string;
  requirements: string[];
  /**
   * The kernelspec that the notebook names
   */
  kernel: string;
  /**
   * The language of the notebook, in lower case
   */
  language: string;
  inputs: InputSpec[];
  outputs: OutputSpec[];
  diagnostics: Diagnostic[];
  /**
   * What runs, where there is no notebook
   */
  container: Container | null;
  /**
   * The notebook; of a container component, its YAML file
   */
  path: string;
  /**
   * blake3 of the code that runs
   */
  digest: string;
  catalog: string;
  /**
   * How a pipeline names it: `category/name@version`.
   */
  reference: string;
}
export interface Difference {
  level: 'major' | 'minor' | 'patch' | 'none';
  words: string;
}
export interface Inspection {
  component: ComponentSpec;
  existing: ComponentSpec | null;
  differences: Difference[];
  next_version: string;
}
export interface LineageDeployed {
  id: string;
  by: string[];
}
export interface LineageEdge {
  source: string;
  target: string;
  /**
   * The input's or output's name.
   */
  name: string | null;
}
export interface LineageNode {
  /**
   * Kind and ML Metadata id, as `artifact/12`.
   */
  id: string;
  kind: 'artifact' | 'execution' | 'context';
  /**
   * ML Metadata type, as `system.Model`.
   */
  type: string;
  name: string;
  uri: string | null;
  /**
   * ML Metadata's state, as `LIVE` or `COMPLETE`.
   */
  state: string | null;
  /**
   * Of an execution: the id of its run.
   */
  run: string | null;
}
export interface LineageReason {
  kind: 'input' | 'code' | 'environment';
  /**
   * What made the artifact, as `execution/5`.
   */
  execution: string;
  /**
   * The input's name, or what changed of the code or environment, as `version`.
   */
  name: string;
  was: string | null;
  /**
   * None for an input that is stale itself and was not made again.
   */
  now: string | null;
  /**
   * The same in one line.
   */
  text: string;
}
export interface LineageStale {
  id: string;
  reasons: LineageReason[];
  /**
   * Its newest version, when it was made again.
   */
  newer: string | null;
}
export interface LineageImpact {
  nodes: LineageNode[];
  edges: LineageEdge[];
  truncated: boolean;
  missing: number;
  stale: LineageStale[];
  deployed: LineageDeployed[];
  /**
   * Other artifacts with the same content.
   */
  same: LineageNode[];
}
export interface LineageAnswer {
  nodes: LineageNode[];
  edges: LineageEdge[];
  truncated: boolean;
  missing: number;
}
export interface ContextLink {
  id: string;
  type: string;
  name: string;
}
export interface GitState {
  commit: string;
  branch: string | null;
  dirty: boolean;
}
export interface NamedNode {
  name: string | null;
  node: GraphNode;
}
export interface Note {
  text: string;
  user: string;
  updated: number;
}
export interface StaleReason {
  kind: 'input' | 'code' | 'environment';
  name: string;
  was: string | null;
  now: string | null;
  text: string;
}
export interface NodeDetail {
  node: GraphNode;
  /**
   * Milliseconds since 1970.
   */
  updated: number;
  host: string | null;
  engine: string | null;
  /**
   * A digest of what it ran in.
   */
  environment: string | null;
  git: GitState | null;
  error: string | null;
  parameters: {
    [k: string]: unknown;
  };
  outputs: {
    [k: string]: unknown;
  };
  metrics: {
    [k: string]: number;
  };
  properties: {
    [k: string]: unknown;
  };
  inputs: NamedNode[];
  products: NamedNode[];
  contexts: ContextLink[];
  tags: {
    [k: string]: string;
  };
  note: Note | null;
  /**
   * Bytes.
   */
  size: number | null;
  /**
   * Whether the file is there; null when it is elsewhere.
   */
  exists: boolean | null;
  /**
   * Other artifacts with the same content.
   */
  same: GraphNode[];
  stale: StaleReason[];
  /**
   * Its newest version, when there is one.
   */
  newer: string | null;
  /**
   * Whether the notebook is kept as it was executed.
   */
  notebook: boolean;
  /**
   * Contents path of the artifact's file, or of the run's document.
   */
  path: string | null;
}
export interface NodeVersion {
  node: GraphNode;
  metrics: {
    [k: string]: number;
  };
  parameters: {
    [k: string]: unknown;
  };
  same: boolean;
}
export interface NodeVersions {
  versions: NodeVersion[];
  current: number;
}
export interface Progress {
  done: number;
  total: number;
}
export interface Outlook {
  progress: Progress;
  /**
   * What all of it takes, as its tasks took before
   */
  expected_seconds: number | null;
  /**
   * What is left of that
   */
  remaining_seconds: number | null;
}
export interface Canvas {
  notes?: {
    [k: string]: Note;
  };
  groups?: {
    [k: string]: Group;
  };
  wires?: {
    [k: string]: Wire;
  };
  [k: string]: unknown;
}
export interface Group {
  title?: string;
  tasks?: string[];
  collapsed?: boolean;
  [k: string]: unknown;
}
export interface Wire {
  label?: string | null;
  via?: [number, number][] | null;
  [k: string]: unknown;
}
export interface ConfigMapVolume {
  config_map: string;
  path: string;
  optional?: boolean;
  [k: string]: unknown;
}
export interface EmptyDir {
  name: string;
  path: string;
  medium?: ('Memory' | 'HugePages') | null;
  size?: string | null;
  [k: string]: unknown;
}
export interface ForEach {
  /**
   * A literal; for an artifact, a file beside the document
   */
  value?: unknown;
  /**
   * A parameter of the pipeline
   */
  parameter?: string | null;
  /**
   * `task.output`
   */
  output?: string | null;
  /**
   * Name of a secret, resolved only where the task runs
   */
  secret?: string | null;
  /**
   * The input that takes each item; without it an item is an object
   */
  input?: string | null;
  /**
   * How many run at once
   */
  max_parallel?: number | null;
  [k: string]: unknown;
}
export interface Kubernetes {
  /**
   * Environment variables from secrets: variable to secret/key
   */
  secrets_as_env?: {
    [k: string]: string;
  };
  /**
   * Folders of secrets
   */
  secrets_as_volumes?: SecretVolume[];
  /**
   * Environment variables from ConfigMaps: variable to map/key
   */
  config_maps_as_env?: {
    [k: string]: string;
  };
  /**
   * Folders of ConfigMaps
   */
  config_maps_as_volumes?: ConfigMapVolume[];
  /**
   * PersistentVolumeClaims, and their folders
   */
  volumes?: Volume[];
  /**
   * Folders that live as long as the pod
   */
  empty_dirs?: EmptyDir[];
  /**
   * Labels that the node must have
   */
  node_selector?: {
    [k: string]: string;
  };
  /**
   * Taints that do not keep the task away
   */
  tolerations?: Toleration[];
  /**
   * Where it must, or had better, run
   */
  node_affinity?: NodeAffinity[];
  image_pull_policy?: ('Always' | 'IfNotPresent' | 'Never') | null;
  /**
   * Secrets by which the image is got
   */
  image_pull_secrets?: string[];
  /**
   * Labels of the pod
   */
  labels?: {
    [k: string]: string;
  };
  /**
   * Annotations of the pod
   */
  annotations?: {
    [k: string]: string;
  };
  [k: string]: unknown;
}
export interface SecretVolume {
  secret: string;
  path: string;
  optional?: boolean;
  [k: string]: unknown;
}
export interface Volume {
  claim: string;
  path: string;
  sub_path?: string;
  read_only?: boolean;
  [k: string]: unknown;
}
export interface Toleration {
  key?: string | null;
  operator?: ('Equal' | 'Exists') | null;
  value?: string | null;
  effect?: ('NoSchedule' | 'PreferNoSchedule' | 'NoExecute') | null;
  seconds?: number | null;
  [k: string]: unknown;
}
export interface NodeAffinity {
  /**
   * Of a node's labels
   */
  match_expressions?: Match[];
  /**
   * Of a node's fields, such as metadata.name
   */
  match_fields?: Match[];
  weight?: number | null;
  [k: string]: unknown;
}
export interface Match {
  key: string;
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  values?: string[];
  [k: string]: unknown;
}
export interface PipelineOutput {
  /**
   * `task.output`
   */
  output: string;
  description?: string;
  [k: string]: unknown;
}
export interface Retry {
  attempts?: number;
  backoff?: number;
  /**
   * Names of errors, such as ConnectionError or timeout; none: any error
   */
  on?: string[];
  [k: string]: unknown;
}
export interface Source {
  /**
   * A literal; for an artifact, a file beside the document
   */
  value?: unknown;
  /**
   * A parameter of the pipeline
   */
  parameter?: string | null;
  /**
   * `task.output`
   */
  output?: string | null;
  /**
   * Name of a secret, resolved only where the task runs
   */
  secret?: string | null;
  [k: string]: unknown;
}
export interface Task {
  component: string;
  description?: string;
  inputs?: {
    [k: string]: Source;
  };
  /**
   * Runs only when this expression holds
   */
  when?: string | null;
  /**
   * Runs once for each item of a list
   */
  for_each?: ForEach | null;
  retry?: Retry | null;
  /**
   * Seconds
   */
  timeout?: number | null;
  resources?: {
    [k: string]: unknown;
  } | null;
  /**
   * The container image that it runs in, where an engine runs containers
   */
  image?: string | null;
  /**
   * What it asks of Kubernetes; engines without it pass it over
   */
  kubernetes?: Kubernetes | null;
  cache?: boolean;
  /**
   * Tasks that must end well before, which give it nothing
   */
  after?: string[];
  /**
   * Environment variables that what it gives depends on
   */
  environment?: string[];
  [k: string]: unknown;
}
export interface Pipeline {
  format?: 'claimed-pipeline/1';
  name: string;
  description?: string;
  parameters?: {
    [k: string]: PipelineParameter;
  };
  tasks?: {
    [k: string]: Task;
  };
  outputs?: {
    [k: string]: PipelineOutput;
  };
  /**
   * The task that runs when all others have ended, however they did
   */
  on_exit?: string | null;
  /**
   * Seconds for the whole run
   */
  timeout?: number | null;
  /**
   * The container image of notebooks whose task names none
   */
  image?: string | null;
  layout?: {
    /**
     * @minItems 2
     * @maxItems 2
     */
    [k: string]: [number, number];
  };
  /**
   * What is drawn apart from tasks; it changes no run
   */
  canvas?: Canvas | null;
  [k: string]: unknown;
}
export interface Preview {
  name: string;
  type: string;
  uri: string;
  artifact_id: number | null;
  mimebundle: {
    [k: string]: unknown;
  };
  truncated: boolean;
  /**
   * Bytes, of an artifact
   */
  size: number | null;
  /**
   * It is elsewhere, and comes when it is asked for
   */
  fetch: boolean;
}
export interface ReproducedRow {
  task: string;
  output: string;
  expected: unknown;
  got: unknown;
  same: boolean;
  why: string | null;
}
export interface Reproduction {
  verdict: 'running' | 'reproduced' | 'different' | 'failed';
  text: string;
  run_id: string;
  original: string;
  rows: ReproducedRow[];
}
export interface TaskRecord {
  state: 'NEW' | 'RUNNING' | 'COMPLETE' | 'FAILED' | 'CACHED' | 'CANCELED';
  cached: boolean;
  seconds: number | null;
  component: string;
  title: string;
  /**
   * Why it ran, or was skipped
   */
  reason: string;
  started: string | null;
  finished: string | null;
  inputs: {
    [k: string]: unknown;
  };
  outputs: {
    [k: string]: unknown;
  };
  error: string | null;
  traceback: string | null;
  /**
   * Number of the cell that failed, from 1
   */
  cell: number | null;
  /**
   * Path of the executed notebook
   */
  notebook: string | null;
  log: string | null;
  execution_id: number | null;
  attempt: number;
  /**
   * Seconds that it took when it last ran to its end
   */
  expected: number | null;
  /**
   * Processor time of its kernel and the children of that
   */
  cpu_seconds: number | null;
  /**
   * The most memory that these had
   */
  memory_bytes: number | null;
}
export interface RunRecord {
  run_id: string;
  pipeline: string;
  path: string;
  state: 'NEW' | 'RUNNING' | 'COMPLETE' | 'FAILED' | 'CACHED' | 'CANCELED';
  engine: string;
  started: string | null;
  finished: string | null;
  seconds: number | null;
  parameters: {
    [k: string]: unknown;
  };
  user: string;
  /**
   * Path of the page with the run's reports
   */
  report: string | null;
  /**
   * Where its lineage is kept: a path, or a URL without a password
   */
  lineage: string | null;
  error: string | null;
  tasks: {
    [k: string]: TaskRecord;
  };
}
export interface Validation {
  valid: boolean;
  diagnostics: Diagnostic[];
}
