"""A document as a module of KFP's DSL, as a person would have written it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from claimed_jlab.component.spec import ComponentSpec
from claimed_jlab.pipeline.document import Pipeline
from claimed_jlab.pipeline.nested import is_pipeline
from claimed_jlab.pipeline.python.arrange import Block, arrange
from claimed_jlab.pipeline.python.comments import comment_lines
from claimed_jlab.pipeline.python.literals import WIDTH, long_string, string
from claimed_jlab.pipeline.python.naming import Names, component_name, identifier, is_name
from claimed_jlab.pipeline.python.phrases import Phrases
from claimed_jlab.pipeline.resolve import is_path

INDENT = "    "


@dataclass
class Chosen:
    """Python's names of what is in a module."""

    names: Names
    function: str
    parameters: dict[str, str]
    components: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def component(self, reference: str) -> str:
        """The name of a component, chosen when first asked."""
        if reference not in self.components:
            self.components[reference] = self.names.new(component_name(reference), "component")
        return self.components[reference]


def choose(document: Pipeline) -> Chosen:
    """Names for all that a document has: parameters keep theirs, then tasks, then components."""
    parameters = {name: name for name in document.parameters if is_name(name)}
    names = Names(parameters)
    variables = {name: names.new(identifier(name), "task") for name in document.tasks}
    function = names.new(identifier(document.name.lower()[:40], "pipeline"), "pipeline")
    return Chosen(names, function, parameters, variables=variables)


