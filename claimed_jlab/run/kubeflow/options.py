"""What a site or a run asks of a compiled pipeline beside what its document says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CompileOptions:
    """image: for notebooks whose task and pipeline name none.  pipeline_root: below it goes what the spec can't hold.

    image_pull_secrets, image_pull_policy: of tasks that name none.  carry_files: whether small files beside the
    document travel in the spec, where there is no pipeline root.
    """

    image: str | None = None
    pipeline_root: str | None = None
    image_pull_secrets: tuple[str, ...] = ()
    image_pull_policy: str | None = None
    carry_files: bool = False


DEFAULTS = CompileOptions()


def with_site(kubernetes: dict[str, Any], options: CompileOptions) -> dict[str, Any]:
    """What Kubernetes is told of a task, with the site's way of getting images where the task says none."""
    found = dict(kubernetes)
    if options.image_pull_secrets and "imagePullSecret" not in found:
        found["imagePullSecret"] = [pull_secret(name) for name in options.image_pull_secrets]
    if options.image_pull_policy and "imagePullPolicy" not in found:
        found["imagePullPolicy"] = options.image_pull_policy
    return found


def pull_secret(name: str) -> dict[str, Any]:
    """A secret by which images are got."""
    return {"secretName": name, **named_by("secretName", name)}


def named_by(field: str, name: str) -> dict[str, Any]:
    """The field that newer versions of KFP read for the name of a thing of Kubernetes'."""
    return {f"{field}Parameter": {"runtimeValue": {"constant": name}}}
