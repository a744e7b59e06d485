"""What the Kubernetes settings of a compiled pipeline say of a task, as far as a document can say it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from claimed_jlab.component.catalogs.loose import mapping


@dataclass
class Settings:
    """secrets: by the input that takes each, `name/key`, or `name` where the key is the input's.  timeout: seconds.

    lost: in words, what else there was.
    """

    secrets: dict[str, str] = field(default_factory=dict)
    timeout: int | None = None
    lost: list[str] = field(default_factory=list)


def executors_of(settings: Any) -> dict[str, Any]:
    """The settings by executor, of the second document of a compiled pipeline."""
    kubernetes = mapping(mapping(mapping(settings).get("platforms")).get("kubernetes"))
    return mapping(mapping(kubernetes.get("deploymentSpec")).get("executors"))


def kubernetes_of(given: Any) -> Settings:
    """What is said of one task."""
    found = Settings()
    for key, value in mapping(given).items():
        if key == "activeDeadlineSeconds" and str(value).isdigit():
            found.timeout = int(value)
        elif key == "secretAsEnv":
            for secret in value or []:
                _secret(mapping(secret), found)
        else:
            found.lost.append(f"Kubernetes' {key}")
    return found


def _secret(given: dict[str, Any], found: Settings) -> None:
    name = str(given.get("secretName"))
    for pair in map(mapping, given.get("keyToEnv") or []):
        variable, key = str(pair.get("envVar")), str(pair.get("secretKey"))
        found.secrets[variable] = name if key == variable else f"{name}/{key}"
