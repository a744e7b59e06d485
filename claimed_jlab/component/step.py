"""Runs one notebook in a container. Self-contained: its text is what a pod gets as `python3 -c`, on Python 3.9 and up.

    --notebook TEXT           a piece of the packed notebook (base64 of zlib); the pieces are joined in their order
    --notebook-file PATH      the notebook as a file instead, packed or plain
    --requirements JSON       what the notebook needs; what of it is lacking is installed
    --parameter NAME TYPE VALUE        --environment NAME TYPE VALUE
    --artifact NAME PATH               --output NAME PATH    --output-parameter NAME PATH   (all with -environment too)
    --executed-notebook NAME PATH      --execution-log NAME PATH

Parameters arrive as text, artifacts as paths; output parameters leave as one text file each, as KFP's launcher wants
them. A secret may come as the environment variable of its name instead; it is in no cell, line or outcome.

It ends with one line on standard output, `claimed-outcome: {…}`, and where the notebook failed with status 1, the cell
and the error on one line of standard error and in the pod's termination message. Before that line then comes
`claimed-notebook: …`, the executed notebook (base64 of zlib): KFP's launcher keeps no files of a step that failed.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import zlib
from importlib import metadata
from pathlib import Path
from typing import Any

# What runs a notebook: what an image must have, and what is installed where it has not.
RUNNER = {"nbclient>=0.6": "nbclient==0.10.2", "ipykernel>=6": "ipykernel==6.30.1"}
TRANSLATOR = {"papermill>=2.4": "papermill==2.6.0"}  # says parameters in other languages
LONGEST_OUTCOME = 200_000  # characters: collectors of logs cut longer lines
LONGEST_NOTEBOOK = 1_000_000  # characters: that of a failed step comes home by the log alone
LARGEST_METRICS = 64_000  # bytes of a file that may hold an artifact's metrics
MASK = "********"
STOPPED = "it was stopped (SIGTERM), perhaps by its time limit"
COLORS = re.compile(r"\x1b\[[0-9;]*m")
COLLECT = """def _claimed_outputs(names, path):
    import json

    found = {}
    for name in names:
        if name not in globals():
            raise NameError(f"the output {name!r} was declared and not set")
        value = globals()[name]
        found[name] = value.item() if hasattr(value, "item") else value
    with open(path, "w") as file:
        json.dump(found, file)

"""


class Failed(Exception):
    """What ends the step, in one line. cell: its number in the user's notebook, from 1."""

    def __init__(self, message: str, cell: int | None = None, traceback: str | None = None) -> None:
        super().__init__(" ".join(message.split()))
        self.cell = cell
        self.traceback = traceback

    def line(self) -> str:
        return f"cell {self.cell}: {self}" if self.cell else str(self)


