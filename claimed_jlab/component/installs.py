"""Lines of a notebook that install something: `pip` and `conda`, by magics, shells and subprocesses.

What the shell would run is taken apart with `shlex`, by the shell's own rules for words; it is never run.
"""

from __future__ import annotations

import ast
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from claimed_jlab.component.source import CodeCell

_WITH_VALUE = frozenset(
    {"-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-t"}
    | {"--target", "--platform", "--python-version", "--prefix", "--root", "--trusted-host", "--proxy", "--timeout"}
)
_CONDA_WITH_VALUE = frozenset({"-c", "--channel", "-n", "--name", "-p", "--prefix", "--file"})
_INDEXES = frozenset({"-i", "--index-url", "--extra-index-url", "-f", "--find-links"})
_CONDA = frozenset({"conda", "mamba", "micromamba"})
_SUBPROCESS = frozenset({"run", "call", "check_call", "check_output", "Popen"})
_ENDS = frozenset({"&&", "||", ";", "|", "&", ";;", "(", ")"})

Kind = Literal["package", "file", "local", "index", "conda"]


@dataclass(frozen=True)
class Install:
    """One thing that a line installs. line: as a person sees it.

    text: a requirement, the path of a file of them, a local project, the address of another index, or a conda
    specification, by `kind`.
    """

    kind: Kind
    text: str
    cell: CodeCell
    line: int


def installs(cell: CodeCell) -> Iterator[Install]:
    """Everything that the lines of a cell install, in order."""
    for node in cell.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            for command, line in _commands(node, node.func.attr, cell):
                for kind, text in of_command(command):
                    yield Install(kind, text, cell, line)


def of_command(command: str) -> Iterator[tuple[Kind, str]]:
    """What one line of a shell installs."""
    try:
        lexer = shlex.shlex(command, posix=True, punctuation_chars=";&|()")
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        return
    start = 0
    for end in [*(number for number, word in enumerate(words) if word in _ENDS), len(words)]:
        yield from _of_words(words[start:end])
        start = end + 1


def _of_words(words: list[str]) -> Iterator[tuple[Kind, str]]:
    verbs = [number for number, word in enumerate(words) if word == "install"]
    if not verbs:
        return
    before, after = words[: verbs[0]], words[verbs[0] + 1 :]
    programs = {word.rsplit("/", 1)[-1] for word in before}
    if programs & _CONDA:
        yield from _conda(after)
    elif any(program == "pip" or program.startswith("pip3") for program in programs):
        yield from _pip(after)


def _pip(words: list[str]) -> Iterator[tuple[Kind, str]]:
    waiting = iter(words)
    for word in waiting:
        option, equals, value = word.partition("=") if word.startswith("--") else (word, "", "")
        if word[:1] in "<>" or word[:2] in ("1>", "2>"):
            return
        if option in _WITH_VALUE:
            value = value if equals else next(waiting, "")
            if option in ("-r", "--requirement"):
                yield "file", value
            elif option in _INDEXES:
                yield "index", value
        elif word.startswith("-"):
            continue
        elif word.startswith((".", "/", "~")) or word.endswith((".whl", ".tar.gz")):
            yield "local", word
        else:
            yield "package", word


def _conda(words: list[str]) -> Iterator[tuple[Kind, str]]:
    waiting = iter(words)
    for word in waiting:
        if word in _CONDA_WITH_VALUE:
            next(waiting, "")
        elif not word.startswith("-"):
            yield "conda", word.rsplit("::", 1)[-1]


def _commands(node: ast.Call, name: str, cell: CodeCell) -> Iterator[tuple[str, int]]:
    """(command, line) of the shell lines that a call runs, as IPython's transform shows them."""
    line = cell.line_written(node.lineno)
    texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name in ("system", "getoutput") and texts:
        yield from ((command, line) for command in texts[0].splitlines())
    elif name == "run_line_magic" and texts[:1] in (["pip"], ["conda"], ["mamba"]):
        yield " ".join(texts), line
    elif name == "run_cell_magic" and texts[:1] in (["bash"], ["sh"], ["script"]):
        yield from ((command, line + number) for number, command in enumerate(texts[-1].splitlines(), start=1))
    elif name in _SUBPROCESS and texts:
        yield texts[0], line
    elif name in _SUBPROCESS and node.args and isinstance(node.args[0], ast.List | ast.Tuple):
        words = [item.value if isinstance(item, ast.Constant) else "program" for item in node.args[0].elts]
        yield shlex.join(map(str, words)), line
