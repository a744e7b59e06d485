"""What runs in a pod, run here under the launcher's contract: on each Python, as another user, and failing."""

from __future__ import annotations

import ast
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from hashlib import sha256
from pathlib import Path

import pytest
from authoring import code, markdown, write_notebook
from launcher import python_for, pythons, run_pod, runs_notebooks

from claimed_jlab.component import step
from claimed_jlab.component.kfp_yaml import step_text
from claimed_jlab.component.reader import read_component
from claimed_jlab.run.kubeflow.packing import pack

PYTHONS = pythons()
USER = 1000770000  # of the range that OpenShift gives a project


@pytest.fixture
def notebook(tmp_path):
    """Reads a table, takes parameters of all types, has a secret, writes a file, a folder and values."""
    return write_notebook(
        tmp_path / "work" / "fit.ipynb",
        markdown("# Fit"),
        code(
            'table: "Input[Dataset]" = "t.csv"\nn: int = 1\nrate: float = 0.5\nloud: bool = False\n'
            'names: list = []\nmore: dict = {}\ntoken: "Secret" = ""\n'
            'scores: "Output[Metrics]" = "scores.json"\nfolder: "Output[Model]" = "model"',
            "parameters",
        ),
        "import getpass, json, os\nrows = open(table).read().split()\nprint('rows', len(rows), end='')",
        "if n == 13: raise ValueError(f'no column {token!r}\\nin data')\nif n == 14: os._exit(1)\n"
        "if n == 15:\n    import time\n    print('asleep')\n    time.sleep(60)",
        "json.dump({'auc': 0.75, 'by': {'x': 1}}, open(scores, 'w'))\nos.makedirs(folder)\n"
        "open(f'{folder}/a', 'w').write('a')\nprint(token, os.getcwd(), os.path.expanduser('~'), getpass.getuser())",
        code(
            "size: int = len(rows) + n\nkind: str = type(rate).__name__\nflag: bool = loud\nboth: dict = more",
            "outputs",
        ),
    )


def container_of(notebook, image=None):
    return pack(read_component(notebook), image, None).container


def given(folder, **values):
    table = folder / "minio" / "bucket" / "in" / "table"
    table.parent.mkdir(parents=True, exist_ok=True)
    table.write_text("a b c")
    return {
        "table": table,
        "n": 2,
        "rate": 2,
        "loud": True,
        "names": ["x"],
        "more": {"k": [1.5]},
        "token": "",
        **values,
    }


@pytest.mark.slow
@pytest.mark.parametrize("version", PYTHONS)
def test_the_step_runs_on_every_python_of_the_machine(notebook, tmp_path, version):
    if not PYTHONS[version]:
        pytest.skip(f"no Python {version} here")
    python = next((item for item in PYTHONS[version] if runs_notebooks(item)), None)
    if python is None:
        text = tmp_path / "step.py"
        text.write_text(step_text())
        asked = "import runpy, sys; runpy.run_path(sys.argv[1])['Given'](['--parameter', 'n', 'int', '3'])"
        subprocess.run([PYTHONS[version][0], "-c", asked, text], check=True)
        return
    pod = run_pod(container_of(notebook), tmp_path / "pod", given(tmp_path / "pod"), python=python)
    assert pod.status == 0, pod.err
    assert {name: pod.text(name) for name in ("size", "kind", "flag", "both")} == {
        "size": "5",
        "kind": "float",
        "flag": "true",
        "both": '{"k": [1.5]}',
    }
    assert json.loads(pod.text("scores"))["auc"] == 0.75
    outcome = pod.outcome
    assert outcome["python"].startswith(f"{version}.") and outcome["seconds"] > 0


def test_the_text_of_the_step_is_python_since_3_9_and_fits_into_one_word():
    ast.parse(step_text(), feature_version=(3, 9))
    assert len(step_text().encode()) < 32_000


@pytest.mark.slow
def test_the_last_line_says_what_came_out_and_the_files_of_the_run_are_kept(notebook, tmp_path):
    pod = run_pod(container_of(notebook), tmp_path / "pod", given(tmp_path / "pod"), environment={"token": "hunter2!"})
    assert pod.status == 0 and pod.message == "", pod.err
    outcome = pod.outcome
    assert outcome["state"] == "COMPLETE" and outcome["error"] is outcome["cell"] is outcome["traceback"] is None
    assert outcome["outputs"] == {"size": 5, "kind": "float", "flag": True, "both": {"k": [1.5]}}
    assert outcome["inputs"] == {"table": {"path": str(tmp_path / "pod" / "minio" / "bucket" / "in" / "table")}}
    scores, model = outcome["artifacts"]["scores"], outcome["artifacts"]["folder"]
    assert scores["path"] == str(pod.files["scores"]) and scores["metadata"] == {"auc": 0.75}
    assert scores["digest"] == f"sha256:{sha256(pod.files['scores'].read_bytes()).hexdigest()}"
    assert model["size"] == 1 and model["digest"].startswith("sha256:") and model["metadata"] == {}
    assert {"executed_notebook", "execution_log"} <= set(outcome["artifacts"])
    executed = json.loads(pod.text("executed_notebook"))
    assert executed["nbformat"] == 4 and executed["cells"][1]["metadata"]["claimed_cell"] == 2
    log = pod.text("execution_log")
    assert log.startswith("rows 3********") and log in pod.out


