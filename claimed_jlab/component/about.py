"""What a notebook says of itself: name, title, category, version, licence, author.

The first markdown gives title and description, and, as `# Category / Group / Title`, its place among components. The
notebook's `claimed` metadata counts before everything that is read elsewhere.
"""

from __future__ import annotations

from typing import Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.version import InvalidVersion, Version

from claimed_jlab.component.edits import Fix, SetMetadata
from claimed_jlab.component.foreign import language_of
from claimed_jlab.component.source import NotebookSource
from claimed_jlab.component.spec import Diagnostic

# What CLAIMED's own notebooks begin their file names with.
_CATEGORIES = frozenset(
    {"analyze", "anomaly", "checkpoint", "deploy", "filter", "input", "metric", "monitoring", "output"}
    | {"predict", "segment", "sim", "train", "transform", "tune", "util", "visualize"}
)
_FIRST_VERSION = "0.1.0"
_LICENCE_MARK = "SPDX-License-Identifier:"
# How people write licences that SPDX calls otherwise; letters and digits only.
_LICENCES = {
    "apache": "Apache-2.0",
    "apache2": "Apache-2.0",
    "apache20": "Apache-2.0",
    "apachelicense20": "Apache-2.0",
    "apachelicenseversion20": "Apache-2.0",
    "apachesoftwarelicense": "Apache-2.0",
    "mitlicense": "MIT",
    "themitlicense": "MIT",
    "bsd": "BSD-3-Clause",
    "bsd3": "BSD-3-Clause",
    "newbsd": "BSD-3-Clause",
    "bsd2": "BSD-2-Clause",
    "gpl": "GPL-3.0-or-later",
    "gplv3": "GPL-3.0-or-later",
    "gpl3": "GPL-3.0-or-later",
    "gplv2": "GPL-2.0-or-later",
    "gpl2": "GPL-2.0-or-later",
    "lgpl": "LGPL-3.0-or-later",
    "lgplv3": "LGPL-3.0-or-later",
    "agpl": "AGPL-3.0-or-later",
    "agplv3": "AGPL-3.0-or-later",
    "mpl": "MPL-2.0",
    "mpl2": "MPL-2.0",
    "cc0": "CC0-1.0",
    "ccby": "CC-BY-4.0",
    "ccby4": "CC-BY-4.0",
    "ccbysa": "CC-BY-SA-4.0",
    "publicdomain": "CC0-1.0",
}


def read_about(source: NotebookSource, diagnostics: list[Diagnostic]) -> dict[str, Any]:
    """The fields of a spec that say who and what a component is; what is wrong with them is in `diagnostics`."""
    given = source.metadata.get("claimed")
    given = given if isinstance(given, dict) else {}
    category, group, title, description = _headings(source)
    stem, folder = source.path.stem, source.path.parent
    category = category or (folder.parent.name if folder.name == stem else "") or _category_of(stem)
    return {
        "name": _name(given, stem, diagnostics),
        "title": str(given.get("title") or title or stem),
        "description": str(given.get("description") or description),
        "version": _version(given, diagnostics),
        "category": slug(str(given.get("category") or category), ""),
        "group": str(given.get("group") or group),
        "tags": _tags(given.get("tags")),
        "license": _licence(str(given.get("license") or _marked_licence(source)).strip(), diagnostics),
        "author": str(given.get("author") or _authors(source)),
        "kernel": source.kernel,
        "language": language_of(source.content),
    }


def has_title(source: NotebookSource) -> bool:
    """Whether the notebook's first markdown gives it a title, or its metadata does."""
    given = source.metadata.get("claimed")
    return bool(_headings(source)[2] or (isinstance(given, dict) and given.get("title")))


def slug(text: str, otherwise: str = "component") -> str:
    """A text as a name that is safe in a path, a reference and a command: letters, digits and hyphens."""
    kept = "".join(letter if letter.isalnum() else "-" for letter in text.lower())
    return "-".join(part for part in kept.split("-") if part) or otherwise


def _headings(source: NotebookSource) -> tuple[str, str, str, str]:
    """(category, group, title, description) of the first markdown."""
    heading, description = _heading(source.markdown)
    parts = [part.strip() for part in heading.split(" / ")]
    if len(parts) == 3 and all(parts):
        return parts[0], parts[1], parts[2], description
    if len(parts) == 2 and parts[0].lower() in _CATEGORIES and parts[1]:
        return parts[0], "", parts[1], description
    return "", "", heading, description


def _heading(markdown: list[str]) -> tuple[str, str]:
    title, paragraph = "", []
    for line in "\n\n".join(markdown[:2]).splitlines():
        text = line.strip()
        if text.startswith("#"):
            if title:
                break
            title = text.lstrip("#").strip()
        elif text:
            paragraph.append(text)
        elif paragraph:
            break
    return title, " ".join(paragraph)


def _category_of(stem: str) -> str:
    first, mark, _ = stem.replace("_", "-").partition("-")
    return first.lower() if mark and first.lower() in _CATEGORIES else ""


def _name(given: dict[str, Any], stem: str, diagnostics: list[Diagnostic]) -> str:
    wish = str(given.get("name") or "")
    name = slug(wish or stem)
    if wish and wish != name:
        message = f"{wish!r} can't be a name: letters, digits and hyphens can; it is called {name!r}"
        diagnostics.append(_finding("bad-name", message, "name", name))
    return name


def _version(given: dict[str, Any], diagnostics: list[Diagnostic]) -> str:
    text = str(given.get("version") or _FIRST_VERSION)
    parts = text.split(".")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts):
        return text
    try:
        meant = ".".join(map(str, (*Version(text).release, 0, 0)[:3]))
    except InvalidVersion:
        meant = _FIRST_VERSION
    message = f"{text!r} is no semantic version, such as {meant}: {meant} is taken"
    diagnostics.append(_finding("bad-version", message, "version", meant))
    return meant


def _licence(text: str, diagnostics: list[Diagnostic]) -> str:
    if not text:
        return ""
    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        pass
    plain = "".join(letter for letter in text.lower() if letter.isalnum())
    meant = _LICENCES.get(plain) or _LICENCES.get(plain.removesuffix("license").removesuffix("clause"))
    wish = f": write {meant}" if meant else ", see https://spdx.org/licenses"
    diagnostics.append(_finding("bad-license", f"{text!r} is no SPDX licence{wish}", "license", meant))
    return text


def _marked_licence(source: NotebookSource) -> str:
    """The licence of a line `SPDX-License-Identifier: …`, in a comment or in markdown."""
    comments = (text for cell in source.cells for text in cell.comments.values())
    markdown = (line.strip(" <!->`*_") for text in source.markdown for line in text.splitlines())
    for text in (*comments, *markdown):
        if text.startswith(_LICENCE_MARK):
            return text.removeprefix(_LICENCE_MARK).strip()
    return ""


def _authors(source: NotebookSource) -> str:
    """The authors of the notebook format's own metadata: a list of objects with a name."""
    listed = source.metadata.get("authors")
    named = listed if isinstance(listed, list) else []
    return ", ".join(str(item["name"]) for item in named if isinstance(item, dict) and item.get("name"))


def _tags(given: Any) -> tuple[str, ...]:
    words = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else []
    return tuple(dict.fromkeys(tag for word in words if (tag := str(word).strip())))


def _finding(code: str, message: str, key: str, value: str | None) -> Diagnostic:
    fix = Fix(label=f"Write {value}", edits=(SetMetadata(key=key, value=value),)) if value else None
    return Diagnostic(level="warning", code=code, message=message, field=key, fix=fix)
