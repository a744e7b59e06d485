"""What a person says of a Kubeflow Pipelines installation. No credential is among it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

# The variable that KFP's own client reads.
ENDPOINT_VARIABLE = "KF_PIPELINES_ENDPOINT"
# Where Kubeflow mounts the token for its API: kfp's ServiceAccountTokenVolumeCredentials.
SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubeflow/pipelines/token"

SignIn = Literal["none", "token", "service-account", "dex", "cookie"]


_SECRET = ["token", "dex", "cookie"]


def _field(
    default: Any, title: str, group: str, description: str, form: Mapping[str, Any] | None = None, **more: Any
) -> Any:
    """A setting. form: what its form needs beside: `x-when`, the values of others it is shown for; `x-words`."""
    return Field(
        default, title=title, description=description, json_schema_extra={"x-group": group, **(form or {})}, **more
    )


class KubeflowSettings(BaseModel):
    """The settings of the Kubeflow engine, as its form shows them."""

    model_config = ConfigDict(extra="forbid")

    endpoint: str = Field(
        default_factory=lambda: os.environ.get(ENDPOINT_VARIABLE, ""),
        title="Address of the API",
        description="For example https://kubeflow.example.org/pipeline",
        json_schema_extra={"x-group": "Connection", "format": "uri"},
    )
    ui: str = _field(
        "", "Address of the user interface", "Connection", "Where a browser opens Kubeflow; else the API's address"
    )
    ca_file: str = _field(
        "", "CA certificates", "Connection", "File of the authorities that signed the server's certificate (PEM)"
    )
    verify_tls: bool = _field(True, "Verify the certificate", "Connection", "Leave it on outside of experiments")
    timeout_seconds: float = _field(30.0, "Patience", "Connection", "Seconds to wait for an answer", gt=0, le=600)
    sign_in: SignIn = _field(
        "none",
        "Sign-in",
        "Sign-in",
        "A bearer token, the service account of this pod, a user of Dex, or the cookie of a session",
        {
            "x-credential": _SECRET,
            "x-credential-words": {"token": "Token", "dex": "Password", "cookie": "Cookie"},
            "x-words": {
                "none": "None",
                "token": "Bearer token",
                "service-account": "Service account of this pod",
                "dex": "User and password (Dex)",
                "cookie": "Cookie of a session",
            },
        },
    )
    user: str = _field(
        "", "User", "Sign-in", "The user's name or mail address, as Dex knows it", {"x-when": {"sign_in": ["dex"]}}
    )
    credential_from: Literal["keyring", "environment", "file"] = _field(
        "keyring",
        "Credential kept in",
        "Sign-in",
        "This system's keyring, an environment variable, or a mounted file",
        {
            "x-when": {"sign_in": _SECRET},
            "x-words": {"keyring": "Keyring", "environment": "Environment variable", "file": "Mounted file"},
        },
    )
    credential_name: str = _field(
        "",
        "Variable or file",
        "Sign-in",
        "Name of the environment variable, or path of the file, that holds it",
        {"x-when": {"credential_from": ["environment", "file"], "sign_in": _SECRET}},
    )
    namespace: str = _field("", "Namespace", "Runs", "Needed where Kubeflow has several users; else leave it empty")
    experiment: str = _field("Default", "Experiment", "Runs", "Where runs are listed; made when it is not there")
    service_account: str = _field("", "Service account", "Runs", "The pods' own; empty: the cluster's choice")
    image: str = _field("", "Image", "Runs", "For notebooks whose pipeline and component name none")
    image_pull_policy: Literal["", "Always", "IfNotPresent", "Never"] = _field(
        "",
        "Pull images",
        "Runs",
        "When a node fetches an image",
        {"x-words": {"": "As the cluster likes", "IfNotPresent": "If not present"}},
    )
    image_pull_secrets: list[str] = _field(
        [], "Pull secrets", "Runs", "Kubernetes secrets with which images are fetched"
    )
    pipeline_root: str = _field(
        "", "Pipeline root", "Runs", "Where artifacts are kept, such as s3://bucket/path; empty: the cluster's choice"
    )

    @field_validator("endpoint", "ui")
    @classmethod
    def _address(cls, value: str) -> str:
        value = value.strip().rstrip("/")
        if not value:
            return ""
        if "://" not in value:
            value = f"https://{value}"
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{value!r} is no address: write it as https://host/path")
        if parts.username or parts.password:
            raise ValueError("an address holds no password: keep it in the keyring")
        return value

    @field_validator("experiment")
    @classmethod
    def _named(cls, value: str) -> str:
        return value.strip() or "Default"

    @property
    def place(self) -> dict[str, str]:
        """What a request says of the namespace: nothing where there is none."""
        return {"namespace": self.namespace} if self.namespace else {}

    @property
    def browser(self) -> str:
        """The address of the user interface."""
        return self.ui or self.endpoint
