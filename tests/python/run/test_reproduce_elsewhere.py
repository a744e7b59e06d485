"""A colleague's artifact is made again on another machine, by what a shared lineage store tells of its run."""

from __future__ import annotations

import json
import platform
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from authoring import code, write_notebook, write_pipeline
from click.testing import CliRunner
from test_local_engine import run

from claimed_jlab.cli.commands import claimed
from claimed_jlab.lineage import find, open_store
from claimed_jlab.run.runs import find_run

pytestmark = pytest.mark.slow


@pytest.fixture
def document(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "data.csv").write_text("1\n2\n3\n")
    write_notebook(
        folder / "clean.ipynb",
        code(
            'factor: int = 2\ndata: "Input[Dataset]" = "data.csv"\ntable: "Output[Dataset]" = "table.csv"', "parameters"
        ),
        "open(table, 'w').write(open(data).read() * factor)",
        code("rows: int = 3 * factor", "outputs"),
    )
    write_notebook(
        folder / "fit.ipynb",
        code('rows: int = 0\ntable: "Input[Dataset]" = "t"\nmodel: "Output[Model]" = "model.txt"', "parameters"),
        "open(model, 'w').write(open(table).read() + str(rows))",
    )
    tasks = {
        "clean": {
            "component": "clean.ipynb",
            "inputs": {"data": {"value": "data.csv"}, "factor": {"parameter": "factor"}},
        },
        "fit": {
            "component": "fit.ipynb",
            "inputs": {"table": {"output": "clean.table"}, "rows": {"output": "clean.rows"}},
        },
    }
    return write_pipeline(folder / "credit.pipeline", tasks, parameters={"factor": {"type": "int", "default": 2}})


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, claimed_home: Path) -> Callable[[], Path]:
    """Makes this another machine, with a home of its own and the store that both share; returns that home."""

    def move() -> Path:
        monkeypatch.setenv("CLAIMED_HOME", str(tmp_path / "other"))
        monkeypatch.setenv("CLAIMED_LINEAGE", str(claimed_home / "lineage.db"))
        return tmp_path / "other"

    return move


def model(home: Path) -> str:
    with open_store(home) as store:
        return find(store, "type:Model").nodes[0].id


def reproduce(artifact: str) -> dict:
    result = CliRunner().invoke(claimed, ["lineage", "reproduce", artifact, "--json"])
    return json.loads(result.stdout) if result.stdout else {"error": result.output}


def test_a_colleagues_model_is_made_again_from_the_shared_store(document, claimed_home, elsewhere):
    original = run(document, factor=3)
    other = elsewhere()

    found = reproduce(model(claimed_home / "lineage.db"))

    assert (found["verdict"], found["original"]) == ("reproduced", original.run_id)
    assert {(row["task"], row["output"]) for row in found["rows"]} == {
        ("clean", "table"), ("clean", "rows"), ("fit", "model"),
    }  # fmt: skip
    again = find_run(found["run_id"])
    assert (other / "runs" / found["run_id"]).is_dir()
    assert again.order.plan.parameters == {"factor": 3}
    assert not any(task.cached for task in again.record().tasks.values())


def test_code_and_files_are_found_by_their_hashes_wherever_they_are(document, claimed_home, elsewhere):
    run(document)
    artifact = model(claimed_home / "lineage.db")
    other = elsewhere()
    # The code has gone on and the files are out of reach, but this machine knows both from runs of its own.
    shutil.copytree(claimed_home / "sources", other / "sources")
    shutil.copytree(claimed_home / "objects", other / "objects")
    shutil.rmtree(claimed_home / "objects")
    write_notebook(document.parent / "clean.ipynb", "raise SystemExit('another notebook')")

    assert reproduce(artifact)["verdict"] == "reproduced"


