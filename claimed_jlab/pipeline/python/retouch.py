"""Brings what changed in a document into the code of tasks that stay where they are: values, wires, settings, words."""

from __future__ import annotations

import re
from typing import Any

from claimed_jlab.pipeline.document import Pipeline
from claimed_jlab.pipeline.python.cluster import path_of_key
from claimed_jlab.pipeline.python.code import ModuleCode, ParameterCode, Span, TaskCode
from claimed_jlab.pipeline.python.comments import comment_lines
from claimed_jlab.pipeline.python.edits import CallEdits, Edits, spans, too_long
from claimed_jlab.pipeline.python.literals import long_string
from claimed_jlab.pipeline.python.naming import is_name
from claimed_jlab.pipeline.python.plain import plain_type
from claimed_jlab.pipeline.python.remainder import same
from claimed_jlab.pipeline.python.setting import Setting
from claimed_jlab.pipeline.python.write import Writer, argument, argument_line


class Retouch:
    """Edits of one module. writer: knows the names that are in it, and the document as it is to be."""

    def __init__(self, module: ModuleCode, document: Pipeline, data: dict[str, Any], writer: Writer) -> None:
        self._module = module
        self._document = document
        self._data = data
        self._writer = writer
        self._edits = Edits(module.data)

    def text(self) -> str:
        """The module's text with every task that is in both touched where it changed."""
        self._head()
        self._parameters()
        self._outputs()
        for task in self._module.tasks:
            if task.name in self._data["tasks"]:
                self._task(task)
        return self._edits.text()

    def _changed(self, *path: str) -> bool:
        one: Any = self._module.document
        other: Any = self._data
        for name in path:
            one = one.get(name) if isinstance(one, dict) else None
            other = other.get(name) if isinstance(other, dict) else None
        return not same(one, other)

    def _head(self) -> None:
        function = self._module.function
        inner = function.decorator_inner
        if inner is None:
            return
        calls = CallEdits(self._edits, inner, spans(function.decorator), function.line)
        for key in ("name", "description"):
            given, text = function.decorator.get(key), self._data.get(key)
            if not self._changed(key):
                continue
            indent = self._edits.indent_at(given.value.start) if given else "    "
            if text and given:
                self._edits.replace(given.value, long_string(str(text), indent))
            elif text:
                calls.add(f"{key}={long_string(str(text), indent)}")
            elif given:
                calls.remove(given.whole)
        calls.finish()

    def _parameters(self) -> None:
        function = self._module.function
        calls = CallEdits(self._edits, function.inside, [item.whole for item in function.parameters.values()], 0)
        for name, parameter in self._document.parameters.items():
            kind, default = self._writer.phrases.parameter(parameter)
            code = function.parameters.get(name)
            if code is None:
                if is_name(name):
                    calls.add(f"{name}: {kind}" + ("" if default is None else f" = {default}"), first=default is None)
                    self._describe(name, parameter.description)
                continue
            if default is not None and code.default is None and self._is_before_required(code):
                # Python takes no default before a parameter that has none.
                calls.remove(code.whole)
                calls.add(f"{name}: {kind} = {default}")
                self._describe(name, parameter.description)
                continue
            if self._changed("parameters", name, "type") and plain_type(parameter.type) != code.type and code.kind:
                self._edits.replace(code.kind, kind)
            if self._changed("parameters", name, "default"):
                if code.default is not None and default is not None:
                    self._edits.replace(code.default, default)
                elif default is not None:
                    self._edits.insert(code.whole.end, f" = {default}")
            if self._changed("parameters", name, "description"):
                self._describe(name, parameter.description)
        for name, code in function.parameters.items():
            if name not in self._document.parameters and name in self._module.document.get("parameters", {}):
                calls.remove(code.whole)
                self._describe(name, "")
        calls.finish()

    def _is_before_required(self, code: ParameterCode) -> bool:
        """Whether a parameter that stays without a default comes after it."""
        return any(
            other.whole.start > code.whole.start
            and other.default is None
            and other.name in self._document.parameters
            and self._writer.phrases.parameter(self._document.parameters[other.name])[1] is None
            for other in self._module.function.parameters.values()
        )

    def _describe(self, name: str, description: str) -> None:
        """Writes a parameter's line in the docstring; a docstring where there is none."""
        function, line = self._module.function, argument_line(name, description)
        place = function.docstring
        if place is None:
            return  # the comments below hold it
        text = self._module.data[place.start : place.end].decode("utf-8", "surrogatepass")
        word = rf"(?::param (?:\w+ )?)?{re.escape(name)}(?: \([^)\n]*\))?:"
        found = re.search(rf"(?m)^([ \t]*)({word}).*\n(?:\1[ \t]+\S.*\n)*", text)
        if found:
            start = place.start + len(text[: found.start()].encode())
            span = Span(start, start + len(found[0].encode()))
            self._edits.replace(span, f"{found[1]}{found[2]} {description}\n" if line else "")
            return
        google = re.search(r"(?m)^([ \t]*)Arg(?:ument)?s:[ \t]*\n(?:\1[ \t]+\S.*\n)*", text)
        sphinx = re.search(r"(?m)^([ \t]*):param .*\n(?:\1(?::param |[ \t]+\S).*\n)*", text)
        lead = f"{google[1]}    {name}:" if google else f"{sphinx[1]}:param {name}:" if sphinx else ""
        head = google or sphinx
        if line and head:
            self._edits.insert(place.start + len(text[: head.end()].encode()), f"{lead} {description}\n")

    def _outputs(self) -> None:
        for name, code in self._module.function.returned.items():
            output = self._document.outputs.get(name)
            if output is not None and self._changed("outputs", name, "output"):
                written = self._writer.phrases.output(output.output, self._writer.defined)
                if written:
                    self._edits.replace(code.value, written)

    def _task(self, code: TaskCode) -> None:
        name, task = code.name, self._document.tasks[code.name]
        if self._changed("tasks", name, "component"):
            self._edits.replace(code.function, self._writer.chosen.component(task.component))
        if self._changed("tasks", name, "description"):
            self._comment(code, task.description)
        if not code.variable and any(name in names for names in self._references()):
            self._edits.insert(code.call.start, f"{self._writer.chosen.variables[name]} = ")
        self._loop(code)
        self._arguments(code)
        self._settings(code)

    def _references(self) -> list[set[str]]:
        from claimed_jlab.pipeline.graph import feeding

        return [feeding(task) for task in self._document.tasks.values()]

    def _comment(self, code: TaskCode, description: str) -> None:
        at = code.comments or Span(code.statement.start, code.statement.start)
        lines = comment_lines(description, self._edits.indent_at(code.statement.start)) if description else []
        self._edits.replace(at, "".join(f"{line}\n" for line in lines))

    def _loop(self, code: TaskCode) -> None:
        each = self._document.tasks[code.name].for_each
        loops = [block for block in (code.block.chain() if code.block else []) if block.kind == "for"]
        if not loops or each is None or not self._changed("tasks", code.name, "for_each"):
            return
        head = self._writer.phrases.loop(each, self._writer.defined - {code.name})
        if head:
            self._edits.replace(loops[-1].head, head)

    def _arguments(self, code: TaskCode) -> None:
        """The inputs that a call gives."""
        name = code.name
        loops = [block for block in (code.block.chain() if code.block else []) if block.kind == "for"]
        item = loops[-1].item if loops else None
        indent = f"{self._edits.indent_at(code.call.start)}    "
        wanted = dict(self._writer.phrases.arguments(name, self._writer.defined, item, indent))
        was = {*self._module.document["tasks"][name].get("inputs", {})}
        old_each = self._module.document["tasks"][name].get("for_each") or {}
        loop_changed = self._changed("tasks", name, "for_each")
        calls = CallEdits(self._edits, code.inner, spans(code.arguments), code.call.start)
        added = []
        for field, written in wanted.items():
            of_loop = field not in self._document.tasks[name].inputs
            if not (loop_changed if of_loop else self._changed("tasks", name, "inputs", field)):
                continue
            if field in code.arguments:
                self._edits.replace(code.arguments[field].value, written)
            else:
                added.append((field, written))
        kept = spans(code.arguments)
        for field, given in code.arguments.items():
            known = field in was or (loop_changed and field == old_each.get("input"))
            if field not in wanted and known:
                calls.remove(given.whole)
                kept.remove(given.whole)
        for field, written in added:
            calls.add(argument(field, written))
        if added and self._wraps(code, kept, added):
            return
        calls.finish()

    def _wraps(self, code: TaskCode, stay: list[Span], added: list[tuple[str, str]]) -> bool:
        """Writes a call anew, an argument a line, when it was on one line that becomes too long."""
        data = self._module.data
        inner = data[code.inner.start : code.inner.end].decode("utf-8", "surrogatepass")
        line = data[data.rfind(b"\n", 0, code.call.start) + 1 : code.call.end].decode("utf-8", "surrogatepass")
        longer = line + "".join(f", {argument(field, written)}" for field, written in added)
        if "\n" in inner or "#" in inner or not too_long(longer) or not code.arguments:
            return False
        indent = self._edits.indent_at(code.call.start)
        kept = [data[span.start : span.end].decode("utf-8", "surrogatepass") for span in stay]
        words = [*kept, *(argument(field, written) for field, written in added)]
        self._edits.replace(code.inner, "\n" + "".join(f"{indent}    {word},\n" for word in words) + indent)
        return True

    def _settings(self, code: TaskCode) -> None:
        name = code.name
        variable = self._writer.chosen.variables[name]
        wanted = {item.key: item for item in self._writer.phrases.settings(name, self._writer.defined)}
        end = max([code.statement.end, *(item.statement.end for item in code.settings.values() if item.statement)])
        indent = self._edits.indent_at(code.statement.start)
        for key, setting in wanted.items():
            if not self._setting_changed(name, key):
                continue
            present = code.settings.get(key)
            if present is None:
                self._edits.insert(end, f"{indent}{setting.statement(variable)}\n")
            elif key != "gpu_type" or self._changed("tasks", name, "resources", "accelerator"):
                self._edits.replace(present.inner, self._inner(setting, variable))
        for key, present in code.settings.items():
            if key in wanted or not self._setting_changed(name, key):
                continue
            span = present.statement or present.link
            if span is not None:
                self._edits.replace(span, "")

    @staticmethod
    def _inner(setting: Setting, variable: str) -> str:
        return setting.inner(variable)

    def _setting_changed(self, name: str, key: str) -> bool:
        if key == "name":
            return False
        if key.startswith("secret:"):
            variable = key.removeprefix("secret:")
            places = (("inputs", variable), ("kubernetes", "secrets_as_env", variable))
            return any(self._changed("tasks", name, *place) for place in places)
        if key.startswith(("config:", "kubernetes:")):
            return self._changed("tasks", name, *path_of_key(key))
        if key in ("cpu", "memory", "gpu", "gpu_type"):
            names = ["gpu", "accelerator"] if key == "gpu_type" else [key]
            return any(self._changed("tasks", name, "resources", item) for item in names)
        return self._changed("tasks", name, key)
