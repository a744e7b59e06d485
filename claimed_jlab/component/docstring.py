"""What a docstring says of a function: title, description, and a text for each parameter and each result.

Read in the styles of Google (`Args:`), numpydoc (`Parameters` above a line of dashes) and Sphinx (`:param name:`).
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

_GOOGLE = re.compile(r"(\w[\w ]*):\s*$")
_DASHES = re.compile(r"-{3,}\s*$")
_SPHINX = re.compile(r":(param|parameter|arg|returns?)\b([^:]*):\s*(.*)")
_GOOGLE_ENTRY = re.compile(r"\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)")
_NUMPY_ENTRY = re.compile(r"\*{0,2}(\w+(?:\s*,\s*\w+)*)\s*(?::.*)?$")
_INPUTS = frozenset({"args", "arguments", "parameters", "params", "inputs", "other parameters", "keyword args"})
_RESULTS = frozenset({"returns", "return", "outputs", "yields"})
_OTHERS = frozenset(
    {"raises", "example", "examples", "note", "notes", "see also", "references", "warnings", "attributes"}
)


@dataclass
class Docstring:
    """A docstring, taken apart. returned: the text of a single result."""

    title: str = ""
    description: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    results: dict[str, str] = field(default_factory=dict)
    returned: str = ""


def read_docstring(text: str) -> Docstring:
    """Takes a docstring apart; what is in no known section is its description."""
    sections = _sections(inspect.cleandoc(text).split("\n"))
    name, prose, _ = sections[0]
    kept = [line for line in prose if not _SPHINX.match(line.strip())]
    title, _, rest = "\n".join(kept).strip().partition("\n")
    found = Docstring(title.strip().removesuffix("."), " ".join(rest.strip().split("\n\n")[0].split()))
    for name, lines, dashed in sections[1:]:
        entries = _numpy(lines) if dashed else _google(lines)
        if name in _INPUTS:
            found.parameters |= entries
        elif name in _RESULTS:
            found.results |= entries
            said = next(iter(entries.values())) if dashed and len(entries) == 1 else " ".join(" ".join(lines).split())
            found.returned = said or found.returned
    for line in prose:
        if tagged := _SPHINX.match(line.strip()):
            _sphinx(found, tagged)
    return found


def _sections(lines: list[str]) -> list[tuple[str, list[str], bool]]:
    """(name, lines, whether numpydoc's) of each section; the first is what stands above all."""
    found: list[tuple[str, list[str], bool]] = [("", [], False)]
    skip = False
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if skip:
            skip = False
            continue
        header = _GOOGLE.fullmatch(line)
        name = (header[1] if header else line).strip().lower()
        dashed = bool(_DASHES.fullmatch(following)) and not header
        if name in _INPUTS | _RESULTS | _OTHERS and (header or dashed):
            found.append((name, [], dashed))
            skip = dashed
        else:
            found[-1][1].append(line)
    return found


def _google(lines: list[str]) -> dict[str, str]:
    """`name (type): text`, the lines behind it indented further."""
    written = [line for line in lines if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in written), default=0)
    found: dict[str, str] = {}
    last = ""
    for line in written:
        entry = _GOOGLE_ENTRY.match(line.strip()) if len(line) - len(line.lstrip()) == margin else None
        if entry:
            last = entry[1]
            found[last] = entry[2].strip()
        elif last:
            found[last] = f"{found[last]} {line.strip()}".strip()
    return found


def _numpy(lines: list[str]) -> dict[str, str]:
    """`name : type` at the margin, the text in the indented lines below it."""
    found: dict[str, str] = {}
    last: list[str] = []
    for line in lines:
        entry = _NUMPY_ENTRY.match(line) if line.strip() and not line[0].isspace() else None
        if entry:
            last = [name.strip() for name in entry[1].split(",")]
            found |= dict.fromkeys(last, "")
        elif line.strip():
            found |= {name: f"{found[name]} {line.strip()}".strip() for name in last}
    return found


def _sphinx(found: Docstring, tagged: re.Match[str]) -> None:
    if tagged[1].startswith("return"):
        found.returned = tagged[3]
    elif tagged[2].split():
        found.parameters[tagged[2].split()[-1]] = tagged[3]
