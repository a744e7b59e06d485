"""A component as a build context: a Dockerfile and what it copies.

The image runs as any user of group 0 (as OpenShift does), has no folder that everybody may write to, and no shell
string. What the notebook names can only stand in quoted labels and in JSON words, where it stays text; files are
copied under names of ours.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from claimed_jlab.component.create import clean
from claimed_jlab.component.export.arguments import default_text, lead_words, output_paths, output_words
from claimed_jlab.component.export.lock import lock
from claimed_jlab.component.kfp_yaml import step_text
from claimed_jlab.component.source import read_notebook
from claimed_jlab.component.spec import ComponentSpec, InputSpec
from claimed_jlab.component.step import RUNNER

_HOME = "/opt/component"
_USER = 1001
_RUNNER = tuple(pin.partition("==")[0] for pin in RUNNER.values())
# One release of each Python, so that the same context gives the same interpreter.
_RELEASES = {(3, 10): "3.10.18", (3, 11): "3.11.13", (3, 12): "3.12.11", (3, 13): "3.13.5"}
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_IGNORE = "*\n!requirements.txt\n!step.py\n!notebook.ipynb\n!modules\n"


def build_context(spec: ComponentSpec) -> dict[str, str]:
    """The files of the build context by their path in it; the Dockerfile is the first.

    Raises NotANotebook when the notebook is gone.
    """
    notebook = Path(spec.path)
    modules = {f"modules/{path.name}": path for path in sorted(notebook.parent.glob("*.py"))}
    return {
        "Dockerfile": dockerfile(spec, modules=bool(modules)),
        ".dockerignore": _IGNORE,
        "requirements.txt": lock([*spec.requirements, *_RUNNER]).install_text(),
        "step.py": step_text(),
        "notebook.ipynb": _notebook_text(spec),
        **{name: path.read_text(encoding="utf-8", errors="surrogateescape") for name, path in modules.items()},
    }


def dockerfile(spec: ComponentSpec, *, modules: bool = False) -> str:
    """The text of the Dockerfile. modules: the context has a folder of Python modules that the notebook imports."""
    copies = [f"COPY step.py notebook.ipynb {_HOME}/"]
    if modules:
        copies.append(f"COPY modules {_HOME}/modules/")
    lines = [
        f"FROM python:{_release()}-slim-bookworm",
        f"ENV HOME=/work PYTHONPATH={_HOME}/modules PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1",
        "# What the notebook needs comes before the notebook: a changed cell installs nothing anew.",
        f"COPY requirements.txt {_HOME}/requirements.txt",
        _run("python3", "-m", "pip", "install", "--no-cache-dir", "--requirement", f"{_HOME}/requirements.txt"),
        "# Any user of group 0 may write here; nobody else may.",
        _run("install", "-d", "-o", str(_USER), "-g", "0", "-m", "0770", "/work", "/outputs"),
        *copies,
        *_labels(spec),
        f"USER {_USER}:0",
        "WORKDIR /work",
        f"ENTRYPOINT {_json(['python3', f'{_HOME}/step.py', *_fixed_words(spec)])}",
        f"CMD {_json(_default_words([port for port in spec.inputs if not port.prefix]))}",
    ]
    return "\n".join(lines) + "\n"


def _fixed_words(spec: ComponentSpec) -> list[str]:
    """What holds whatever arguments replace the defaults: where outputs go, and that their paths are whole."""
    paths = output_paths(spec, "/outputs")
    words = [word for port in spec.outputs for word in output_words(port, paths[port.name])]
    notebook = ["--notebook-file", f"{_HOME}/notebook.ipynb"]
    return [*notebook, *words, *_default_words(port for port in spec.inputs if port.prefix)]


def _default_words(ports: Iterable[InputSpec]) -> list[str]:
    words: list[str] = []
    for port in ports:
        text = default_text(port)
        if text is not None:
            words += [*lead_words(port), text]
    return words


def _labels(spec: ComponentSpec) -> list[str]:
    facts = {
        "title": spec.title or spec.name,
        "description": spec.description,
        "version": spec.version,
        "licenses": spec.license,
    }
    return [f"LABEL org.opencontainers.image.{key}={_quoted(text)}" for key, text in facts.items() if text]


def _quoted(text: str) -> str:
    """Text in a Dockerfile's double quotes, on one line, where nothing is expanded."""
    flat = "".join(letter if letter.isprintable() else " " for letter in text)
    return '"' + re.sub(r'([\\"$])', r"\\\1", flat) + '"'


def _run(*words: str) -> str:
    return f"RUN {_json(list(words))}"


def _json(words: list[str]) -> str:
    return json.dumps(words)


def _release() -> str:
    version = sys.version_info[:2]
    return _RELEASES.get(version, f"{version[0]}.{version[1]}")


def _notebook_text(spec: ComponentSpec) -> str:
    content = json.loads(clean(read_notebook(Path(spec.path)), spec.version))
    content["metadata"]["kernelspec"] = _KERNEL
    return json.dumps(content, indent=1) + "\n"
