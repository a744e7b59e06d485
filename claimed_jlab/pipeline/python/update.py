"""An edited document into a module that a person formatted: only the lines that the edit is about change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import libcst as cst

from claimed_jlab.component.spec import ComponentSpec, Diagnostic
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import Pipeline
from claimed_jlab.pipeline.python.code import BadPython, ModuleCode, Span
from claimed_jlab.pipeline.python.edits import CallEdits, Edits, spans
from claimed_jlab.pipeline.python.export import block, warnings
from claimed_jlab.pipeline.python.literals import string
from claimed_jlab.pipeline.python.naming import Names, identifier, is_name
from claimed_jlab.pipeline.python.read import Resolve, read_python
from claimed_jlab.pipeline.python.rearrange import Rearrange
from claimed_jlab.pipeline.python.remainder import Line, lines_between, same
from claimed_jlab.pipeline.python.retouch import Retouch
from claimed_jlab.pipeline.python.syntax import syntax_of
from claimed_jlab.pipeline.python.tokens import names_in
from claimed_jlab.pipeline.python.write import Chosen, Writer, argument
from claimed_jlab.pipeline.rename import find_renames
from claimed_jlab.pipeline.text import document_data


class CannotUpdate(ClaimedError):
    """A document that the module can't be made to say, so the module was left alone."""

    code = "cannot-update"


def update_python(
    text: str, document: Pipeline, specs: Mapping[str, ComponentSpec], *, file: str = "pipeline.py"
) -> tuple[str, list[Diagnostic]]:
    """The module with the document in it, and a warning for each thing that Kubeflow will not do by it.

    specs: the components of the document's tasks, as far as they are known.  Raises BadPython for a text that can't be
    read, CannotUpdate for a document that can't be said in it, such as one whose tasks wait for each other.
    """
    mark, plain = ("\ufeff" if text.startswith("\ufeff") else ""), text.removeprefix("\ufeff").replace("\r\n", "\n")
    made, diagnostics = _update(plain, document, specs, file)
    if made == plain:
        return text, diagnostics
    return mark + (made.replace("\n", "\r\n") if "\r\n" in text else made), diagnostics


def _update(
    text: str, document: Pipeline, specs: Mapping[str, ComponentSpec], file: str
) -> tuple[str, list[Diagnostic]]:
    by_reference = {task.component: specs[name] for name, task in document.tasks.items() if name in specs}
    resolve: Resolve = by_reference.get
    data = document_data(document)
    module = read_python(text, file=file, resolve=resolve)
    if same(module.document, data):
        return text, list(warnings(line for line, _ in module.lines))
    try:
        made = _updated(module, document, specs, file, resolve)
        module = read_python(made, file=file, resolve=resolve)
        lines = list(lines_between(module.said, data))
        made = _with_lines(module, lines)
        if same(read_python(made, file=file, resolve=resolve).document, data):
            return made, list(warnings(lines))
    except BadPython:  # tasks that wait for each other, while a person draws
        pass
    raise CannotUpdate(
        "this pipeline can't be brought into the module as it is",
        hint="mend what the validator finds, or write it to another file",
    )


def _updated(
    module: ModuleCode, document: Pipeline, specs: Mapping[str, ComponentSpec], file: str, resolve: Resolve
) -> str:
    """The module's text with all that KFP's Python has words for."""
    module = _renamed(module, document, file, resolve)
    writer = _writer(module, document, specs)
    text = Retouch(module, document, document_data(document), writer).text()
    module = read_python(text, file=file, resolve=resolve)
    module = read_python(Rearrange(module, document, writer).text(), file=file, resolve=resolve)
    for name, item in writer.items.items():  # a task that came into a loop takes the loop's item now
        module = _with_item(module, document, writer, name, item, file, resolve)
    return _imports(module, writer)


def _renamed(module: ModuleCode, document: Pipeline, file: str, resolve: Resolve) -> ModuleCode:
    """The module with tasks under their new names, in code and where they are shown."""
    names = find_renames(module.document, document_data(document))
    if not names:
        return module
    edits, taken = Edits(module.data), Names(module.names)
    for old, new in names.items():
        task = module.task(old)
        variable = taken.new(identifier(new), "task") if task.variable else ""
        for span in _uses(module, task.variable) if task.variable else []:
            edits.replace(span, variable)
        shown = task.settings.get("name")
        if shown is not None and (shown.value == old or variable != new):
            edits.replace(shown.inner, string(new))
        elif shown is None and variable != new:
            edits.insert(
                task.statement.end,
                f"{edits.indent_at(task.statement.start)}{variable}.set_display_name({string(new)})\n",
            )
    return read_python(edits.text(), file=file, resolve=resolve)


