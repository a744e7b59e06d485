"""An older ML Metadata schema made ours, when somebody asks for it: backed up first, then upgraded by the official
library itself in a process of its own. We never upgrade by ourselves: nobody knows those schemas as it does.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from claimed_jlab.lineage import hosted
from claimed_jlab.lineage.errors import LineageError, OlderStore, StoreUnavailable
from claimed_jlab.lineage.location import file_of, is_url, shown
from claimed_jlab.lineage.sqlite_file import examine, explained
from claimed_jlab.lineage.store import backend_of

_LONG_SECONDS = 24 * 3600
_PORTS = {"postgresql": 5432, "mysql": 3306}


class NoBackup(LineageError):
    """A server's database is to be upgraded, and nobody said that it was backed up."""

    code = "no-backup"


def needs_upgrade(location: str) -> str | None:
    """One line on the older schema of the store there; None when it is ours already.

    Raises NotAStore, NewerStore, StoreUnavailable.
    """
    try:
        path = file_of(location)
        if path is not None:
            examine(path.expanduser().absolute())
        else:
            backend, place, _ = backend_of(location)
            backend.open_source(place).dispose()
    except OlderStore as error:
        return error.message
    return None


def back_up(path: Path) -> Path:
    """A copy of a SQLite store beside it, whole even while others write. Raises StoreUnavailable."""
    copy = path.with_name(f"{path.name}.backup-{time.strftime('%Y%m%d-%H%M%S')}")
    with explained(str(copy)):
        if copy.exists():
            raise StoreUnavailable("there is a back-up of this second already", where=str(copy), hint="try again")
        try:
            source = contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True))
            with source as old, contextlib.closing(sqlite3.connect(copy)) as new:
                old.backup(new)
                if new.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                    raise StoreUnavailable("the store is damaged: its copy is", where=str(path))
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
    return copy


def require_backup(location: str, backed_up: bool) -> None:
    """Raises NoBackup for a server's database unless whoever asks has backed it up."""
    if backed_up or file_of(location) is not None:
        return
    url = hosted.parse(location)
    program = "pg_dump" if url.get_backend_name() == "postgresql" else "mysqldump"
    raise NoBackup(
        "a server's database is not backed up here",
        where=shown(location),
        hint=f"{program} {url.database} > FILE, then ask again with --i-have-a-backup",
    )


def upgrade(location: str, python: str, *, backed_up: bool = False) -> Path | None:
    """Upgrade the store there; gives the back-up that was made of a SQLite file.

    python: one that has ml-metadata.  backed_up: whether a server's database was backed up by whoever asks.
    Raises NoBackup, NotAStore, NewerStore, StoreUnavailable; after a failure the store is as it was, or as the
    back-up has it.
    """
    path = file_of(location)
    if path is not None:
        path = path.expanduser().absolute()
        copy = back_up(path)
        _run(python, {"sqlite": str(path)}, str(path), f"the back-up is {copy}")
        return copy
    require_backup(location, backed_up)
    _run(python, _configuration(location), shown(location), "restore the back-up if the store is of no use now")
    return None


def _run(python: str, configuration: dict[str, Any], where: str, after: str) -> None:
    program = Path(__file__).with_name("upgrade_official.py")
    done = subprocess.run(
        [python, "-I", str(program)],
        input=json.dumps(configuration) + "\n",
        capture_output=True,
        text=True,
        timeout=_LONG_SECONDS,
    )
    left = needs_upgrade(where if not is_url(where) else _full(configuration, where)) if not done.returncode else None
    if done.returncode or left is not None:
        said = next((line for line in reversed(done.stderr.splitlines()) if line.strip()), left or "it ended")
        raise StoreUnavailable(
            f"the official library could not upgrade it: {said.strip()[:300]}", where=where, hint=after
        )


def _full(configuration: dict[str, Any], where: str) -> str:
    given: dict[str, Any] = next(iter(configuration.values()))
    url = hosted.parse(where)
    return url.set(password=given.get("password")).render_as_string(hide_password=False)


def _configuration(location: str) -> dict[str, Any]:
    """The library's own configuration of a connection."""
    url: URL = hosted.parse(location)
    kind = "postgresql" if url.get_backend_name() == "postgresql" else "mysql"
    query = {name: value for name, value in url.query.items() if isinstance(value, str)}
    common = {"user": url.username or query.get("user", ""), "skip_db_creation": True}
    if kind == "postgresql":
        password = url.password or os.environ.get("PGPASSWORD")
        return {
            kind: {
                **common,
                "host": url.host or query.get("host", "localhost"),
                "port": str(url.port or _PORTS[kind]),
                "dbname": url.database,
                # It wants one or the other, also where the server wants neither.
                **({"passfile": query["passfile"]} if "passfile" in query else {"password": password or "none"}),
            }
        }
    password = url.password or os.environ.get("MYSQL_PWD")
    place = (
        {"socket": query["unix_socket"]}
        if "unix_socket" in query
        else {"host": url.host or "localhost", "port": url.port or _PORTS[kind]}
    )
    return {kind: {**common, **place, "database": url.database, **({"password": password} if password else {})}}
