"""Where the lineage store is: one answer for the server, the commands, the workers and the engines.

The environment variable CLAIMED_LINEAGE counts first, then `c.ClaimedApp.lineage_store` in Jupyter's configuration;
without either it is `lineage.db` in the CLAIMED home. It is a path or a URL: `sqlite:////data/lineage.db`,
`postgresql://user@host/database`, `mysql://user@host/database`.

A location that is written down (in a run's record, a log, an answer) carries no password. Who opens it again asks
`reopened`, which knows the password when the configuration does; else the driver finds it where it always looks.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from claimed_jlab.configuration import site_configuration
from claimed_jlab.paths import writable_home

VARIABLE = "CLAIMED_LINEAGE"
_FILE = "lineage.db"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
# A password may hold an "@" or a "/" as %40 and %2F only; one that does all the same is cut off whole.
_PASSWORD = re.compile(r"(?P<before>^[A-Za-z][A-Za-z0-9+.-]*://[^/?#:@]*):(?:[^?]*(?=@)|[^@]*(?=@))")
_SECRET_FIELD = re.compile(r"(?i)(?<=[?&])(password|passwd|sslpassword)=[^&#]*&?")
# Full locations by what is shown of them, as this process was told.
_told: dict[str, str] = {}


def store_location() -> str:
    """A path or a URL, perhaps with a password; never to be shown as it is.

    Raises ClaimedError when it lies in the CLAIMED home and that can't be written to, or when Jupyter's
    configuration can't be read.
    """
    return configured_location() or str(writable_home() / _FILE)


def configured_location() -> str | None:
    """What the environment or Jupyter's configuration says; None when neither says anything.

    Perhaps with a password.  Raises ClaimedError when Jupyter's configuration can't be read.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return reopened(given)
    return _absolute(str(site_configuration().get("lineage_store", "")).strip()) or None


def shown(location: str) -> str:
    """The location without a password, to be written down."""
    if not is_url(location):
        return location
    return _SECRET_FIELD.sub("", _PASSWORD.sub(r"\g<before>", location)).rstrip("?&")


def reopened(kept: str) -> str:
    """The location for a written-down one: with its password, where this process or the configuration has it."""
    kept = _absolute(kept)
    if not is_url(kept) or kept.startswith("sqlite"):
        return kept
    if kept in _told:
        return _told[kept]
    given = os.environ.get(VARIABLE, "").strip()
    for full in (given, str(site_configuration().get("lineage_store", "")).strip()):
        if full and shown(full) == kept:
            return full
    return kept


def configure(location: str) -> None:
    """Take the location for this process and for those that it starts: they are told it without the password.

    Does nothing where the environment says already where the store is.
    """
    if os.environ.get(VARIABLE, "").strip():
        return
    full = _absolute(location.strip())
    if full:
        _told[shown(full)] = full
        os.environ[VARIABLE] = shown(full)


def is_url(location: str) -> bool:
    """Whether it names a database by its scheme, and not a file by its path."""
    return _SCHEME.match(location) is not None


def file_of(location: str) -> Path | None:
    """The file of a SQLite store; None when a server has it."""
    if not is_url(location):
        return Path(location)
    location = _absolute(location)
    if not is_url(location):
        return Path(location)
    if not location.startswith("sqlite"):
        return None
    from sqlalchemy import make_url

    database = make_url(location).database
    return Path(database) if database else None


def _absolute(location: str) -> str:
    # Not `Path.expanduser`, which raises for a user who is not there; opening says it better.
    if location.startswith("sqlite:///") and not location.startswith("sqlite:////"):
        location = location.removeprefix("sqlite:///").partition("?")[0]
    if not location or is_url(location):
        return location
    return str(Path(os.path.expanduser(location)).absolute())  # noqa: PTH111
