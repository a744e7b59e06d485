"""Fetches a catalog from outside, once, into the store by its digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from claimed_jlab.component.catalogs import git
from claimed_jlab.component.catalogs.archive import only_folder, unpack
from claimed_jlab.component.catalogs.bare_notebooks import package_bare
from claimed_jlab.component.catalogs.download import LARGEST_ARCHIVE, LARGEST_FILE, download
from claimed_jlab.component.catalogs.elyra import read_connector
from claimed_jlab.component.catalogs.entry import Entry
from claimed_jlab.component.catalogs.errors import BadLocation, FetchFailed, NotKfp
from claimed_jlab.component.catalogs.kfp import read_kfp
from claimed_jlab.component.catalogs.locations import default_name, read_location
from claimed_jlab.component.catalogs.store import SOURCES, building, publish
from claimed_jlab.errors import ClaimedError


@dataclass(frozen=True)
class Fetched:
    """What the store now has. problem: what of it could not be fetched."""

    digest: str
    problem: str | None = None


def fetch(entry: Entry, sha256: str | None = None) -> Fetched:
    """Fetches what the catalog names now; the store then has it.

    sha256: what an archive's or a file's bytes must be.
    Raises FetchFailed, BadArchive, NotKfp, BadConnector, or ClaimedError when the home can't be written to.
    """
    problem = None
    with building() as folder:
        if entry.kind == "git":
            content, commit = git.fetch(entry.location, entry.ref, folder)
            digest = f"git:{commit}"
        elif entry.kind == "archive":
            content, digest = _archive(entry.location, folder, sha256)
        elif entry.kind == "kfp":
            content, digest = _yaml(entry.location, folder, sha256)
        else:
            content, digest, problem = _elyra(Path(entry.location), folder)
        if entry.kind in ("git", "archive"):
            package_bare(content)
        publish(content, digest)
    return Fetched(digest, problem)


def _archive(location: str, folder: Path, sha256: str | None) -> tuple[Path, str]:
    packed, content = folder / "packed", folder / "content"
    content.mkdir()
    digest = _download(location, packed, LARGEST_ARCHIVE, sha256)
    unpack(packed, content, location)
    return only_folder(content), digest


def _yaml(location: str, folder: Path, sha256: str | None) -> tuple[Path, str]:
    content = folder / "content"
    content.mkdir()
    digest = _download(location, content / f"{default_name(read_location(location))}.yaml", LARGEST_FILE, sha256)
    _refuse_no_component(content, location)
    return content, digest


def _elyra(connector: Path, folder: Path) -> tuple[Path, str, str | None]:
    """Fetches each URL; those that fail are told together, and only if all do there is nothing."""
    content = folder / "content"
    content.mkdir()
    sources: dict[str, str] = {}
    digests: list[str] = []
    failed: list[ClaimedError] = []
    for number, url in enumerate(read_connector(connector).paths, start=1):
        try:
            place = read_location(url, "kfp")
            if not place.is_url:
                raise BadLocation("is no URL", where=url)
            name = f"{number:03}-{default_name(place)}.yaml"
            digests.append(_download(place.text, folder / "one", LARGEST_FILE, None))
        except (BadLocation, FetchFailed) as error:
            failed.append(error)
            continue
        (folder / "one").replace(content / name)
        sources[name] = place.text
    if failed and not sources:
        raise failed[0]
    text = json.dumps({"sources": sources, "digests": digests}, indent=2)
    (content / SOURCES).write_text(text, encoding="utf-8")
    problem = f"{len(failed)} of {len(failed) + len(sources)} can't be fetched: {failed[0]}" if failed else None
    return content, f"sha256:{hashlib.sha256(text.encode()).hexdigest()}", problem


def _download(location: str, target: Path, limit: int, sha256: str | None) -> str:
    with target.open("wb") as file:
        found = download(location, file, limit=limit)
    if sha256 is not None and found != sha256:
        message = f"its sha256 is {found}, not the {sha256} that was asked for"
        raise FetchFailed(message, where=location, hint="nothing of it was kept")
    return f"sha256:{found}"


def _refuse_no_component(folder: Path, location: str) -> None:
    """What is one file must be one component, which is known at once. Raises NotKfp that names the location."""
    try:
        for path in folder.iterdir():
            read_kfp(path)
    except NotKfp as error:
        raise NotKfp(error.message, where=location, hint=error.hint) from None
