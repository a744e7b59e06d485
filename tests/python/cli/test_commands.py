"""`jupyter claimed`: the shapes that others build on, exit codes, and one line for every mistake."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from authoring import adder, code, write_notebook, write_pipeline
from click.testing import CliRunner

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "trusted-ai" / "german-credit.pipeline"
LIMITED = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); "


def claimed(*words, cwd=None, code_first=""):
    """Runs the command as a user would: a process of its own. -> (exit code, stdout, stderr)."""
    program = f"{code_first}from claimed_jlab.cli import main; main()"
    command = [sys.executable, "-c", program, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=300, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def answer(*words, **options):
    status, out, err = claimed(*words, "--json", **options)
    assert out, err
    return status, json.loads(out)


def refused(*words, **options):
    status, out, err = claimed(*words, **options)
    assert (status, out) == (1, "")
    lines = [line for line in err.splitlines() if line.startswith("error: ")]
    assert len(lines) == 1 and "Traceback" not in err
    return lines[0]


@pytest.fixture
def document(tmp_path):
    adder(tmp_path)
    tasks = {"a": {"component": "add.ipynb", "inputs": {"left": {"parameter": "n"}}}}
    return write_pipeline(tmp_path / "p.pipeline", tasks, parameters={"n": {"type": "int", "default": 1}})


def groups(command, words=()):
    """Every group of commands, as the words that lead to it."""
    yield words
    for name, one in command.commands.items():
        if hasattr(one, "commands"):
            yield from groups(one, (*words, name))


def test_no_line_of_the_help_is_cut_short():
    from claimed_jlab.cli.commands import claimed as top

    for words in groups(top):
        shown = CliRunner().invoke(top, [*words, "--help"], terminal_width=80).output
        listed = shown.partition("Commands:")[2]
        assert listed, words
        assert not [line for line in listed.splitlines() if line.endswith("...")], words


def test_a_component_is_made_of_a_notebook_and_is_in_the_list_at_once(tmp_path):
    notebook = adder(tmp_path)
    status, made = answer("component", "create", notebook)
    assert status == 0
    assert {"name", "description", "version", "inputs", "outputs", "requirements", "diagnostics", "path"} <= set(made)
    assert {"name", "type", "default", "optional", "description", "inferred"} <= set(made["inputs"][0])
    assert {"name", "type", "description", "inferred"} <= set(made["outputs"][0])
    _, listed = answer("component", "list")
    assert "add@0.1.0" in [item["reference"] for item in listed["components"]]
    unplaced = [{**port, "cell": None, "line": None} for port in made["inputs"]]
    assert answer("component", "show", "add")[1]["inputs"] == unplaced
    assert "exists already" in refused("component", "create", notebook)


def test_validate_says_whether_a_notebook_is_a_component(tmp_path):
    assert answer("component", "validate", adder(tmp_path)) == (0, {"valid": True, "diagnostics": []})
    bad = write_notebook(tmp_path / "bad.ipynb", code('key: "Secret" = "hunter2"', "parameters"))
    status, found = answer("component", "validate", bad)
    assert status == 1 and not found["valid"] and found["diagnostics"][0]["where"] == "cell 1, line 1"
    (tmp_path / "no.ipynb").write_text("no JSON")
    assert "no.ipynb: is not a Jupyter notebook" in refused("component", "validate", tmp_path / "no.ipynb")


def test_the_example_is_valid_and_described():
    assert answer("pipeline", "validate", EXAMPLE) == (0, {"valid": True, "diagnostics": []})
    status, described = answer("pipeline", "describe", EXAMPLE)
    assert status == 0 and len(described["tasks"]) == 13 and described["edges"]


def test_an_invalid_pipeline_exits_1_with_every_finding(tmp_path):
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "x/y"}, "b": {"component": "x/z"}})
    status, found = answer("pipeline", "validate", path)
    assert status == 1 and [item["task"] for item in found["diagnostics"]] == ["a", "b"]
    assert "tasks.a.component" in refused("run", path)


@pytest.mark.slow
def test_a_run_answers_in_the_promised_shape_and_can_be_asked_for_again(document):
    status, record = answer("run", document, "-p", "n=40")
    assert status == 0 and record["state"] == "COMPLETE" and record["engine"] == "local"
    task = record["tasks"]["a"]
    assert {"state", "cached", "seconds", "component", "inputs", "outputs", "error", "notebook"} <= set(task)
    assert task["outputs"] == {"total": 42} and task["inputs"] == {"left": 40}
    assert answer("runs", "show", "latest")[1] == record
    assert answer("runs", "list")[1]["runs"] == [record]
    assert claimed("runs", "logs", record["run_id"], "a")[1] == "the total is 42\n"
    assert "has ended" in refused("runs", "cancel", record["run_id"])
    plain = claimed("run", document, "-p", "n=40")
    assert plain[0] == 0 and "CACHED" in plain[2] and record["lineage"] in plain[1]


@pytest.mark.slow
def test_a_failed_run_exits_1_with_the_cell_and_the_reason(tmp_path):
    write_notebook(tmp_path / "fail.ipynb", code("n: int = 1", "parameters"), "1 / 0")
    path = write_pipeline(tmp_path / "p.pipeline", {"f": {"component": "fail.ipynb"}})
    status, record = answer("run", path)
    assert status == 1 and record["tasks"]["f"]["error"] == "cell 2: ZeroDivisionError: division by zero"
    assert "task f: cell 2: ZeroDivisionError" in claimed("run", path)[2]


@pytest.mark.slow
def test_lineage_is_shown_for_an_artifact_named_in_any_way(tmp_path):
    write_notebook(
        tmp_path / "make.ipynb", code('made: "Output[Model]" = "m.txt"', "parameters"), "open(made, 'w').write('x')"
    )
    _, record = answer("run", write_pipeline(tmp_path / "p.pipeline", {"make": {"component": "make.ipynb"}}))
    model = record["tasks"]["make"]["outputs"]["made"]
    names = [model["artifact_id"], model["uri"], model["digest"], f"{record['run_id']}/make/made"]
    for name in names:
        status, shown = answer("lineage", "show", name)
        assert status == 0 and {"nodes", "edges", "truncated", "missing"} == set(shown)
        assert {"id", "kind", "type", "name", "uri", "state"} <= set(shown["nodes"][0])
        assert [edge["name"] for edge in shown["edges"]] == ["made"]
    assert "m.txt" in claimed("lineage", "show", model["artifact_id"])[1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "{folder}/absent.pipeline"], "there is no such file"),
        (["pipeline", "validate", "{folder}/absent.pipeline"], "there is no such file"),
        (["run", "{document}", "-p", "n=x"], "'x' is not int"),
        (["run", "{document}", "-p", "m=1"], "no parameter 'm'"),
        (["run", "{document}", "--engine", "kubeflow"], "there is no cluster yet"),
        (["component", "show", "train/sklearn-clasifier"], "did you mean train/sklearn-classifier"),
        (["component", "create", "{folder}/absent.ipynb"], "there is no such file"),
        (["runs", "show", "nobody"], "no run 'nobody'"),
        (["lineage", "show", "999"], "999"),
    ],
)
def test_a_mistake_is_one_line_and_exit_1(document, words, said):
    assert said in refused(*(word.format(folder=document.parent, document=document) for word in words))


@pytest.mark.parametrize("words", [["rub"], ["run"], ["run", "x", "--jobs", "0"], ["run", "x", "-p", "n"]])
def test_wrong_usage_exits_2(words, document):
    assert claimed(*[str(document) if word == "x" else word for word in words])[0] == 2


def not_a_database(path):
    path.write_bytes(b"this is no database at all, but long enough to have a header of some kind" * 4)


def anothers_database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("create table patients (id integer)")
        connection.execute("insert into patients values (42)")


def newer_store(path):
    from claimed_jlab.lineage import open_store

    open_store(path).close()
    connection = sqlite3.connect(path)
    connection.execute("update MLMDEnv set schema_version = 11")
    connection.commit()
    connection.close()  # puts what is in the write-ahead log into the file


@pytest.mark.slow
@pytest.mark.parametrize("make", [not_a_database, anothers_database, newer_store, Path.touch])
def test_a_lineage_db_that_is_not_ours_stops_the_run_and_is_left_as_it_is(document, claimed_home, make):
    claimed_home.mkdir()
    store = claimed_home / "lineage.db"
    make(store)
    before = store.read_bytes()
    assert "lineage.db" in refused("run", document)
    assert "lineage.db" in refused("lineage", "show", "1")
    assert store.read_bytes() == before


def test_an_unwritable_home_is_said_before_anything_starts(document, claimed_home):
    claimed_home.parent.mkdir(exist_ok=True)
    claimed_home.write_text("a file, not a folder")
    assert "set CLAIMED_HOME" in refused("run", document)


@pytest.mark.skipif(sys.platform == "win32", reason="limits are POSIX")
def test_a_full_disk_is_said_before_anything_starts(document):
    ignore = "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    assert "CLAIMED_HOME" in refused("run", document, code_first=ignore + LIMITED)


@pytest.mark.slow
def test_ctrl_c_cancels_the_run(tmp_path, claimed_home):
    import signal
    import time

    adder(tmp_path, body="import time\ntime.sleep(60)\ntotal = 1")
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "add.ipynb"}})
    command = [sys.executable, "-c", "from claimed_jlab.cli import main; main()", "run", str(path)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ)
    while not list(claimed_home.glob("runs/*/logs/a.log")):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1 and "canceling" in err and "CANCELED" in err


def test_a_run_is_foreseen_explained_run_in_part_and_again(document):
    status, foreseen = answer("run", document, "--dry-run")
    assert (status, foreseen["tasks"]["a"]) == (0, {"state": "NEW", "reason": "first run"})
    assert "it was never run" in refused("run", document, "--failed")
    status, out, _ = claimed("run", document, "--only", "a", "--explain")
    assert status == 0 and "a  COMPLETE   first run" in out
    status, out, _ = claimed("run", document, "--dry-run", "-p", "n=4")
    assert (status, out) == (0, "a  would run  input left changed from 1 to 4\n")
    assert "nothing failed" in refused("run", document, "--failed")
    assert claimed("run", document, "--only", "a", "--failed")[0] == 2
    assert answer("runs", "rerun", "latest")[1]["tasks"]["a"]["outputs"] == {"total": 3}
