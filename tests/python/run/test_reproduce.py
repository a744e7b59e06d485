"""An artifact is made again as it was made: with its code, its inputs, and no cache; and a card tells of it."""

from __future__ import annotations

import json
import subprocess

import pytest
from authoring import code, markdown, write_notebook, write_pipeline
from click.testing import CliRunner
from test_local_engine import run, states

from claimed_jlab.cli.commands import claimed
from claimed_jlab.lineage import Store, find, open_store
from claimed_jlab.lineage.explore.detail import node_detail, notebook_of
from claimed_jlab.run.compare_nodes import compare_nodes
from claimed_jlab.run.runs import all_runs, find_run

pytestmark = pytest.mark.slow

TABLE = 'import csv\nrows = list(csv.reader(open(data)))\nopen(table, "w").write("a,b\\n" + "".join(f"{r[0]},{factor}\\n" for r in rows))'


@pytest.fixture
def document(tmp_path):
    (tmp_path / "data.csv").write_text("1\n2\n3\n")
    write_notebook(
        tmp_path / "clean.ipynb",
        markdown("# Clean"),
        code(
            'factor: int = 2\ndata: "Input[Dataset]" = "data.csv"\ntable: "Output[Dataset]" = "table.csv"', "parameters"
        ),
        TABLE,
    )
    write_notebook(
        tmp_path / "fit.ipynb",
        markdown("# Fit"),
        code('table: "Input[Dataset]" = "table.csv"\nmodel: "Output[Model]" = "model.txt"', "parameters"),
        "open(model, 'w').write(open(table).read().upper())",
        code("accuracy: float = 0.75", "outputs"),
    )
    tasks = {
        "clean": {
            "component": "clean.ipynb",
            "inputs": {"data": {"value": "data.csv"}, "factor": {"parameter": "factor"}},
        },
        "fit": {"component": "fit.ipynb", "inputs": {"table": {"output": "clean.table"}}},
    }
    return write_pipeline(tmp_path / "credit.pipeline", tasks, parameters={"factor": {"type": "int", "default": 2}})


def store_of(claimed_home) -> Store:
    return open_store(claimed_home / "lineage.db")


def newest(claimed_home, query="type:Model") -> str:
    return find(store_of(claimed_home), query).nodes[0].id


def ask(*arguments):
    result = CliRunner().invoke(claimed, ["lineage", *arguments])
    return result.exit_code, json.loads(result.stdout) if "--json" in arguments else result.output


def test_a_model_is_made_again_though_its_code_and_its_data_changed_since(document, tmp_path, claimed_home):
    run(document, factor=3)
    model = newest(claimed_home)
    (tmp_path / "data.csv").write_text("9\n")
    write_notebook(tmp_path / "clean.ipynb", "raise SystemExit('another notebook')")

    code_, found = ask("reproduce", model, "--json")

    assert (code_, found["verdict"]) == (0, "reproduced")
    assert [(row["task"], row["output"], row["same"]) for row in found["rows"]] == [
        ("clean", "table", True), ("fit", "model", True), ("fit", "accuracy", True),
    ]  # fmt: skip
    again = find_run(found["run_id"]).record()
    assert again.pipeline == "Reproduce credit"
    assert not any(task.cached for task in again.tasks.values())
    assert node_detail(store_of(claimed_home), model).newer is None


def test_a_later_run_takes_nothing_from_a_reproduction(document, claimed_home):
    run(document)
    first = newest(claimed_home)
    assert ask("reproduce", first)[0] == 0

    assert states(run(document)) == {"clean": "CACHED", "fit": "CACHED"}

    store = store_of(claimed_home)
    (taken,) = find(store, "task:fit state:CACHED kind:execution").nodes
    assert [product.node.id for product in node_detail(store, taken.id).products] == [first]


def test_what_comes_out_otherwise_is_named_and_so_is_what_follows_from_it(document, tmp_path, claimed_home):
    chance = "import secrets\nopen(table, 'w').write('a,b\\n' + secrets.token_hex() + ',1\\n')"
    write_notebook(tmp_path / "clean.ipynb", code('table: "Output[Dataset]" = "table.csv"', "parameters"), chance)
    tasks = json.loads(document.read_text())["tasks"]
    write_pipeline(document, {**tasks, "clean": {"component": "clean.ipynb"}})
    run(document)

    code_, found = ask("reproduce", newest(claimed_home), "--json")

    assert (code_, found["verdict"]) == (1, "different")
    assert found["text"] == "2 of 3 outputs differ, the first is clean.table"
    assert [(row["output"], row["why"]) for row in found["rows"]] == [
        ("table", "it does not come out the same twice"), ("model", "clean differs"), ("accuracy", None),
    ]  # fmt: skip


