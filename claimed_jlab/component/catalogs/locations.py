"""Reads what a person wrote as the place of a catalog: what kind it is, and what of it may never be kept.

A location becomes an argument of `git`, a URL that is opened, a line in a file and a line on a screen; so whatever
could be taken for an option, another transport or a secret is refused here, before anything is done with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from claimed_jlab.component.catalogs.entry import ADDED_KINDS, Kind
from claimed_jlab.component.catalogs.errors import BadLocation

ARCHIVES = (".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar")
_YAML = (".yaml", ".yml")
_SCHEMES = ("http", "https", "file", "ssh", "git")
_URL = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*)://")
_TRANSPORT = re.compile(r"^[A-Za-z0-9+.-]+::")
_SCP = re.compile(r"^[\w.-]+@[\w][\w.-]*:[^\s:/-][^\s]*$")
_SECRETS = re.compile(r"token|secret|passw|signature|api.?key|^(sig|key|auth|code)$", re.IGNORECASE)
_REF = re.compile(r"^(?!.*(\.\.|//|@\{))[A-Za-z0-9_][A-Za-z0-9_./+@-]*$")
_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
_LONGEST = 2000


@dataclass(frozen=True)
class Location:
    """A place, checked. text: the URL without its fragment, or an absolute path.  sha256: what its bytes must be."""

    kind: Kind
    text: str
    sha256: str | None = None

    @property
    def is_url(self) -> bool:
        return _URL.match(self.text) is not None


def read_location(text: str, kind: str | None = None, *, base: Path | None = None) -> Location:
    """Checks a location, and guesses its kind where none is given.

    base: the folder that a relative path begins at; by default the working folder.
    Raises BadLocation: no place, no such file, an option, an unknown scheme, or a URL with a password in it.
    """
    text = text.strip()
    if kind is not None and kind not in ADDED_KINDS:
        raise BadLocation(f"{kind!r} is no kind of catalog", hint=f"use one of {', '.join(ADDED_KINDS)}")
    if not text or len(text) > _LONGEST or not text.isprintable() or text.startswith("-"):
        raise BadLocation("is no place of a catalog", where=_shown(text), hint="give a URL or the path of a folder")
    if _SCP.match(text):
        return Location(_wanted(kind, "git", ("git",), text), text)
    if _URL.match(text):
        return _url(text, kind)
    if _TRANSPORT.match(text):
        raise BadLocation("is not a way of fetching that is allowed", where=_shown(text), hint=_schemes())
    return _path(text, kind, base)


def check_ref(ref: str) -> str:
    """A branch, a tag or a commit. Raises BadLocation for what git could take for something else."""
    if not _REF.match(ref) or ref.endswith((".lock", "/", ".")):
        raise BadLocation(f"{ref!r} is no branch, tag or commit", where="ref")
    return ref


def check_name(name: str) -> str:
    """A catalog's name. Raises BadLocation."""
    if not _NAME.match(name):
        hint = "use letters, digits, _ and -, at most 64, a letter or digit first"
        raise BadLocation(f"{name!r} is no name for a catalog", where="name", hint=hint)
    return name


def slug(text: str) -> str:
    """A catalog's name made of any text; `catalog` where nothing is left."""
    kept = "".join(letter if letter.isascii() and (letter.isalnum() or letter == "_") else "-" for letter in text)
    return "-".join(part for part in kept.split("-") if part).lstrip("_-")[:64].rstrip("-") or "catalog"


def default_name(location: Location) -> str:
    """What to call a catalog of this place: the last part of its path that says something."""
    path = unquote(urlsplit(location.text).path) if location.is_url else location.text.rpartition(":")[2]
    parts = [part for part in re.split(r"[/\\]+", path) if part] or ["catalog"]
    last = parts[-1]
    for suffix in (*ARCHIVES, *_YAML, ".json", ".git"):
        if last.lower().endswith(suffix):
            last = last[: -len(suffix)]
            break
    generic = last.lower() in ("component", "main", "master", "components", "archive", "")
    return slug(parts[-2] if generic and len(parts) > 1 else last)


