"""CLAIMED's comments: `# @param name description`, `# @returns …`, `# @dependency …`, each over one or more lines."""

from __future__ import annotations

from dataclasses import dataclass, field

from claimed_jlab.component.source import CodeCell, NotebookSource
from claimed_jlab.component.spec import InputSpec, OutputSpec


@dataclass
class Annotations:
    """What the comments of a notebook say of its interface."""

    parameters: dict[str, str] = field(default_factory=dict)
    returns: list[str] = field(default_factory=list)
    dependencies: list[str] = field(default_factory=list)

    def describe_input(self, port: InputSpec) -> InputSpec:
        """The input with the description that a comment gives it, unless it has one."""
        text = self.parameters.get(port.name)
        return port.model_copy(update={"description": text}) if text and not port.description else port

    def describe_output(self, port: OutputSpec, only: bool) -> OutputSpec:
        """The output with its `@param` description, or that of `@returns` when it is the only one."""
        text = self.parameters.get(port.name) or (" ".join(self.returns) if only else "")
        return port.model_copy(update={"description": text}) if text and not port.description else port


def read_annotations(source: NotebookSource) -> Annotations:
    """All of a notebook's `@` comments."""
    found = Annotations()
    for cell in source.cells:
        for word, text in _entries(cell):
            if word == "@param":
                name, _, description = text.partition(" ")
                found.parameters.setdefault(name.strip(":"), description.strip())
            elif word in ("@returns", "@return"):
                found.returns.append(text)
            elif word == "@dependency" and text:
                found.dependencies.append(text.split()[0])
    return found


def _entries(cell: CodeCell) -> list[tuple[str, str]]:
    """(word, text) of each `@` comment; a comment line right below one continues it."""
    entries: list[tuple[str, str]] = []
    before = 0
    for line in sorted(cell.own_line):
        text = cell.comments[line]
        if text.startswith("@"):
            word, _, rest = text.partition(" ")
            entries.append((word, rest.strip()))
        elif entries and line == before + 1 and text:
            word, said = entries[-1]
            entries[-1] = (word, f"{said} {text}".strip())
        elif line != before + 1:
            entries.append(("", ""))  # an empty line ends what stood above
        before = line
    return entries