class Writer:
    """Writes one document. specs: the components of its tasks, by task, as far as they are known."""

    def __init__(self, document: Pipeline, specs: Mapping[str, ComponentSpec], chosen: Chosen | None = None) -> None:
        self.document = document
        self.specs = specs
        self.chosen = chosen or choose(document)
        self.phrases = Phrases(document, self.chosen.variables, self.chosen.parameters, specs)
        self.defined: set[str] = set()
        self.items: dict[str, str] = {}

    def module(self) -> str:
        """The module, without what KFP's Python cannot say."""
        body = list(self._body())
        outputs = list(self._outputs_class())
        head = [
            "from kfp import compiler, dsl" + (", kubernetes" if any("kubernetes." in line for line in body) else "")
        ]
        if outputs:
            head = ["from typing import NamedTuple", "", *head]
        if self.chosen.components:
            head += ["", "from claimed_jlab.kfp import load_component", ""]
        head += [self.loader(reference) for reference in self.chosen.components]
        lines = [*head, "", *outputs, "", *self._head(bool(outputs)), *(body or [f"{INDENT}pass"]), "", ""]
        end = f'compiler.Compiler().compile({self.chosen.function}, __file__.replace(".py", ".yaml"))'
        return "\n".join([*lines, 'if __name__ == "__main__":', f"{INDENT}{end}", ""])

    def loader(self, reference: str) -> str:
        """The line that loads a component."""
        beside = ", beside=__file__" if is_path(reference) or is_pipeline(reference) else ""
        image = f", image={string(self.document.image)}" if self.document.image else ""
        return f"{self.chosen.component(reference)} = load_component({string(reference)}{beside}{image})"

    def statement(self, name: str, indent: str, item: str | None = None) -> list[str]:
        """A task: its description, its call, and what is set of it. item: the variable of the loop around it."""
        task = self.document.tasks[name]
        variable = self.chosen.variables[name]
        arguments = self.phrases.arguments(name, self.defined, item, f"{indent}{INDENT}")
        lead = f"{indent}{variable} = {self.chosen.component(task.component)}"
        lines = [*comment_lines(task.description, indent)] if task.description else []
        lines += call(lead, arguments, indent)
        lines += [f"{indent}{setting.statement(variable)}" for setting in self.phrases.settings(name, self.defined)]
        self.defined.add(name)
        return lines

    def looped(self, name: str, indent: str) -> list[str]:
        """A task, in its loop where it has one."""
        each = self.document.tasks[name].for_each
        head = self.phrases.loop(each, self.defined - {name}) if each is not None else None
        if each is None or head is None:
            return self.statement(name, indent)
        item = self.chosen.names.new(identifier(each.input or "item", "item"), "item")
        return [f"{indent}with {head} as {item}:", *self.statement(name, f"{indent}{INDENT}", item)]

    def _body(self) -> Iterator[str]:
        indent, end = INDENT, self.document.on_exit
        if end in self.document.tasks:
            yield from self.statement(str(end), indent)
            yield ""
            yield f"{indent}with dsl.ExitHandler({self.chosen.variables[str(end)]}):"
            indent += INDENT
        inner = _spaced(list(self._block(arrange(self.document), indent)))
        yield from inner
        if end in self.document.tasks and not inner:
            yield f"{indent}pass"
        returned = [(name, code) for name, code in self._outputs()]
        if returned:
            yield ""
            yield from call(f"{INDENT}return Outputs", returned, INDENT)

    def _block(self, block: Block, indent: str) -> Iterator[list[str]]:
        """The pieces of a block, each some lines."""
        for item in block.items:
            if isinstance(item, str):
                yield self.looped(item, indent)
                continue
            assert item.condition is not None
            head = self.phrases.condition(item.condition, self.defined)
            if head is None:  # it asks for what comes later, in a cycle
                yield from self._block(item, indent)
            else:
                yield [f"{indent}with {head}:", *_spaced(list(self._block(item, f"{indent}{INDENT}")))]

    def _outputs(self) -> Iterator[tuple[str, str]]:
        for name, output in self.document.outputs.items():
            code = self.phrases.output(output.output, self.defined)
            if code is not None and is_name(name) and not name.startswith("_"):
                yield name, code

    def _outputs_class(self) -> Iterator[str]:
        outputs = [name for name, _ in self._outputs()]
        if not outputs:
            return
        yield from ("", "class Outputs(NamedTuple):")
        for name in outputs:
            about = self.document.outputs[name]
            yield from comment_lines(about.description, INDENT) if about.description else []
            yield f"{INDENT}{name}: {self._output_type(about.output)}"

    def _output_type(self, output: str) -> str:
        task, _, name = output.partition(".")
        spec = self.specs.get(task)
        port = spec.output(name) if spec else None
        kind = port.port_type if port else None
        plain = f"dsl.{kind.name}" if kind and kind.kind == "artifact" else kind.name if kind else "dsl.Artifact"
        each = self.document.tasks[task].for_each is not None
        return plain if not each else f"list[{plain}]" if plain.startswith("dsl.") else "list"

    def _head(self, has_outputs: bool) -> Iterator[str]:
        """The decorator, the function's own line and its docstring."""
        about = [("name", string(self.document.name))]
        if self.document.description:
            about.append(("description", long_string(self.document.description, INDENT)))
        yield from call("@dsl.pipeline", about, "")
        given = [(name, *self.phrases.parameter(self.document.parameters[name])) for name in self.chosen.parameters]
        words = [f"{name}: {kind}" for name, kind, default in given if default is None]
        words += [f"{name}: {kind} = {default}" for name, kind, default in given if default is not None]
        end = f"){' -> Outputs' if has_outputs else ''}:"
        flat = f"def {self.chosen.function}({', '.join(words)}{end}"
        if "\n" in flat or len(flat) > WIDTH:
            yield f"def {self.chosen.function}("
            yield from (f"{INDENT}{word}," for word in words)
            yield end
        else:
            yield flat
        yield from self._docstring()

    def _docstring(self) -> Iterator[str]:
        said = {name: self.document.parameters[name].description for name in self.chosen.parameters}
        lines = [argument_line(name, text) for name, text in said.items()]
        if any(lines):
            # KFP reads Google's `Args:` only below a description of the whole, which the decorator has.
            yield from (f'{INDENT}"""', *filter(None, lines), f'{INDENT}"""')


def argument_line(name: str, description: str) -> str:
    """A parameter's line in a docstring; empty where a docstring can't hold it."""
    safe = description.isprintable() and description == description.strip() and "\\" not in description
    safe = safe and '"""' not in description and not description.endswith('"')
    return f"{INDENT}:param {name}: {description}" if safe and description else ""


def call(lead: str, arguments: list[tuple[str, str]], indent: str) -> list[str]:
    """A call on one line where it fits, else an argument a line."""
    words = [argument(name, code) for name, code in arguments]
    flat = f"{lead}({', '.join(words)})"
    if len(flat) <= WIDTH and "\n" not in flat:
        return [flat]
    return "\n".join([f"{lead}(", *(f"{indent}{INDENT}{word}," for word in words), f"{indent})"]).split("\n")


def argument(name: str, code: str) -> str:
    """One argument; of a name that Python has no word for, in a dictionary."""
    return f"{name}={code}" if is_name(name) else f"**{{{string(name)}: {code}}}"


def _spaced(pieces: list[list[str]]) -> list[str]:
    """Pieces with an empty line between them, but not between those of one line each."""
    lines: list[str] = []
    for number, piece in enumerate(pieces):
        if number and (len(piece) > 1 or len(pieces[number - 1]) > 1):
            lines.append("")
        lines += piece
    return lines
