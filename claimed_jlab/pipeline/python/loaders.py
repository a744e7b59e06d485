"""The components that a module of KFP's loads, defines or imports, as a document names them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from claimed_jlab.pipeline.python.syntax import Syntax, argument_of, last_name, path_of

Report = Callable[[str, cst.CSTNode], None]
_NO_COMPONENTS = ("kfp", "typing", "claimed_jlab", "__future__")
_DECORATED = ("component", "container_component", "notebook_component", "pipeline")


def loaded(node: cst.BaseExpression) -> str | None:
    """The reference of the component that a call loads; None for any other expression."""
    if not isinstance(node, cst.Call):
        return None
    name = last_name(node.func)
    if name == "load_component":
        return path_of(argument_of(node, "reference", 0))
    if name == "load_component_from_file":
        path = path_of(argument_of(node, "file_path", 0))
        return None if path is None else path if path.startswith(("/", "./", "../")) else f"./{path}"
    if name == "load_component_from_url":
        return path_of(argument_of(node, "url", 0))
    return None


def image_of(node: cst.BaseExpression) -> str | None:
    """The image that a call loads a component with."""
    is_ours = isinstance(node, cst.Call) and last_name(node.func) == "load_component"
    return path_of(argument_of(node, "image")) if is_ours and isinstance(node, cst.Call) else None


def imported(node: cst.ImportFrom) -> Iterator[tuple[str, str]]:
    """(name, reference) of what may be functions of modules beside this one: `from tools import clean`."""
    module = _dotted(node.module)
    if module.split(".")[0] in ("kfp", "typing", "claimed_jlab", "__future__") or isinstance(
        node.names, cst.ImportStar
    ):
        return
    up = "../" * max(0, len(node.relative) - 1) or "./"
    for alias in node.names:
        local = last_name(alias.asname.name) if alias.asname and isinstance(alias.asname.name, cst.Name) else ""
        name = last_name(alias.name)
        yield local or name, f"{up}{module.replace('.', '/')}.py:{name}"


def defined(node: cst.FunctionDef, file: str, syntax: Syntax, report: Report) -> str | None:
    """The reference of a component that a module defines itself. file: the module's name."""
    for decorator in node.decorators:
        call = decorator.decorator if isinstance(decorator.decorator, cst.Call) else None
        kind = last_name(call.func if call else decorator.decorator)
        if kind not in _DECORATED:
            continue
        name = node.name.value
        if kind == "component":
            return f"./{file}:{name}"
        if kind == "notebook_component" and call is not None:
            path = path_of(argument_of(call, "notebook_path", 0))
            return f"./{path.removeprefix('./')}" if path else None
        if kind == "pipeline":
            report(f"{name!r} is a pipeline of its own: import it by itself, as {name}.pipeline", node)
            return f"./{name}.pipeline"
        report(f"{name!r} is a container: save what it compiles to as ./{name}.yaml", node)
        return f"./{name}.yaml"
    return None


def is_pipeline_function(node: cst.CSTNode) -> bool:
    """Whether a function is decorated as a pipeline."""
    return isinstance(node, cst.FunctionDef) and any(
        last_name(item.decorator.func if isinstance(item.decorator, cst.Call) else item.decorator) == "pipeline"
        for item in node.decorators
    )


def _dotted(node: cst.Attribute | cst.Name | None) -> str:
    if isinstance(node, cst.Attribute):
        inner = node.value
        return f"{_dotted(inner) if isinstance(inner, cst.Attribute | cst.Name) else ''}.{node.attr.value}"
    return node.value if node is not None else ""