def _uses(module: ModuleCode, name: str) -> Iterator[Span]:
    """Where a name stands in the pipeline's function, as a name and not as an argument's."""
    body = module.function.body
    for token in names_in(module.text):
        if token.text == name and body.start <= token.start < body.end:
            yield Span(token.start, token.start + len(name.encode()))


def _writer(module: ModuleCode, document: Pipeline, specs: Mapping[str, ComponentSpec]) -> Writer:
    """A writer that knows the names that are in a module."""
    names = Names(module.names)
    variables = {task.name: task.variable for task in module.tasks if task.variable}
    for name in document.tasks:
        if name not in variables:
            variables[name] = names.new(identifier(name), "task")
    components: dict[str, str] = {}
    for task in module.tasks:
        components.setdefault(task.reference, task.component)
    for variable, reference in module.components.items():
        components.setdefault(reference, variable)
    parameters = {name: name for name in document.parameters if is_name(name)}
    chosen = Chosen(names, module.function.name, parameters, components, variables)
    writer = Writer(document, specs, chosen)
    writer.defined = {*document.tasks}
    return writer


def _with_item(
    module: ModuleCode, document: Pipeline, writer: Writer, name: str, item: str, file: str, resolve: Resolve
) -> ModuleCode:
    task, edits = module.task(name), Edits(module.data)
    calls = CallEdits(edits, task.inner, spans(task.arguments), task.call.start)
    for field, code in writer.phrases.items(document.tasks[name].for_each, item):
        if field in task.arguments:
            edits.replace(task.arguments[field].value, code)
        else:
            calls.add(argument(field, code))
    calls.finish()
    return read_python(edits.text(), file=file, resolve=resolve)


def _imports(module: ModuleCode, writer: Writer) -> str:
    """The module's text with what is used in it loaded and imported, and what is used no more not."""
    edits = Edits(module.data)
    syntax = syntax_of(module.text)
    statements = [item for item in syntax.module.body if isinstance(item, cst.SimpleStatementLine)]
    imports = [item for item in statements if isinstance(item.body[0], cst.Import | cst.ImportFrom)]
    last = syntax.statement(imports[-1]).end if imports else 0
    components = writer.chosen.components.items()
    loaders = [writer.loader(reference) for reference, name in components if name not in module.components]
    used = {task.component for task in module.tasks}
    if loaders:
        at = max((span.end for span in module.loaders.values()), default=last)
        edits.insert(at, ("" if module.loaders else "\n") + "".join(f"{line}\n" for line in loaders))
    for name, span in module.loaders.items():
        reference = module.components[name]
        is_written = writer.chosen.components.get(reference) == name
        if name in used and is_written and (writer.document.image or None) != module.images.get(name):
            edits.replace(span, f"{writer.loader(reference)}\n")
        if name not in used and len(_words(module.text, name)) == 1 and name in writer.chosen.components.values():
            edits.replace(span, "")
    wanted = {"load_component": "from claimed_jlab.kfp import load_component"} if loaders else {}
    if "kubernetes." in module.text:
        wanted["kubernetes"] = "from kfp import kubernetes"
    for name, line in wanted.items():
        if any(_words(syntax.code(item), name) for item in imports):
            continue
        beside = next((item for item in imports if re.fullmatch(r"from kfp import [\w, ]+", syntax.code(item))), None)
        if name == "kubernetes" and beside is not None:
            edits.insert(syntax.span(beside).end, ", kubernetes")
        else:
            edits.insert(last, f"{line}\n")
    return edits.text()


def _words(text: str, name: str) -> list[str]:
    return re.findall(rf"\b{re.escape(name)}\b", text)


def _with_lines(module: ModuleCode, lines: list[Line]) -> str:
    """The module's text with these `# claimed:` lines; those that stay keep their places."""
    edits = Edits(module.data)
    wanted = list(dict.fromkeys(map(str, lines)))
    places = {str(line): span for line, span in module.lines}
    for text, span in places.items():
        if text not in wanted:
            edits.replace(span, "")
    at = min((span.start for span in places.values()), default=None)
    if at is None:
        lead = "" if module.text.endswith("\n") or not module.text else "\n"
        edits.insert(len(module.data), lead + block(lines))
        return edits.text()
    for text in wanted:
        if text in places:
            at = places[text].end
        else:
            lead = "" if at == 0 or module.data[at - 1 : at] == b"\n" else "\n"
            edits.insert(at, f"{lead}{text}\n")
    return edits.text()
