"""Runs one notebook in one kernel: parameters in, cells in order, output parameters out. papermill's semantics.

The user's file is only read. The executed copy is written as it grows, so that it can be opened while it runs.
"""

from __future__ import annotations

import ast
import asyncio
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from claimed_jlab.component.source import cell_text, read_notebook
from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.local.kernels import Kernel

_WRITE_SECONDS = 0.2


_LOOK_SECONDS = 0.5


class CellFailed(ClaimedError):
    """A cell raised, or its kernel died. cell: its number in the user's notebook, from 1."""

    code = "cell-failed"

    def __init__(self, message: str, *, cell: int | None, traceback: str | None = None) -> None:
        super().__init__(message, where=f"cell {cell}" if cell else None)
        self.cell = cell
        self.traceback = traceback


def prepare(path: Path, parameters: Mapping[str, Any], language: str = "") -> nbformat.NotebookNode:
    """A copy of the notebook with its parameters injected behind the `parameters` cell, outputs cleared.

    language: of the notebook, where that is not Python. Raises NotANotebook, CellFailed.
    """
    notebook = nbformat.from_dict(read_notebook(path))
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    for number, cell in enumerate(notebook.cells, start=1):
        cell.source = cell_text(cell)
        cell.setdefault("id", f"cell-{number}")
        cell.metadata["claimed_cell"] = number
        cell.metadata.setdefault("tags", [])
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    if parameters:
        source = _in_language(parameters, language) if language else _assignments(parameters)
        notebook.cells = list(_with_parameters(notebook.cells, source))
    return notebook


def _with_parameters(cells: list[nbformat.NotebookNode], source: str) -> Iterator[nbformat.NotebookNode]:
    """The cells with one that sets the parameters behind each that is tagged so; where none is, before all others.

    papermill sets them behind the first alone, and a further one would undo it.
    """
    tagged = ["parameters" in cell.metadata.tags for cell in cells]
    if not any(tagged):
        yield _injected(source)
    for cell, is_tagged in zip(cells, tagged, strict=True):
        yield cell
        if is_tagged:
            yield _injected(source)


def _injected(source: str) -> nbformat.NotebookNode:
    # Not by `new_code_cell`: it compiles a schema to check what stands here.
    cell: dict[str, Any] = {"cell_type": "code", "id": uuid4().hex[:8], "execution_count": None, "outputs": []}
    return nbformat.from_dict({**cell, "source": source, "metadata": {"tags": ["injected-parameters"]}})


def _assignments(parameters: Mapping[str, Any]) -> str:
    """The values, which JSON can hold, as Python says them."""
    return "\n".join(["# Parameters", *(f"{name} = {_literal(value)}" for name, value in parameters.items())])


def _in_language(parameters: Mapping[str, Any], language: str) -> str:
    """The same in another language, by papermill's translators. Raises CellFailed where it has none."""
    from papermill.exceptions import PapermillException
    from papermill.translators import translate_parameters

    try:
        return str(
            translate_parameters("", {"r": "R"}.get(language, language), dict(parameters), "Parameters")
        ).rstrip()
    except PapermillException as error:
        raise CellFailed(f"parameters can't be given to a notebook in {language}: {error}", cell=None) from None


def _literal(value: Any) -> str:
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{str(key)!r}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_literal, value)) + "]"
    return repr(value)


class _Copy:
    """The executed copy on disk: written when a run begins and ends, and at most every 0.2 s while it grows."""

    def __init__(self, notebook: nbformat.NotebookNode, path: Path) -> None:
        self._notebook = notebook
        self._path = path
        self._later: asyncio.TimerHandle | None = None
        self._write()

    def changed(self) -> None:
        """It is written soon, even if a cell then takes its time."""
        if self._later is None:
            wait = max(0.0, self._written + _WRITE_SECONDS - time.monotonic())
            self._later = asyncio.get_running_loop().call_later(wait, self._write)

    def close(self) -> None:
        """Writes it a last time."""
        if self._later is not None:
            self._later.cancel()
        self._write()

    def _write(self) -> None:
        building = self._path.with_suffix(".writing")
        building.write_text(nbformat.v4.writes(self._notebook), encoding="utf-8")
        building.replace(self._path)
        self._later, self._written = None, time.monotonic()