@pytest.mark.slow
@pytest.mark.parametrize("by_argument", [False, True])
def test_a_secret_is_in_nothing_that_the_pod_leaves_behind(notebook, tmp_path, by_argument):
    values = given(tmp_path / "pod", n=13, token='hun"ter\nsesame\\' if by_argument else "")
    pod = run_pod(container_of(notebook), tmp_path / "pod", values, environment={"token": 'hun"ter\nsesame\\'})
    assert pod.status == 1
    found = pod.everything()
    assert "********" in found
    assert not [word for word in ('hun"ter', 'hun\\"ter', "sesame", 'hun\\\\\\"ter') if word in found]


@pytest.mark.slow
def test_a_cell_that_fails_is_named_on_one_line_of_each_place_where_people_look(notebook, tmp_path):
    pod = run_pod(container_of(notebook), tmp_path / "pod", given(tmp_path / "pod", n=13, token="sesame"))
    assert pod.status == 1
    line = "cell 4: ValueError: no column '********' in data"
    assert pod.message == line and pod.err.splitlines()[-1] == line
    outcome = pod.outcome
    assert (outcome["state"], outcome["cell"]) == ("FAILED", 4)
    assert outcome["error"] == "ValueError: no column '********' in data"
    assert "raise ValueError" in outcome["traceback"] and "\x1b" not in outcome["traceback"]
    cells = json.loads(pod.text("executed_notebook"))["cells"]
    kept = {cell["metadata"]["claimed_cell"]: cell for cell in cells if "claimed_cell" in cell["metadata"]}
    assert kept[3]["outputs"][0]["text"] == "rows 3" and kept[4]["outputs"][0]["output_type"] == "error"
    assert line in pod.text("execution_log")


@pytest.mark.slow
def test_a_kernel_that_dies_is_said_so(notebook, tmp_path):
    pod = run_pod(container_of(notebook), tmp_path / "pod", given(tmp_path / "pod", n=14))
    assert pod.status == 1 and pod.message == "cell 4: the kernel died, perhaps for lack of memory"


@pytest.mark.slow
def test_a_pod_that_is_stopped_says_so_and_keeps_what_it_has(notebook, tmp_path):
    folder = tmp_path / "pod"
    container = container_of(notebook)
    starter = "import subprocess, sys\np = subprocess.Popen(sys.argv[1:], stdout=1)\nprint(p.pid, flush=True)\nsys.exit(p.wait())"
    container = {
        "command": ["python3", "-c", starter, sys.executable, *container["command"][1:]],
        "args": container["args"],
    }
    words = given(folder, n=15)

    def stop():
        """Sends SIGTERM once the cell is under way, as Kubernetes does at a deadline."""
        executed = folder / "minio" / "bucket" / "v2" / "artifacts" / "run" / "execution_log"
        until = time.monotonic() + 60
        while time.monotonic() < until and not (executed.is_file() and "asleep" in executed.read_text()):
            time.sleep(0.1)
        for status in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                named = status.read_bytes().split(b"\0")
            except OSError:
                continue
            if str(executed).encode() in named and starter.encode() not in named:
                os.kill(int(status.parent.name), signal.SIGTERM)

    thread = threading.Thread(target=stop)
    thread.start()
    pod = run_pod(container, folder, words)
    thread.join()
    assert pod.status == 1
    assert pod.message == "cell 4: it was stopped (SIGTERM), perhaps by its time limit"
    assert pod.outcome["state"] == "FAILED" and json.loads(pod.text("executed_notebook"))["cells"]


@pytest.mark.slow
@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can be others"
)
@pytest.mark.parametrize("home", [None, "/"])
def test_the_step_runs_as_any_user_without_a_home_in_a_folder_that_it_may_not_write_to(notebook, home):
    found = python_for(USER)
    if found is None:
        pytest.skip("no Python here that another user may run")
    folder = Path(tempfile.mkdtemp(prefix="pod-"))  # pytest's own folders are closed to others
    folder.chmod(0o755)
    closed = folder / "closed"
    closed.mkdir(mode=0o555)
    environment = {**found[1], "HOME": home, "USER": None, "LOGNAME": None}
    try:
        about = {"python": found[0], "environment": environment, "user": USER, "cwd": closed}
        pod = run_pod(container_of(notebook), folder / "pod", given(folder / "pod"), **about)
        assert pod.status == 0, pod.err
        said = pod.text("execution_log")
        assert "claimed-" in said.split()[-3] and said.split()[-1] == "claimed"
        assert not list(closed.iterdir())
    finally:
        shutil.rmtree(folder)


