"""What of outside may run: a component that was fetched asks before it first runs, and again when its code changed.

A component is known by what it would run: its code cells, everything beside the notebook that code could be loaded
from, and what it would install; or its container's image, command, arguments and environment. So a changed description
asks nothing, and a changed module asks again.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from blake3 import blake3
from pydantic import BaseModel, ConfigDict, Field

from claimed_jlab.component.catalogs.origins import origin_of_fetched
from claimed_jlab.component.catalogs.outside import printable
from claimed_jlab.component.catalogs.state import FileStamp, StateFile
from claimed_jlab.component.catalogs.store import was_fetched
from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.errors import ClaimedError

_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?==[^\s;@/]+$")
# Beside a notebook, these are read by people and programs, and loaded as code by nobody.
_INERT = (".md", ".rst", ".txt", ".csv", ".tsv", ".json", ".yaml", ".yml", ".lock", ".png", ".jpg", ".svg", ".dcm")


class TrustedComponent(BaseModel):
    """What a person saw when they trusted it."""

    model_config = ConfigDict(frozen=True)

    reference: str
    origin: str
    when: str


class Trusted(BaseModel):
    """`$CLAIMED_HOME/trusted.json`, by the digest of what would run."""

    model_config = ConfigDict(frozen=True)

    format: Literal["claimed-trusted/1"] = "claimed-trusted/1"
    components: dict[str, TrustedComponent] = Field(default_factory=dict)


FILE = StateFile("trusted.json", Trusted)


class UntrustedComponents(ClaimedError):
    """A run has components from outside that nobody trusted yet; nothing was started.

    `components` tells of each its reference, title, author and origin, and the key of what would run.
    """

    code = "untrusted-component"

    def __init__(self, specs: list[ComponentSpec]) -> None:
        references = [spec.reference for spec in specs]
        comes = "comes" if len(specs) == 1 else "come"
        super().__init__(
            f"{', '.join(references)} {comes} from outside and may not run before you trust it",
            where=references[0],
            hint=f"jupyter claimed component trust {shlex.join(references)}",
        )
        self.specs = specs
        self.components: list[dict[str, Any]] = [
            {
                "reference": spec.reference,
                "title": printable(spec.title),
                "author": printable(spec.author),
                "origin": origin_of_fetched(Path(spec.path)),
                "key": trust_key(spec),
            }
            for spec in specs
        ]


def is_trusted(spec: ComponentSpec) -> bool:
    """Whether it may run without being asked about: it is not from outside, or was trusted as it is now."""
    if not was_fetched(spec.path):
        return True
    try:
        return trust_key(spec) in FILE.read().components
    except (ClaimedError, OSError):
        return False  # a file that can't be read lets nothing run


def trust_stamp() -> FileStamp:
    """Moves when something was trusted."""
    return FILE.stamp()


def trust(specs: Iterable[ComponentSpec], seen: Mapping[str, str] | None = None) -> list[str]:
    """Lets components run from now on, as they are now. Returns their references.

    seen: the keys, by reference, that a person was asked about; what has another key by now is left untrusted.
    Raises ClaimedError when the home can't be written to.
    """
    specs = [spec for spec in specs if seen is None or seen.get(spec.reference) == trust_key(spec)]
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    told = {
        trust_key(spec): TrustedComponent(reference=spec.reference, origin=origin_of_fetched(Path(spec.path)), when=now)
        for spec in specs
        if was_fetched(spec.path)
    }
    if told:
        FILE.change(lambda there: there.model_copy(update={"components": {**there.components, **told}}))
    return [spec.reference for spec in specs]


def refuse_untrusted(specs: Iterable[ComponentSpec]) -> None:
    """Raises UntrustedComponents when any of these may not run yet."""
    asked = {spec.reference: spec for spec in specs if not is_trusted(spec)}
    if asked:
        raise UntrustedComponents(list(asked.values()))


def trust_key(spec: ComponentSpec) -> str:
    """The digest of what a component would run."""
    if spec.container is not None:
        return spec.digest
    return _notebook_key(spec.path, spec.digest, spec.requirements)


@lru_cache(maxsize=4096)
def _notebook_key(notebook: str, digest: str, requirements: tuple[str, ...]) -> str:
    # What stands in the store never changes, so that a folder is walked once.
    hasher = blake3(digest.encode())
    for name in sorted(map(_installed_name, requirements)):
        hasher.update(f"\0{name}".encode())
    folder = Path(notebook).parent
    for path in loadable_files(Path(notebook)):
        if path.parent == folder and path.name.endswith(".py"):
            continue  # the component's own digest has its modules
        hasher.update(f"\0{path.relative_to(folder).as_posix()}\0".encode("utf-8", "surrogatepass"))
        hasher.update(path.read_bytes())
    return f"blake3:{hasher.hexdigest()}"


def loadable_files(notebook: Path) -> Iterator[Path]:
    """The files beside a component's notebook that code could be loaded from: all but what is only ever read."""
    for place, folders, names in os.walk(notebook.parent):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", ".ipynb_checkpoints"))
        for name in sorted(names):
            path = Path(place) / name
            if path != notebook and not name.lower().endswith(_INERT):
                yield path


def _installed_name(requirement: str) -> str:
    """A pinned requirement without its version, which for a notebook is that of this machine."""
    pinned = _PINNED.match(requirement)
    return pinned[1].lower() if pinned else requirement