def test_what_is_not_here_as_it_was_is_named(document, claimed_home, elsewhere):
    run(document)
    artifact = model(claimed_home / "lineage.db")
    elsewhere()
    notebook = (document.parent / "clean.ipynb").read_text()
    (document.parent / "clean.ipynb").write_text(notebook.replace("* factor)", "* factor * 2)"))

    said = reproduce(artifact)["error"]
    assert "clean: the code of clean@0.1.0 is not here as it was (blake3:" in said
    assert said.endswith("(add the catalog that has it)\n")

    (document.parent / "clean.ipynb").write_text(notebook)
    for path in (claimed_home / "objects").glob("*/*/data.csv"):
        path.chmod(0o600)
        path.write_text("other")
    assert "data.csv is not here as it was" in reproduce(artifact)["error"]


def test_an_item_of_a_loop_is_made_again_here_and_elsewhere(document, claimed_home, elsewhere):
    tasks = {
        "fit": {
            "component": "clean.ipynb",
            "for_each": {"value": [2, 3], "input": "factor"},
            "inputs": {"data": {"value": "data.csv"}},
        }
    }
    run(write_pipeline(document, tasks))
    with open_store(claimed_home / "lineage.db") as store:
        (item,) = (node.id for node in find(store, "type:Dataset name:table.csv").nodes[:1])

    here = reproduce(item)
    assert here["verdict"] == "reproduced"
    assert {row["task"] for row in here["rows"]} >= {"fit.0", "fit.1"}
    elsewhere()
    there = reproduce(item)
    assert there["verdict"] == "reproduced"
    assert len({row["task"] for row in there["rows"]}) == 1


def test_what_took_all_that_a_loop_gave_is_made_again(document, claimed_home, elsewhere):
    write_notebook(
        document.parent / "pack.ipynb",
        code('tables: list = []\nmodel: "Output[Model]" = "pack.txt"', "parameters"),
        "open(model, 'w').write('|'.join(open(table).read() for table in tables))",
    )
    factors = list(range(2, 14))  # more than ten: the tenth does not come before the second
    clean = {
        "component": "clean.ipynb",
        "for_each": {"value": factors, "input": "factor"},
        "inputs": {"data": {"value": "data.csv"}},
    }
    pack = {"component": "pack.ipynb", "inputs": {"tables": {"output": "clean.table"}}}
    run(write_pipeline(document, {"clean": clean, "pack": pack}))
    elsewhere()

    found = reproduce(model(claimed_home / "lineage.db"))

    assert found["verdict"] == "reproduced", found
    assert {row["task"] for row in found["rows"]} == {"pack", *(f"clean.{n}" for n in range(len(factors)))}


def test_what_was_installed_otherwise_is_named(document, claimed_home, elsewhere, monkeypatch):
    run(document)
    elsewhere()
    monkeypatch.setattr("claimed_jlab.run.select.environment_versions", lambda *_: {"python": "3.99.0"})

    found = reproduce(model(claimed_home / "lineage.db"))

    assert found["verdict"] == "reproduced"
    assert f"python was {platform.python_version()}, is 3.99.0" in found["text"]


def test_a_secret_is_taken_by_its_name_and_never_made_up(document, claimed_home, elsewhere, monkeypatch):
    write_notebook(
        document.parent / "clean.ipynb",
        code('token: "Secret" = ""\ntable: "Output[Model]" = "t.txt"', "parameters"),
        "open(table, 'w').write(str(len(token)))",
    )
    monkeypatch.setenv("TOKEN", "hush")
    run(write_pipeline(document, {"clean": {"component": "clean.ipynb", "inputs": {"token": {"secret": "TOKEN"}}}}))
    artifact = model(claimed_home / "lineage.db")
    elsewhere()

    assert reproduce(artifact)["verdict"] == "reproduced"
    monkeypatch.delenv("TOKEN")
    assert "the secret 'TOKEN' is not known here" in reproduce(artifact)["text"]

    with sqlite3.connect(claimed_home / "lineage.db") as store:  # as one that an earlier version wrote
        store.execute("DELETE FROM ExecutionProperty WHERE name = 'claimed.secrets'")
    assert "clean: the lineage store does not say which secret 'token' was" in reproduce(artifact)["error"]
