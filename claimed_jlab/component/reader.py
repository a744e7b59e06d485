"""A notebook becomes a component: title, interface, requirements, and every doubt about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from blake3 import blake3

from claimed_jlab.component.about import has_title, read_about
from claimed_jlab.component.annotations import read_annotations
from claimed_jlab.component.environment import Code, read_environment, understand
from claimed_jlab.component.fixes import annotation, discreet, secret_texts, with_fixes
from claimed_jlab.component.parameters import read_tagged
from claimed_jlab.component.requirements import read_requirements
from claimed_jlab.component.script import in_file, untagged_values
from claimed_jlab.component.secrets import literal_secrets
from claimed_jlab.component.source import cell_text, kernel_of, parse_notebook, read_notebook
from claimed_jlab.component.spec import ComponentSpec, Diagnostic, InputSpec, OutputSpec
from claimed_jlab.component.undeclared import undeclared
from claimed_jlab.component.usage import infer_types

_Port = TypeVar("_Port", InputSpec, OutputSpec)


def read_component(path: Path, *, catalog: str = "", content: dict[str, Any] | None = None) -> ComponentSpec:
    """Reads a notebook into a component's spec, without running it.

    content: the notebook as an editor has it, when it is not saved.
    Raises NotANotebook. Everything else that is wrong or unsure is in the spec's diagnostics.
    """
    source = parse_notebook(path.absolute(), content)
    diagnostics = list(source.diagnostics)
    code = understand(source)
    inputs, outputs = _interface(code, diagnostics)
    comments = read_annotations(source)
    inputs = [comments.describe_input(port) for port in inputs]
    outputs = [comments.describe_output(port, only=len(outputs) == 1) for port in outputs]
    requirements = read_requirements(source, diagnostics, comments.dependencies)
    diagnostics += literal_secrets(source)
    diagnostics += undeclared(code, inputs, titled=has_title(source))
    about = read_about(source, diagnostics)
    if not inputs and (untagged := untagged_values(source.content)):
        diagnostics.append(untagged)
    if not inputs and not outputs:
        diagnostics.append(_no_interface())
    findings = with_fixes(code, diagnostics)
    hidden = secret_texts(code, findings)
    spec = ComponentSpec(
        **about,
        inputs=tuple(_with_annotation(code, port, hidden) for port in inputs),
        outputs=tuple(_with_annotation(code, port, hidden) for port in outputs),
        requirements=requirements,
        diagnostics=tuple(item.model_copy(update={"fix": discreet(item.fix, hidden)}) for item in findings),
        path=str(source.path),
        digest=source_digest(source.path, source.content),
        catalog=catalog,
    )
    return in_file(spec, source.content)


def _with_annotation(code: Code, port: _Port, hidden: set[str]) -> _Port:
    if not port.inferred:
        return port
    return port.model_copy(update={"fix": discreet(annotation(code, port), hidden)})


def _interface(code: Code, diagnostics: list[Diagnostic]) -> tuple[list[InputSpec], list[OutputSpec]]:
    elsewhere = {
        (number, read.statement.lineno) for number, reads in code.reads.items() for read in reads if read.target
    }
    inputs, outputs = read_tagged(code.source, diagnostics, elsewhere)
    declared = {port.name for port in [*inputs, *outputs]}
    inputs += [port for port in read_environment(code, diagnostics) if port.name not in declared]
    return infer_types(code, inputs, outputs, diagnostics)


def source_digest(path: Path, content: dict[str, Any] | None = None) -> str:
    """What a notebook's result depends on: its code cells and the modules beside it; not its outputs or prose."""
    content = read_notebook(path) if content is None else content
    hasher = blake3()
    for cell in content["cells"]:
        if cell.get("cell_type") == "code":
            tags = ",".join(sorted(cell.get("metadata", {}).get("tags", [])))
            # Half a surrogate pair is no text, but JSON can hold it.
            hasher.update(f"{tags}\0{cell_text(cell)}\0".encode("utf-8", "surrogatepass"))
    hasher.update(kernel_of(content).encode())
    for module in modules_beside(path):
        hasher.update(module.name.encode() + b"\0" + module.read_bytes())
    return f"blake3:{hasher.hexdigest()}"


def modules_beside(path: Path) -> list[Path]:
    """The modules that a notebook finds in its folder; a script is not one of its own."""
    return sorted(module for module in path.parent.glob("*.py") if module != path)


def _no_interface() -> Diagnostic:
    return Diagnostic(
        level="warning",
        code="no-interface",
        message="no inputs or outputs were found: tag a cell `parameters` and one `outputs`",
    )
