"""The names Kubeflow Pipelines 2 writes into ML Metadata; the few of ours begin with `claimed.`."""

from __future__ import annotations

# The version of ML Metadata's database schema that all this is about.
SCHEMA_VERSION = 10

PIPELINE = "system.Pipeline"
PIPELINE_RUN = "system.PipelineRun"
DAG = "system.DAGExecution"
CONTAINER = "system.ContainerExecution"
IMPORTER = "system.ImporterExecution"
# ML Metadata's own base type of what puts a model into use.
DEPLOY = "mlmd.Deploy"
ARTIFACT_TITLES = (
    "Artifact",
    "Dataset",
    "Model",
    "Metrics",
    "ClassificationMetrics",
    "SlicedClassificationMetrics",
    "HTML",
    "Markdown",
)

DISPLAY_NAME = "display_name"
TASK_NAME = "task_name"
PARENT_DAG_ID = "parent_dag_id"
# A run's root execution is named by the run's id after this.
ROOT_PREFIX = "run/"
INPUTS = "inputs"
OUTPUTS = "outputs"
CACHED_EXECUTION_ID = "cached_execution_id"
STORE_SESSION_INFO = "store_session_info"

# Kubernetes' words, empty outside a cluster.
POD = {"pod_name": "", "pod_uid": "", "namespace": "", "image": ""}
RUN_CONTEXT = {"namespace": "", "resource_name": "run-resource", "pipeline_root": "", STORE_SESSION_INFO: ""}

# The digest of an artifact's content.
DIGEST = "claimed.digest"
# What an execution ran, and where: texts that differ when the code or what is installed does.
COMPONENT = "claimed.component"
COMPONENT_VERSION = "claimed.component_version"
SOURCE = "claimed.source"
NOTEBOOK_DIGEST = "claimed.notebook_digest"
ENVIRONMENT = "claimed.environment"
# What an execution required as it was installed then: {package: version}, and `python`.
PACKAGES = "claimed.packages"
# {input: name} of the secrets that an execution took; what they are is nowhere.
SECRETS = "claimed.secrets"
# Of a run's root: who started it, where, on which engine, and where its document stood in Git.
USER = "claimed.user"
HOST = "claimed.host"
ENGINE = "claimed.engine"
VERSION = "claimed.version"
PIPELINE_PATH = "claimed.pipeline_path"
GIT_COMMIT = "claimed.git_commit"
GIT_BRANCH = "claimed.git_branch"
GIT_DIRTY = "claimed.git_dirty"
# Where the notebook lies as it was executed.
EXECUTED_NOTEBOOK = "claimed.executed_notebook"
# What people say of a node: a tag's name follows the prefix, its value is a text; a note is a Struct.
TAG = "claimed.tag."
NOTE = "claimed.note"
# One line: why an execution failed.
ERROR = "claimed.error"
# {name: artifact id} of what an execution reads, when it reads one artifact under several names: ML Metadata keeps
# one event for an artifact and an execution, and an event has one name.
ALSO_INPUTS = "claimed.inputs"


def artifact_type(title: str) -> str:
    """`Model` -> `system.Model`; a title with a dot is somebody's own and stays."""
    return title if "." in title else f"system.{title or 'Artifact'}"


def run_key(run_id: str) -> str:
    """External id of a run's context and of its root execution."""
    return f"claimed:{run_id}"


def task_key(run_id: str, task: str) -> str:
    """External id of a task's execution."""
    return f"claimed:{run_id}/{task}"


def output_key(run_id: str, task: str, output: str) -> str:
    """External id of an artifact that a task made."""
    return f"claimed:{run_id}/{task}/{output}"