def _url(text: str, kind: str | None) -> Location:
    try:
        parts = urlsplit(text)
        host, password = parts.hostname or "", parts.password
    except ValueError:
        raise BadLocation("is no URL", where=_shown(text)) from None
    scheme = parts.scheme.lower()
    if scheme not in _SCHEMES:
        raise BadLocation(f"{scheme!r} is not a way of fetching that is allowed", where=_shown(text), hint=_schemes())
    if password is not None or (parts.username is not None and scheme != "ssh") or _names_a_secret(parts.query):
        hint = "leave it out: git takes it from a credential helper, an archive can be downloaded and added as a file"
        raise BadLocation("has a password or a token in it, which would be kept", where=_shown(text), hint=hint)
    if host.startswith("-") or any(letter.isspace() for letter in text) or bool(host) == (scheme == "file"):
        raise BadLocation("is no URL", where=_shown(text))
    if scheme == "file" and not Path(unquote(parts.path)).exists():
        raise BadLocation("there is no such file or folder", where=text)
    plain = text.partition("#")[0]
    guessed = "git" if scheme in ("ssh", "git") else _guess(parts.path)
    fitting: tuple[Kind, ...] = ("git",) if scheme in ("ssh", "git") else ("git", "archive", "kfp")
    return Location(_wanted(kind, guessed, fitting, plain), plain, _sha256(parts.fragment, text))


def _path(text: str, kind: str | None, base: Path | None) -> Location:
    try:
        path = Path(text).expanduser()
        path = path if path.is_absolute() else (base or Path.cwd()) / path
        path = path.absolute()
        is_folder, is_file = path.is_dir(), path.is_file()
    except (RuntimeError, OSError, ValueError):
        is_folder = is_file = False
    if not is_folder and not is_file:
        hint = "give a URL or the path of a folder"
        raise BadLocation("there is no such file or folder", where=_shown(text), hint=hint)
    if is_folder:
        return Location(_wanted(kind, "folder", ("folder", "git", "kfp"), text), str(path))
    return Location(_wanted(kind, _guess(path.name), ("archive", "kfp", "elyra"), text), str(path))


def _guess(path: str) -> Kind:
    lower = path.lower()
    if lower.endswith(ARCHIVES):
        return "archive"
    if lower.endswith(_YAML):
        return "kfp"
    return "elyra" if lower.endswith(".json") else "git"


def _wanted(kind: str | None, guessed: Kind, fitting: tuple[Kind, ...], text: str) -> Kind:
    chosen = guessed if kind is None else next(item for item in ADDED_KINDS if item == kind)
    if chosen not in fitting:
        hint = f"here a catalog is one of: {', '.join(fitting)}"
        raise BadLocation(f"can't be a catalog of kind {chosen}", where=_shown(text), hint=hint)
    return chosen


def _names_a_secret(query: str) -> bool:
    return any(_SECRETS.search(name) for name, _ in parse_qsl(query, keep_blank_values=True))


def _sha256(fragment: str, text: str) -> str | None:
    if not fragment.startswith("sha256="):
        return None
    digest = fragment.removeprefix("sha256=").lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise BadLocation("its #sha256= is no digest of 64 hexadecimal digits", where=_shown(text))
    return digest


def _shown(text: str) -> str:
    """The location as an error may show it: short, printable, without what stands before an @ or behind a ?."""
    plain = re.sub(r"//[^/@]*@", "//…@", text).partition("?")[0]
    shown = "".join(letter if letter.isprintable() else "�" for letter in plain)
    return shown[:200] or "location"


def _schemes() -> str:
    return f"use one of {', '.join(f'{scheme}://' for scheme in _SCHEMES)}, or git@host:path"
