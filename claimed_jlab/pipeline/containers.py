"""Whether this machine can run containers: the program for it, if one is on PATH."""

from __future__ import annotations

import shutil

PROGRAMS = ("docker", "podman")


def container_program() -> str | None:
    """The path of `docker`, else of `podman`; None where neither is on PATH."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def needs_container(reference: str) -> str:
    """What to say of a component that is a container where there is no program to run one."""
    return f"{reference} is a container: install docker or podman to run it here, or run it on Kubeflow"