@pytest.mark.slow
def test_what_the_image_has_is_not_installed_and_what_it_lacks_is_in_its_version(tmp_path):
    """pip is ours here: it says what it was asked for."""
    write_notebook(tmp_path / "n.ipynb", "x = 1")
    container = container_of(tmp_path / "n.ipynb")
    tools = tmp_path / "tools" / "pip"
    tools.mkdir(parents=True)
    (tools / "__init__.py").write_text("")
    (tools / "__main__.py").write_text("import sys\nprint('ERROR: no match for', *sys.argv[-1:])\nsys.exit(1)\n")
    lacking = ["nbformat==1.0", "no-such-package==2.0", "packaging[nothing]>=1; python_version < '3'", "nbformat>=5"]
    words = list(container["args"])
    words[words.index("--requirements") + 1] = json.dumps(lacking)
    environment = {"PYTHONPATH": str(tmp_path / "tools")}
    pod = run_pod({**container, "args": words}, tmp_path / "pod", environment=environment)
    assert pod.status == 1
    wanted = "pip can't install nbformat==1.0, no-such-package==2.0: ERROR: no match for no-such-package==2.0"
    assert pod.message == wanted and pod.outcome["cell"] is None
    assert json.loads(pod.text("executed_notebook"))["cells"][0]["source"] == "x = 1"


def test_a_requirement_counts_as_there_by_its_version_its_marker_and_its_extras():
    from importlib.metadata import version

    assert step.is_there("nbformat") and step.is_there(f"nbformat=={version('nbformat')}")
    assert not step.is_there("nbformat==1.0") and not step.is_there("no-such-package")
    assert step.is_there("no-such-package; python_version < '3'")
    assert not step.is_there("no-such-package; python_version > '3'")
    assert step.is_there("requests[security]>=1") == step.is_there("requests>=1")
    assert not step.is_there("git+https://example.org/x.git")
    for requirement in step.RUNNER:
        assert step.is_there(requirement)


@pytest.mark.slow
def test_an_output_that_is_not_written_or_not_set_is_named(tmp_path):
    write_notebook(tmp_path / "a.ipynb", code('file: "Output[Dataset]" = "f"', "parameters"))
    pod = run_pod(container_of(tmp_path / "a.ipynb"), tmp_path / "a")
    assert pod.status == 1 and pod.message == "the output 'file' was declared and not written"
    write_notebook(tmp_path / "b.ipynb", code("size: int = 3\ndel size", "outputs"))
    pod = run_pod(container_of(tmp_path / "b.ipynb"), tmp_path / "b")
    assert pod.message == "NameError: the output 'size' was declared and not set"


def test_an_outcome_that_is_too_long_for_a_line_is_cut_and_says_so():
    artifact = {"path": "/minio/b/k", "digest": "sha256:0", "size": 1, "metadata": {"m": "x" * 300_000}}
    told = {"state": "FAILED", "outputs": {"n": 1}, "artifacts": {"a": artifact}, "error": "e", "traceback": "t" * 10}
    cut = json.loads(step.text_of(told))
    assert cut["cut"] and cut["traceback"] is None and cut["artifacts"]["a"]["metadata"] == {}
    assert cut["outputs"] == {"n": 1} and cut["artifacts"]["a"]["path"] == "/minio/b/k"
    long = step.text_of({**told, "outputs": {"n": "x" * 300_000}})
    assert len(long) < step.LONGEST_OUTCOME and json.loads(long)["outputs"] == {}
    assert "cut" not in json.loads(step.text_of({**told, "artifacts": {}}))


@pytest.mark.slow
def test_a_notebook_of_another_language_runs_in_its_own_kernel(tmp_path):
    pytest.importorskip("bash_kernel")
    kernel = tmp_path / "jupyter" / "kernels" / "bash"
    kernel.mkdir(parents=True)
    program = {"argv": [sys.executable, "-m", "bash_kernel", "-f", "{connection_file}"], "display_name": "Bash"}
    (kernel / "kernel.json").write_text(json.dumps({**program, "language": "bash"}))
    cells = [code('name="World"\nletter="a"  # Output[Dataset]', "parameters"), 'echo "hello $name" > "$letter"']
    path = write_notebook(tmp_path / "greet.ipynb", *cells)
    content = json.loads(path.read_text())
    content["metadata"]["kernelspec"] = {"name": "bash", "language": "bash", "display_name": "Bash"}
    path.write_text(json.dumps(content))
    container = container_of(path, "team/bash:1")
    pod = run_pod(container, tmp_path / "pod", {"name": "you"}, environment={"JUPYTER_PATH": str(tmp_path / "jupyter")})
    assert pod.status == 0, pod.err
    assert pod.text("letter") == "hello you\n"
    missing = run_pod(container, tmp_path / "other", {"name": "you"}, environment={"JUPYTER_PATH": None})
    assert missing.status == 1 and missing.message == "NoSuchKernel: No such kernel named bash"