class NotebookRun(NotebookClient):  # type: ignore[misc]
    """nbclient's client for a kernel that is there already, with a log line for all that is printed."""

    def __init__(self, notebook: nbformat.NotebookNode, kernel: Kernel, log: Callable[[str], None]) -> None:
        super().__init__(notebook, km=kernel.manager, record_timing=True, allow_errors=False, timeout=None)
        self.kc = kernel.client
        self._kernel = kernel
        self._log = log

    async def run(self, executed: Path) -> None:
        """Executes every cell, saving the copy to `executed` as it grows. Raises CellFailed."""
        copy = _Copy(self.nb, executed)
        self.reset_execution_trackers()
        try:
            await self._cells(copy)
        finally:
            copy.close()

    async def _cells(self, copy: _Copy) -> None:
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code" or not cell.source.strip():
                continue
            try:
                await self.async_execute_cell(cell, index)
            except CellExecutionError as error:
                raise _failure(cell, error) from None
            except (DeadKernelError, CellTimeoutError) as error:
                if await self.km.is_alive():
                    raise asyncio.CancelledError from None  # nbclient takes a cancellation for a death
                raise CellFailed(
                    f"the kernel died in this cell: {self._kernel.death()}", cell=_number(cell), traceback=str(error)
                ) from None
            finally:
                copy.changed()

    def process_message(self, msg: dict[str, Any], cell: nbformat.NotebookNode, cell_index: int) -> Any:
        content = msg.get("content", {})
        if msg["msg_type"] == "stream":
            self._log(content.get("text", ""))
        elif msg["msg_type"] == "error":
            self._log("\n".join(content.get("traceback", [])) + "\n")
        return super().process_message(msg, cell, cell_index)


async def run_silently(kernel: Kernel, code: str, expressions: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Runs code that leaves no trace in the notebook; returns the values of the expressions.

    Each expression must give a JSON text. Raises CellFailed with the kernel's own words, or when it has died.
    """
    asked = asyncio.ensure_future(
        kernel.client.execute_interactive(
            code, silent=True, store_history=False, user_expressions=dict(expressions or {}), output_hook=_ignore
        )
    )
    try:
        while not asked.done():
            await asyncio.wait([asked], timeout=_LOOK_SECONDS)
            # The client would wait for ever for the answer of a kernel that is dead.
            if not asked.done() and (death := kernel.death()):
                raise CellFailed(f"the kernel died: {death}", cell=None)
    finally:
        asked.cancel()
    content = asked.result()["content"]
    if content["status"] != "ok":
        raise CellFailed(f"{content.get('ename')}: {content.get('evalue')}", cell=None)
    found = {}
    for name, answer in content.get("user_expressions", {}).items():
        if answer["status"] == "ok":
            found[name] = json.loads(ast.literal_eval(answer["data"]["text/plain"]))
    return found


async def set_up(kernel: Kernel, environment: Mapping[str, str], folder: Path) -> None:
    """Gives the kernel a task's variables, as many threads as they say, and the modules in the component's folder."""
    await run_silently(kernel, _SET_UP.format(json.dumps([dict(environment), str(folder)])))


# A library that a forked kernel was born with has read its number of threads already, so it is told.
_SET_UP = """
def _claimed_set_up(text):
    import json, os, sys
    environment, folder = json.loads(text)
    os.environ.update(environment)
    sys.path.insert(1, folder)
    if "threadpoolctl" not in sys.modules:
        return
    from threadpoolctl import ThreadpoolController
    names = {{"openblas": ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS"], "mkl": ["MKL_NUM_THREADS"],
             "blis": ["BLIS_NUM_THREADS"]}}
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for library in ThreadpoolController().lib_controllers:
        asked = [os.environ.get(name, "") for name in [*names.get(library.internal_api, ()), "OMP_NUM_THREADS"]]
        library.set_num_threads(next((int(text) for text in asked if text.isdigit() and int(text)), cores))
_claimed_set_up({0!r})
del _claimed_set_up
"""


async def read_values(kernel: Kernel, names: list[str]) -> dict[str, Any]:
    """The values of variables when a notebook has ended, as JSON. Raises CellFailed for one that is not there."""
    if not names:
        return {}
    values = await run_silently(kernel, _TO_JSON, {name: f"_claimed_json({name!r})" for name in names})
    for name in names:
        if name not in values:
            raise CellFailed(f"the output {name!r} was declared, but is no value that JSON can hold", cell=None)
        if values[name] == {"claimed_absent": True}:
            raise CellFailed(f"the output {name!r} was declared and not set", cell=None)
    return values


_TO_JSON = """
def _claimed_json(name):
    import json
    def plain(value):
        if hasattr(value, "item") and getattr(value, "size", 1) == 1:
            return value.item()
        if hasattr(value, "tolist"):
            return value.tolist()
        return str(value)
    if name not in globals():
        return json.dumps({"claimed_absent": True})
    return json.dumps(globals()[name], default=plain)
"""


def _failure(cell: nbformat.NotebookNode, error: CellExecutionError) -> CellFailed:
    what = f"{error.ename}: {error.evalue}" if error.evalue else str(error.ename)
    lines = [line for line in what.splitlines() if line.strip()]
    raised = next((output for output in cell.outputs if output.output_type == "error"), None)
    traceback = "\n".join(raised.traceback) if raised else None
    return CellFailed(lines[0] if lines else "failed", cell=_number(cell), traceback=traceback)


def _number(cell: nbformat.NotebookNode) -> int | None:
    number = cell.metadata.get("claimed_cell")
    return int(number) if number else None


def _ignore(_: dict[str, Any]) -> None:
    return None
