"""What a task needs of a machine: cores, memory, GPUs, written as Kubernetes does (`500m`, `4Gi`).

Format of quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
"""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel, ConfigDict

from claimed_jlab.errors import ClaimedError

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*(m|[kKMGTPE]i?)?B?")
GPU = "nvidia.com/gpu"
_ACCELERATOR = re.compile(r"([a-z0-9][-a-z0-9.]*/)?[A-Za-z0-9][-A-Za-z0-9_.]*")
_POWERS = {"K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


class BadResources(ClaimedError):
    """Resources that are no object of `cpu`, `memory`, `gpu` and `accelerator`, or a quantity that is none."""

    code = "bad-resources"


class Resources(BaseModel):
    """What a task takes while it runs; None: its even share.

    cpu: cores, fractions too.  memory: bytes.  gpu: whole ones.  accelerator: Kubernetes' name of these.
    """

    model_config = ConfigDict(frozen=True)

    cpu: float | None = None
    memory: int | None = None
    gpu: int = 0
    accelerator: str = GPU


def parse_resources(given: Any) -> Resources:
    """The resources a document asks for: `{"cpu": 2, "memory": "4Gi", "gpu": 1}`. Raises BadResources."""
    if given is None:
        return Resources()
    if not isinstance(given, dict):
        raise BadResources(f"{given!r} is no object with cpu, memory, gpu and accelerator")
    for name in given:
        if name not in Resources.model_fields:
            raise BadResources(f"there is no resource {name!r}", hint="use cpu, memory, gpu and accelerator")
    cpu = quantity(given["cpu"], "cpu") if given.get("cpu") is not None else None
    memory = quantity(given["memory"], "memory") if given.get("memory") is not None else None
    gpu = quantity(given.get("gpu") or 0, "gpu")
    if cpu == 0 or memory == 0:
        raise BadResources(f"{'cpu' if cpu == 0 else 'memory'} must be more than nothing")
    if gpu != int(gpu):
        raise BadResources(f"gpu must be a whole number, not {given['gpu']!r}")
    kind = given.get("accelerator", GPU)
    if not isinstance(kind, str) or not _ACCELERATOR.fullmatch(kind):
        raise BadResources(f"accelerator: {kind!r} is no kind of accelerator", hint=f"write it like {GPU}")
    return Resources(cpu=cpu, memory=None if memory is None else int(memory), gpu=int(gpu), accelerator=kind)


def quantity(given: Any, name: str) -> float:
    """A quantity as a number: `500m` is 0.5, `4Gi` is 4 * 1024**3. Raises BadResources."""
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < float("inf"):
        return float(given)
    found = _QUANTITY.fullmatch(given.strip()) if isinstance(given, str) else None
    if found is None:
        raise BadResources(f"{name}: {given!r} is no quantity", hint="write a number, 500m, or 4Gi")
    number, unit = float(found[1]), found[2] or ""
    if unit == "m":
        return number / 1000
    base = 1024 if unit.endswith("i") else 1000
    return float(number * base ** _POWERS.get(unit[:1].upper(), 0))
