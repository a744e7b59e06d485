"""What a stand-in can be told when it starts."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Literal

Auth = Literal["none", "bearer", "dex-authservice", "dex-oauth2-proxy"]


@dataclass(frozen=True)
class Options:
    """prefix: the path that the API stands below (`/pipeline` in Kubeflow).  python: what `python3` is in a pod.

    auth: `dex-authservice` is Kubeflow up to 1.8, `dex-oauth2-proxy` from 1.9.  tokens: token to the namespaces that it
    may use, none of them is all.  users: mail to password.  user_namespaces: mail to namespaces.
    session_seconds: how long a cookie lives.
    unauthorized: what oauth2-proxy answers without a cookie, 302 (to the sign-in) or 403 (its sign-in page).
    secrets: name to {key: value}, what the cluster has.  metadata: whether ML Metadata can be reached.
    clock: how many seconds of a schedule go by in one second.  backoff: factor on the waits between retries.
    gateway: 1 answers errors as grpc-gateway 1 does (with `error`), 2 without.  version: "v1" has no v2beta1 API.
    pods: how many containers run at once.  tls: None, or "trusted", "wrong-host", "expired".
    release: what it says it is.  ui: whether the UI server stands before the API (logs, artifacts; every unknown path is
    its page); without it, the API server alone.  dashboard: whether Kubeflow's page answers for all outside the prefix.
    artifact_iterators: KFP's compiler refuses loops over artifacts; True lets them run.
    """

    port: int = 0
    host: str = "127.0.0.1"
    prefix: str = ""
    python: str = sys.executable
    multi_user: bool = False
    namespace: str = "kubeflow"
    auth: Auth = "none"
    tokens: dict[str, list[str]] = field(default_factory=dict)
    users: dict[str, str] = field(default_factory=lambda: {"user@example.com": "12341234"})
    user_namespaces: dict[str, list[str]] = field(
        default_factory=lambda: {"user@example.com": ["kubeflow-user-example-com"]}
    )
    session_seconds: float = 86_400
    unauthorized: int = 302
    secrets: dict[str, dict[str, str]] = field(default_factory=dict)
    config_maps: dict[str, dict[str, str]] = field(default_factory=dict)
    metadata: bool = False
    clock: float = 1.0
    backoff: float = 0.01
    gateway: int = 1
    version: str = "v2"
    pods: int = 4
    tls: str | None = None
    pipeline_root: str = "minio://mlpipeline/v2/artifacts"
    artifact_iterators: bool = False
    largest_workflow: int = 1_000_000
    release: str = "2.5.0"
    ui: bool = True
    dashboard: bool = False
