"""A module of KFP's DSL as a document, without running it. What a document has no words for is said, with its line."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import libcst as cst

from claimed_jlab.component.spec import ComponentSpec, Diagnostic
from claimed_jlab.pipeline.python.body import BodyReader
from claimed_jlab.pipeline.python.code import BadPython, ModuleCode, Span
from claimed_jlab.pipeline.python.comments import MARK
from claimed_jlab.pipeline.python.loaders import defined, image_of, imported, is_pipeline_function, loaded
from claimed_jlab.pipeline.python.meaning import meant
from claimed_jlab.pipeline.python.remainder import Line, apply_lines, parse_line
from claimed_jlab.pipeline.python.signature import output_descriptions, read_function
from claimed_jlab.pipeline.python.syntax import last_name, syntax_of
from claimed_jlab.pipeline.python.values import Scope

Resolve = Callable[[str], ComponentSpec | None]


def unknown(reference: str) -> ComponentSpec | None:
    """Where no component is known."""
    return None


def read_python(text: str, *, file: str = "pipeline.py", resolve: Resolve = unknown) -> ModuleCode:
    """Reads a module's text.

    file: the module's name, for components that it defines itself.  resolve: the component of a reference, as far as
    it is known.  Raises BadPython with the line that is wrong.
    """
    return _ModuleReader(text.removeprefix("\ufeff"), file, resolve).read()


class _ModuleReader:
    def __init__(self, text: str, file: str, resolve: Resolve) -> None:
        self._syntax = syntax_of(text)
        self._file = file
        self._resolve = resolve
        functions = [node for node in self._syntax.module.body if is_pipeline_function(node)]
        if not functions:
            raise BadPython("has no pipeline: no function with @dsl.pipeline", None)
        self._node = functions[-1]
        assert isinstance(self._node, cst.FunctionDef)
        self._module = ModuleCode(text, self._syntax.data, read_function(self._node, self._syntax))

    def read(self) -> ModuleCode:
        module, node = self._module, self._node
        assert isinstance(node, cst.FunctionDef)
        scope = Scope(module.function.parameters, outputs_of=self._outputs)
        self._top(scope)
        module.names |= {*module.function.parameters, *module.components, module.function.name}
        body = node.body.body
        BodyReader(self._syntax, module, scope, self._report).read(body, None)
        descriptions = output_descriptions(self._syntax, node)
        module.said = meant(module, scope, descriptions, self._inputs, self._report)
        module.lines = list(self._lines())
        module.document = copy.deepcopy(module.said)
        apply_lines(module.document, (line for line, _ in module.lines))
        module.diagnostics.sort(key=lambda item: item.line or 0)
        return module

    def _top(self, scope: Scope) -> None:
        """What the module loads, imports, defines and names before its pipeline."""
        for statement in self._syntax.module.body:
            if isinstance(statement, cst.FunctionDef) and statement is not self._node:
                reference = defined(statement, self._file, self._syntax, self._report)
                if reference is not None:
                    self._module.components[statement.name.value] = reference
            if not isinstance(statement, cst.SimpleStatementLine):
                continue
            for small in statement.body:
                if isinstance(small, cst.ImportFrom):
                    self._module.components.update(imported(small))
                elif isinstance(small, cst.Assign | cst.AnnAssign) and small.value is not None:
                    target = small.targets[0].target if isinstance(small, cst.Assign) else small.target
                    self._assigned(last_name(target), small.value, statement, scope)

    def _assigned(self, name: str, value: cst.BaseExpression, statement: cst.SimpleStatementLine, scope: Scope) -> None:
        reference = loaded(value)
        if reference is not None:
            self._module.components[name] = reference
            self._module.loaders[name] = self._syntax.statement(statement)
            image = image_of(value)
            if image is not None:
                self._module.images[name] = image
        elif isinstance(value, cst.Call) and last_name(value.func).startswith("load_component"):
            self._report(f"what {name!r} loads can't be told: save it as ./{name}.yaml and load that file", value)
            self._module.components[name] = f"./{name}.yaml"
        elif name:
            scope.aliases[name] = value
        self._module.names.add(name)

    def _outputs(self, reference: str) -> list[str]:
        spec = self._resolve(reference)
        return [port.name for port in spec.outputs] if spec else []

    def _inputs(self, reference: str) -> set[str] | None:
        spec = self._resolve(reference)
        return {port.name for port in spec.inputs} if spec else None

    def _lines(self) -> Iterator[tuple[Line, Span]]:
        at = 0
        for raw in self._syntax.data.split(b"\n"):
            if raw.strip().startswith(b"#") and MARK.encode() in raw:
                found = parse_line(raw.decode("utf-8", "replace"))
                if found is not None:
                    yield found, Span(at, min(at + len(raw) + 1, len(self._syntax.data)))
            at += len(raw) + 1

    def _report(self, message: str, node: cst.CSTNode) -> None:
        line = self._syntax.line(node)
        diagnostic = Diagnostic(level="warning", code="python-only", message=message, where=f"line {line}", line=line)
        self._module.diagnostics.append(diagnostic)
