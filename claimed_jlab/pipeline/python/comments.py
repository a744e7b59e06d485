"""Descriptions as comments, and back."""

from __future__ import annotations

import re
import textwrap

from claimed_jlab.pipeline.python.literals import WIDTH

MARK = "claimed:"


def comment_lines(text: str, indent: str) -> list[str]:
    """A description as comment lines, wrapped; a bare `#` stands for a line break in it.

    Empty where a comment can't hold it.
    """
    lines = []
    for number, part in enumerate(text.split("\n")):
        wrapped = textwrap.wrap(part, WIDTH - len(indent) - 2, break_long_words=False, break_on_hyphens=False)
        if " ".join(wrapped) != part:
            wrapped = [part]
        lines += ([f"{indent}#"] if number else []) + [f"{indent}# {line}" for line in wrapped]
    sayable = text.replace("\n", "").isprintable() and comment_text(lines) == text
    return lines if sayable else []


def comment_text(lines: list[str]) -> str:
    """The description that comment lines hold; those for `jupyter claimed` itself are none of it."""
    said = [line.strip().removeprefix("#").removeprefix(" ") for line in lines]
    parts: list[list[str]] = [[]]
    for line in said:
        if line.startswith(MARK):
            continue
        if line:
            parts[-1].append(line)
        else:
            parts.append([])
    return "\n".join(" ".join(part) for part in parts)


def docstring_arguments(text: str) -> tuple[str, dict[str, str]]:
    """What a docstring, without its indentation, says in all, and of each argument: in Google's way or by `:param`."""
    lines = text.split("\n")
    if any(line.startswith(":param ") for line in lines):
        return _by_param(lines)
    start = next((number for number, line in enumerate(lines) if line.strip() in ("Args:", "Arguments:")), None)
    if start is None:
        return "\n".join(lines).strip(), {}
    found: dict[str, str] = {}
    indent, name = None, ""
    for line in lines[start + 1 :]:
        if not line.strip():
            continue
        depth = len(line) - len(line.lstrip())
        if depth == 0:
            break
        indent = depth if indent is None else indent
        entry = re.fullmatch(r"(\w+)(?: \([^)]*\))?: ?(.*)", line.strip())
        if depth <= indent and entry:
            name, found[entry[1]] = entry[1], entry[2]
        elif name:
            found[name] = f"{found[name]} {line.strip()}"
    return "\n".join(lines[:start]).strip(), found


def _by_param(lines: list[str]) -> tuple[str, dict[str, str]]:
    """A docstring of Sphinx's: `:param rate: How fast it learns.`"""
    found: dict[str, str] = {}
    about: list[str] = []
    name = ""
    for line in lines:
        entry = re.fullmatch(r":param (?:\w+ )?(\w+): ?(.*)", line)
        if entry:
            name, found[entry[1]] = entry[1], entry[2]
        elif name and line.startswith(" ") and line.strip():
            found[name] = f"{found[name]} {line.strip()}"
        elif not found:
            about.append(line)
        else:
            name = ""
    return "\n".join(about).strip(), found