def test_what_can_not_be_made_again_says_why(document, claimed_home):
    record = run(document)
    data = newest(claimed_home, "name:data.csv")
    model = newest(claimed_home)

    assert (
        ask("reproduce", data)[1].strip().endswith(f"came into the run {record.run_id} from outside: no task made it")
    )
    for path in (claimed_home / "objects").glob("*/*/data.csv"):
        path.unlink()
    assert "what the input 'data' held is no longer kept" in ask("reproduce", model)[1]
    CliRunner().invoke(claimed, ["runs", "delete", record.run_id, "--yes"])
    assert "data.csv is not here as it was" in ask("reproduce", model)[1]
    assert list(all_runs(claimed_home)) == []


def test_the_commit_of_the_document_is_recorded(document, tmp_path, claimed_home):
    def git(*arguments):
        who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", "-C", str(tmp_path), *who, *arguments], check=True, capture_output=True)

    run(document)
    assert node_detail(store_of(claimed_home), newest(claimed_home)).git is None
    git("init", "-b", "trunk")
    git("add", ".")
    git("commit", "-m", "First")
    run(document, factor=3)
    clean = node_detail(store_of(claimed_home), newest(claimed_home)).git
    document.write_text(document.read_text() + "\n")
    run(document, factor=4)
    dirty = node_detail(store_of(claimed_home), newest(claimed_home)).git

    assert (clean.branch, clean.dirty, len(clean.commit)) == ("trunk", False, 40)
    assert (dirty.commit, dirty.dirty) == (clean.commit, True)


def test_two_tables_are_compared_by_their_columns_and_two_executions_by_their_code(document, tmp_path, claimed_home):
    run(document)
    notebook = (tmp_path / "clean.ipynb").read_text()
    (tmp_path / "clean.ipynb").write_text(notebook.replace("a,b", "a,c"))
    run(document, factor=5)
    store = store_of(claimed_home)
    tables = [node.id for node in find(store, "type:Dataset name:table.csv").nodes][::-1]
    cleans = [node.id for node in find(store, "task:clean kind:execution").nodes][::-1]

    sections = {one.title: one for one in compare_nodes(store, tables, claimed_home).sections}
    schema = {row.name: (row.values, row.differs) for row in sections["Schema"].rows}
    assert schema["b"] == (["int64", None], True) and schema["c"] == ([None, "int64"], True)
    assert schema["rows"] == ([3, 3], False)
    statistics = {row.name: row.values for row in sections["Statistics"].rows}
    assert statistics["a: mean"] == [2.0, 2.0] and statistics["c: mean"] == [None, 5.0]
    assert [row.values for row in sections["Made with the parameters"].rows] == [[2, 5]]

    sections = {one.title: one for one in compare_nodes(store, cleans, claimed_home).sections}
    assert [row.values for row in sections["Parameters"].rows if row.differs] == [[2, 5]]
    (change,) = sections["Code"].diff
    assert (change.where, change.kind) == ("cell 3", "changed")
    assert "a,c" in change.text

    code_, _ = ask("compare", tables[0], cleans[0])
    assert code_ == 1
    assert "≠ factor" in ask("compare", *cleans)[1]


def test_a_failed_task_shows_its_notebook_as_far_as_it_was_executed(document, tmp_path, claimed_home):
    (tmp_path / "data.csv").write_text("")
    (tmp_path / "clean.ipynb").write_text((tmp_path / "clean.ipynb").read_text().replace("rows = ", "rows = 1 / 0, "))
    run(document)
    store = store_of(claimed_home)

    (failed,) = find(store, "task:clean state:FAILED").nodes
    assert node_detail(store, failed.id).notebook
    assert "ZeroDivisionError" in notebook_of(store, failed.id).read_text()


def test_tags_notes_and_the_card_of_a_model(document, claimed_home, tmp_path):
    run(document)
    model = newest(claimed_home)
    ask("tag", model, "candidate", "draft=for <now>")
    assert ask("tag", model, "--json", "--", "-draft")[1] == {"tags": {"candidate": ""}}
    assert "it has no tag 'draft'" in ask("tag", model, "--", "-draft")[1]
    ask("note", model, "Only for *adults*.")
    assert ask("note", model)[1] == "Only for *adults*.\n"

    assert ask("card", model, "--out", str(tmp_path / "card.md"))[0] == 0
    card = (tmp_path / "card.md").read_text()
    for line in (
        "# model.txt",
        "A model, version 1 of 1, of the pipeline *credit*. `candidate`",
        "Only for *adults*.",
        "| accuracy | 0.75 |",
        "model.txt (Model)",
        f"    jupyter claimed lineage reproduce {model}",
    ):
        assert line in card
    assert "| data.csv | Dataset | `blake3:" in card