class Given:
    """What the command line says, by the names of the notebook's inputs and outputs."""

    def __init__(self, words: list[str]) -> None:
        self.notebook = ""
        self.notebook_file = ""
        self.requirements: list[str] = []
        self.parameters: dict[str, Any] = {}
        self.environment: dict[str, str] = {}
        self.hidden: list[str] = []  # parameters that are secrets: a cell reads the variable
        self.inputs: dict[str, Path] = {}
        self.outputs: dict[str, Path] = {}
        self.values: dict[str, Path] = {}  # output parameters that are variables of the notebook
        self.texts: dict[str, Path] = {}  # those that it writes to files itself
        self.kept: dict[str, tuple[str, Path]] = {}
        self.secrets: set[str] = set()
        words = list(words)
        while words:
            self._option(words.pop(0), words)

    def _option(self, option: str, words: list[str]) -> None:
        name = words.pop(0)
        if option == "--notebook":
            self.notebook += name
        elif option == "--notebook-file":
            self.notebook_file = name
        elif option == "--requirements":
            self.requirements = json.loads(name)
        elif option in ("--parameter", "--environment"):
            self._value(option, name, words.pop(0), words.pop(0))
        else:
            self._file(option, name, Path(words.pop(0)).absolute())

    def _value(self, option: str, name: str, kind: str, text: str) -> None:
        if kind == "Secret":
            self.environment[name] = text or os.environ.get(name, "")
            self.secrets |= {self.environment[name], *self.environment[name].splitlines()}
            if option == "--parameter":
                self.hidden.append(name)
        elif option == "--parameter":
            self.parameters[name] = value_of(kind, text)
        else:
            self.environment[name] = "" if kind == "bool" and not value_of(kind, text) else text

    def _file(self, option: str, name: str, path: Path) -> None:
        kind, by_variable, _ = option.partition("-environment")
        if kind == "--artifact":
            self.inputs[name] = path
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
        if kind == "--output":
            self.outputs[name] = path
        elif kind == "--output-parameter":
            (self.texts if by_variable else self.values)[name] = path
        elif kind in ("--executed-notebook", "--execution-log"):
            self.kept[kind] = (name, path)
        elif kind != "--artifact":
            raise Failed(f"{option} is no option of the step")
        if by_variable:
            self.environment[name] = str(path)
        elif kind in ("--artifact", "--output"):
            self.parameters[name] = str(path)

    def masked(self, value: Any) -> Any:
        """The same without secrets; those of less than four letters would hide what is no secret."""
        if isinstance(value, str):
            for secret in sorted((word for word in self.secrets if len(word) > 3), key=len, reverse=True):
                value = value.replace(secret, MASK).replace(json.dumps(secret)[1:-1], MASK)
        elif isinstance(value, dict):
            value = {key: self.masked(item) for key, item in value.items()}
        elif isinstance(value, list):
            value = [self.masked(item) for item in value]
        return value


class Log:
    """What is printed: shown at once, line by line, and kept in a file."""

    def __init__(self, given: Given) -> None:
        self._masked = given.masked
        self._file = given.kept.get("--execution-log", ("", Path(os.devnull)))[1].open("w", encoding="utf-8")
        self._rest = ""

    def write(self, text: str, *, apart: bool = False) -> None:
        lines = (self._rest + ("\n" if apart and self._rest else "") + text).splitlines(keepends=True)
        self._rest = lines.pop() if lines and lines[-1][-1] not in "\r\n" else ""
        self._say("".join(lines), sys.stdout)

    def end(self, error: str) -> None:
        """Ends the last line, and says what went wrong."""
        self.write("\n" if self._rest else "")
        self._say(f"{error}\n" if error else "", sys.stderr)
        self._file.close()

    def _say(self, text: str, stream: Any) -> None:
        for target in (self._file, stream):
            target.write(self._masked(text))
            target.flush()


