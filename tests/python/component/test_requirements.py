"""What a notebook needs, by its lines and its imports, pinned to what it ran with."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest
from authoring import write_notebook

from claimed_jlab.component.create import create_component
from claimed_jlab.component.reader import read_component
from claimed_jlab.component.requirements import missing_distributions

CLICK = f"click=={version('click')}"

# sentence: (cells, requirements, codes of the findings)
LINES = {
    "an exact version is kept": (["!pip install foo==1.0"], {"foo==1.0"}, set()),
    "a bare name gets the version that is installed": (["%pip install click"], {CLICK}, {"loose-version"}),
    "a range gets the version that is installed": (["!pip3 install 'click>=7,<99'"], {CLICK}, {"loose-version"}),
    "extras are kept": (["!pip install uvicorn[standard]==0.1"], {"uvicorn[standard]==0.1"}, set()),
    "a version that is not the installed one is said": (["!pip install click==0.1"], {"click==0.1"}, {"other-version"}),
    "what is not installed can't be pinned": (["!pip install no-such-thing"], {"no-such-thing"}, {"unpinned"}),
    "the interpreter's own pip is pip": (["!{sys.executable} -m pip install -q foo==1"], {"foo==1"}, set()),
    "pip in a subprocess is pip": (
        ["import sys, subprocess\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'foo==1'])"],
        {"foo==1"},
        set(),
    ),
    "pip in os.system is pip": (["import os\nos.system('pip install foo==1 > /dev/null')"], {"foo==1"}, set()),
    "commands in one line are taken apart": (
        ["!pip install foo==1; pip install bar==2 && ls"],
        {"foo==1", "bar==2"},
        set(),
    ),
    "of two branches the one that fits is taken": (
        [f"%%bash\nif [[ $(python -V) == *3.7* ]]; then pip install click==7.0; else\npip install {CLICK}; fi"],
        {CLICK},
        {"several-versions"},
    ),
    "a comment behind a line is no package": (["!pip install foo==1 # for bar"], {"foo==1"}, set()),
    "a commented line installs nothing": (["# !pip install foo==1\nx = 1"], set(), set()),
    "a commit of a repository is kept": (
        ["!pip install git+https://example.org/a/tool.git@1a2b3c4"],
        {"git+https://example.org/a/tool.git@1a2b3c4"},
        set(),
    ),
    "a branch of a repository is a doubt": (
        ["!pip install git+https://example.org/a/tool.git"],
        {"git+https://example.org/a/tool.git"},
        {"unpinned"},
    ),
    "another index is said": (["!pip install -i https://example.org/simple foo==1"], {"foo==1"}, {"other-index"}),
    "a project on the machine is said": (["!pip install -e ./mine"], set(), {"local-requirement"}),
    "a file of requirements that is not there is said": (["!pip install -r no.txt"], set(), {"requirements-file"}),
    "a file of requirements is read": (["!pip install -r needs.txt"], {"foo==1", "bar==2"}, set()),
    "conda's packages are PyPI's": (
        ["%conda install -c conda-forge pytorch=2.6.0 conda-forge::foo=1.2 'bar>=2'"],
        {"torch==2.6.0", "foo==1.2.*", "bar>=2"},
        {"conda"},
    ),
    "conda in a shell is conda": (["!mamba install -y python=3.9 foo=1.2.3"], {"foo==1.2.3"}, {"conda"}),
    "a module's distribution is known by the table": (["import cv2"], {"opencv-python-headless"}, {"unpinned"}),
    "a dotted module is known by the table": (
        ["from azure.storage import blob"],
        {"azure-storage-blob"},
        {"unpinned"},
    ),
    "a module that nobody knows is said to be guessed": (["import zzz_unheard"], {"zzz_unheard"}, {"unknown-module"}),
    "a module beside the notebook needs nothing": (["import beside"], set(), set()),
    "a folder of data is no module": (["import datasets"], {"datasets"}, {"unpinned"}),
}


@pytest.mark.parametrize("sentence", LINES)
def test_the_reader_knows_that(sentence, tmp_path):
    cells, requirements, findings = LINES[sentence]
    (tmp_path / "needs.txt").write_text("# what it needs\nfoo==1\n--no-binary :all:\nbar==2 # two\n")
    (tmp_path / "beside.py").write_text("")
    (tmp_path / "datasets").mkdir()
    spec = read_component(write_notebook(tmp_path / "notebook.ipynb", *cells))
    kept = set(spec.requirements)
    if "pytorch" in str(cells):  # which may be installed here, in another version
        kept = {item if not item.startswith("torch") else "torch==2.6.0" for item in kept}
        findings = findings | ({item.code for item in spec.diagnostics} & {"other-version"})
    assert kept == requirements
    ignored = {"no-title", "no-interface", "untagged-parameters"}
    found = {item.code for item in spec.diagnostics} - ignored
    if sentence.startswith(("conda", "of two")):
        found -= {"unpinned"}
    assert found == findings
    assert all(item.cell == 1 and item.line for item in spec.diagnostics if item.code in findings)


def test_a_loose_version_is_pinned_by_one_edit(tmp_path):
    path = write_notebook(tmp_path / "notebook.ipynb", "import os\n!pip install -q 'click>=7'  # for the options")
    found = next(item for item in read_component(path).diagnostics if item.code == "loose-version")
    assert (found.line, found.fix.label) == (2, "Pin the version")
    assert found.fix.edits[0].text == f"!pip install -q {CLICK}  # for the options"


@pytest.fixture
def other_kernel(tmp_path, monkeypatch):
    """A kernel of another environment, with a pandas of its own."""
    home = tmp_path / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    site = next(home.glob("lib*/python*/site-packages"))
    for name, number in (("pandas", "1.2.3"), ("claimed_only_there", "4.5+cpu")):
        folder = site / f"{name}-{number}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n")
    specs = tmp_path / "share" / "kernels" / "older"
    specs.mkdir(parents=True)
    argv = [str(home / "bin" / "python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (specs / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Older", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(specs.parents[1]))
    return "older"


def with_kernel(path: Path, name: str, python: str = "") -> Path:
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata["kernelspec"] = {"name": name, "display_name": name, "language": "python"}
    if python:
        notebook.metadata["language_info"] = {"name": "python", "version": python}
    nbformat.write(notebook, path)
    return path


def test_versions_are_those_of_the_environment_that_the_notebook_ran_in(tmp_path, other_kernel):
    path = write_notebook(tmp_path / "notebook.ipynb", "import pandas\nimport claimed_only_there\nn = 1")
    spec = read_component(with_kernel(path, other_kernel))
    assert spec.requirements == ("claimed_only_there==4.5", "pandas==1.2.3")
    assert missing_distributions(spec.requirements, spec.kernel) == ()
    assert "claimed_only_there==4.5" in missing_distributions(spec.requirements)
    made = create_component(path, tmp_path / "made")
    lock = Path(made.path).with_name("requirements.lock").read_text()
    assert "pandas==1.2.3" in lock and "claimed-only-there==4.5" in lock


def test_a_kernel_that_is_not_here_is_said_and_this_environment_taken(tmp_path):
    path = write_notebook(tmp_path / "notebook.ipynb", "import click")
    spec = read_component(with_kernel(path, "nowhere", "3.1.4"))
    assert spec.requirements == (CLICK,)
    assert {"kernel-elsewhere", "other-python"} <= {item.code for item in spec.diagnostics}