def main(words: list[str]) -> int:
    """Runs the step; returns its exit status."""
    began = time.monotonic()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, stop)
    given = Given(words)
    log = Log(given)
    folder = Path(tempfile.mkdtemp(prefix="claimed-"))
    failed: Failed | None = None
    values: dict[str, Any] = {}
    try:
        values = run(given, log, folder)
    except Failed as error:
        failed = error
    except (Exception, KeyboardInterrupt) as error:
        failed = Failed(f"{type(error).__name__}: {error}")
    line = given.masked(failed.line()) if failed else ""
    log.end(line)
    leave_message(line)
    if failed:
        print_notebook(given)
    outcome = {**outcome_of(given, failed, values), "seconds": round(time.monotonic() - began, 3)}
    print(f"claimed-outcome: {text_of(given.masked(outcome))}", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


def print_notebook(given: Given) -> None:
    path = given.kept.get("--executed-notebook", ("", Path(os.devnull)))[1]
    if path.is_file():
        text = base64.b64encode(zlib.compress(path.read_bytes(), 9)).decode()
        if len(text) <= LONGEST_NOTEBOOK:
            print(f"claimed-notebook: {text}", flush=True)


def stop(*_: Any) -> None:
    raise Failed(STOPPED)


def run(given: Given, log: Log, folder: Path) -> dict[str, Any]:
    """Runs the notebook and writes its output parameters; returns these."""
    go_home(folder)
    os.environ.update(given.environment)
    notebook = notebook_of(given)
    keep(notebook, given)
    language = notebook.get("metadata", {}).get("kernelspec", {}).get("language", "python").lower()
    own = {**RUNNER, **({} if language == "python" else TRANSLATOR)}
    install({**own, **{text: text for text in given.requirements}}, log, folder)
    collected = folder / "outputs.json"
    execute(prepared(notebook, given, language, collected), given, log)
    values = json.loads(collected.read_text(encoding="utf-8")) if given.values else {}
    for name, path in given.values.items():
        value = given.masked(values[name])
        path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    for name, path in {**given.outputs, **given.texts}.items():
        if not path.exists():
            raise Failed(f"the output {name!r} was declared and not written")
    return values


def go_home(folder: Path) -> None:
    """Gives a user without a home, or without a name, what Jupyter and libraries take for granted."""
    os.environ.update(IPYTHONDIR=str(folder / "ipython"), JUPYTER_RUNTIME_DIR=str(folder / "runtime"))
    os.environ.setdefault("USER", "claimed")  # no file names a user that OpenShift chose
    if not may_write(Path("~").expanduser() if "HOME" in os.environ else folder / "none"):
        os.environ["HOME"] = str(folder)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"):
            os.environ[name] = str(folder / name.lower())
    if not may_write(Path.cwd()):
        os.chdir(folder)


def may_write(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def notebook_of(given: Given) -> dict[str, Any]:
    """The notebook, each cell with its number."""
    data = Path(given.notebook_file).read_bytes() if given.notebook_file else base64.b64decode(given.notebook)
    notebook: dict[str, Any] = json.loads(data if data[:1] == b"{" else zlib.decompress(data))
    for number, cell in enumerate(notebook["cells"], start=1):
        cell["source"] = "".join(cell["source"])  # in a file it may be a list of lines
        cell.setdefault("metadata", {})["claimed_cell"] = number
    return notebook


def keep(notebook: dict[str, Any], given: Given) -> None:
    """Writes the executed notebook as far as it is."""
    if "--executed-notebook" in given.kept:
        text = json.dumps(given.masked(notebook), indent=1)
        given.kept["--executed-notebook"][1].write_text(text, encoding="utf-8")


def install(wanted: dict[str, str], log: Log, folder: Path) -> None:
    """Installs what is lacking; an image that has everything needs no network. wanted: the pin of each requirement."""
    lacking = [pin for requirement, pin in wanted.items() if not is_there(requirement)]
    if not lacking:
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    chosen = any(name in os.environ for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_USER"))
    if not chosen and not may_write(Path(sysconfig.get_paths()["purelib"])):
        target = str(folder / "packages")
        command += ["--target", target]
        sys.path.insert(0, target)
        os.environ["PYTHONPATH"] = os.pathsep.join([target, *filter(None, [os.environ.get("PYTHONPATH")])])
    log.write(f"installing what is lacking: {', '.join(lacking)}\n")
    with subprocess.Popen([*command, *lacking], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
        said = list(pip.stdout or ())
    log.write("".join(said))
    if pip.returncode:
        reason = next((line for line in said if "ERROR" in line), "")
        raise Failed(f"pip can't install {', '.join(lacking)}: {reason}")
    importlib.invalidate_caches()


def is_there(requirement: str, extra: str = "", inside: tuple[str, ...] = ()) -> bool:
    """Whether a requirement is met. extra: by which it is asked for.  inside: the requirements that it is one of."""
    try:
        from packaging.requirements import Requirement
    except ImportError:
        from pip._vendor.packaging.requirements import Requirement  # type: ignore[assignment]
    try:
        wanted = Requirement(requirement)
    except ValueError:
        return False  # an address, which only pip can read
    if requirement in inside or (wanted.marker and not wanted.marker.evaluate({"extra": extra})):
        return True
    try:
        found = metadata.distribution(wanted.name)
    except metadata.PackageNotFoundError:
        return False
    if not wanted.specifier.contains(found.version, prereleases=True):
        return False
    more = [text for text in found.requires or [] if "extra" in text.partition(";")[2]]
    return all(is_there(text, name, (*inside, requirement)) for name in wanted.extras for text in more)


def prepared(notebook: dict[str, Any], given: Given, language: str, collected: Path) -> dict[str, Any]:
    """The notebook with its parameters set behind each cell that is tagged so, and its output parameters collected."""
    source = assignments(given) if language == "python" else translated(given, language)
    tagged = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    cells = [new_cell(source)] if source and not tagged else []
    for cell in notebook["cells"]:
        cells += [cell, new_cell(source)] if cell in tagged and source else [cell]
    if given.values:
        cells.append(new_cell(f"{COLLECT}\n_claimed_outputs({list(given.values)!r}, {str(collected)!r})"))
    return {**notebook, "cells": cells}


def new_cell(source: str) -> dict[str, Any]:
    about: dict[str, Any] = {"cell_type": "code", "execution_count": None, "outputs": []}
    return {**about, "metadata": {"tags": ["injected-parameters"]}, "source": source}


def assignments(given: Given) -> str:
    lines = [f"{name} = {literal(value)}" for name, value in given.parameters.items()]
    return "\n".join([*lines, *(f"{name} = __import__('os').environ[{name!r}]" for name in given.hidden)])


def translated(given: Given, language: str) -> str:
    from papermill.translators import translate_parameters

    name = "R" if language == "r" else language
    return str(translate_parameters("", name, given.parameters, "Parameters")) if given.parameters else ""


def literal(value: Any) -> str:
    """A value of JSON as Python says it."""
    if isinstance(value, float) and (value != value or abs(value) == float("inf")):
        return f"float('{value}')"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {literal(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(literal, value)) + "]" if isinstance(value, list) else repr(value)


def value_of(kind: str, text: str) -> Any:
    """A parameter's value; KFP writes a whole number as `3` or `3.0`."""
    if kind == "bool":
        return text.strip().lower() in ("true", "1", "yes", "on")
    if kind == "float":
        return float(text)
    found = json.loads(text) if kind in ("int", "list", "dict") else text
    return int(found) if kind == "int" and isinstance(found, float) and found.is_integer() else found


def execute(notebook: dict[str, Any], given: Given, log: Log) -> None:
    """Runs the cells in their order. Raises Failed with the cell that failed."""
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError

    now: dict[str, Any] = {"kept": time.monotonic(), "cell": {}, "stopped": False}

    class Runner(NotebookClient):  # type: ignore[misc]
        async def async_execute_cell(self, cell: Any, *more: Any, **options: Any) -> Any:
            now["cell"] = cell
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._stop)  # nbclient's says not why
            done = await super().async_execute_cell(cell, *more, **options)
            if time.monotonic() > now["kept"] + 1:
                keep(self.nb, given)
                now["kept"] = time.monotonic()
            return done

        def _stop(self) -> None:
            now["stopped"] = asyncio.ensure_future(self.km.shutdown_kernel(now=True))

        def output(self, outs: Any, message: Any, *more: Any) -> Any:
            text = printed(message["content"])
            log.write(text, apart=bool(text) and message["msg_type"] != "stream")
            return super().output(outs, message, *more)

    node = nbformat.from_dict(notebook)
    name = node.metadata.get("kernelspec", {}).get("name", "python3")
    try:
        Runner(node, timeout=None, startup_timeout=300, kernel_name=name).execute()
    except CellExecutionError as error:
        raise failure(now["cell"], f"{error.ename}: {error.evalue}") from None
    except DeadKernelError:
        reason = STOPPED if now["stopped"] else "the kernel died, perhaps for lack of memory"
        raise failure(now["cell"], reason) from None
    finally:
        keep(node, given)


def failure(cell: dict[str, Any], message: str) -> Failed:
    lines = [line for item in cell.get("outputs", []) for line in item.get("traceback", [])]
    number = cell.get("metadata", {}).get("claimed_cell")
    return Failed(message, number, COLORS.sub("", "\n".join(lines)) or None)


def printed(content: dict[str, Any]) -> str:
    """What an output is in a terminal: a stream's text, a traceback, a value."""
    if "text" in content:
        return str(content["text"])
    lines = content.get("traceback") or [content.get("data", {}).get("text/plain", "")]
    text = COLORS.sub("", "\n".join(lines))
    return f"{text}\n" if text else ""


def outcome_of(given: Given, failed: Failed | None, values: dict[str, Any]) -> dict[str, Any]:
    """What became of it, for whoever reads the log."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in given.texts.items() if path.is_file()}
    files = {**given.outputs, **dict(given.kept.values())}
    return {
        "state": "FAILED" if failed else "COMPLETE",
        "outputs": {**values, **texts},
        "artifacts": {name: described(path) for name, path in files.items() if path.exists()},
        "inputs": {name: {"path": str(path)} for name, path in given.inputs.items()},
        "error": str(failed) if failed else None,
        "cell": failed.cell if failed else None,
        "traceback": failed.traceback if failed else None,
        "python": ".".join(map(str, sys.version_info[:3])),
        "packages": versions(given.requirements),
    }


def leave_message(line: str) -> None:
    """Kubernetes shows the termination message where it says that a pod failed."""
    path = Path(os.environ.get("CLAIMED_TERMINATION_LOG", "/dev/termination-log"))
    with contextlib.suppress(OSError):  # another user's: the line is in the log
        if line and path.is_file():
            path.write_text(line[:4000], encoding="utf-8")


def described(path: Path) -> dict[str, Any]:
    """A file or a folder of files: its size, its digest, and the metrics in it."""
    files = [path] if path.is_file() else sorted(item for item in path.rglob("*") if item.is_file())
    size = sum(item.stat().st_size for item in files)
    found = digest(path) if path.is_file() else ""
    if not path.is_file():
        lines = "".join(f"{digest(item)}  {item.relative_to(path).as_posix()}\n" for item in files)
        found = hashlib.sha256(lines.encode()).hexdigest()
    about = metrics(path) if path.is_file() and size <= LARGEST_METRICS else {}
    return {"path": str(path), "digest": f"sha256:{found}", "size": size, "metadata": about}


def digest(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            found.update(block)
    return found.hexdigest()


def metrics(path: Path) -> dict[str, Any]:
    """The numbers and words of a JSON file: its `metrics`, else its own top level."""
    try:
        content = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return {}
    if not isinstance(content, dict) or "nbformat" in content:
        return {}
    flat = content["metrics"] if isinstance(content.get("metrics"), dict) else content
    return {name: value for name, value in flat.items() if isinstance(value, (int, float, str))}


def versions(requirements: list[str]) -> dict[str, str]:
    found = {}
    for requirement in requirements:
        named = re.match(r"[A-Za-z0-9._-]+", requirement)
        with contextlib.suppress(metadata.PackageNotFoundError):  # an address, or not for this machine
            found[named[0] if named else ""] = metadata.version(named[0] if named else "-")
    return found


def text_of(outcome: dict[str, Any]) -> str:
    """The outcome in JSON, without what makes it too long for a line of a log."""
    text = json.dumps(outcome)
    if len(text) > LONGEST_OUTCOME:
        bare = {name: {**about, "metadata": {}} for name, about in outcome["artifacts"].items()}
        outcome = {**outcome, "artifacts": bare, "traceback": None, "cut": True}
        text = json.dumps(outcome)
    if len(text) > LONGEST_OUTCOME:  # values of that length are in their files
        text = json.dumps({**outcome, "outputs": {}, "error": (outcome["error"] or "")[:2000] or None})
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
