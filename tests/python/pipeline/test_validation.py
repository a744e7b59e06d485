"""The one validator: every mistake is found, with its task and field."""

from __future__ import annotations

import pytest
from authoring import code, write_notebook, write_pipeline

from claimed_jlab.component.catalog import Catalog, Source
from claimed_jlab.pipeline.describe import describe_text, validate_text


@pytest.fixture
def catalog(tmp_path):
    folder = tmp_path / "catalog"
    write_notebook(
        folder / "make" / "source" / "source.ipynb",
        code('rows: int = 1\ntable: "Output[Dataset]" = "t.csv"', "parameters"),
        code("count: int = 1", "outputs"),
        version="1.0.0",
    )
    write_notebook(
        folder / "use" / "sink" / "sink.ipynb",
        code(
            'table: "Input[Dataset]" = "t.csv"\nmodel: "Input[Model]" = ""\nn: int = 1\n'
            "kind: \"Literal['a', 'b']\" = 'a'\ntoken: Secret = ''",
            "parameters",
        ),
        version="1.0.0",
    )
    return Catalog([Source("test", folder)])


def find(tmp_path, catalog, tasks, **fields):
    path = write_pipeline(tmp_path / "p.pipeline", tasks, **fields)
    return validate_text(path.read_text(), tmp_path, catalog).diagnostics


SOURCE = {"component": "make/source@1.0.0"}
FED = {"table": {"output": "source.table"}, "token": {"secret": "TOKEN"}}


def sink(**inputs):
    given = {**FED, **inputs}
    return {"component": "use/sink", "inputs": {name: value for name, value in given.items() if value is not None}}


def test_a_right_pipeline_has_nothing_to_say(tmp_path, catalog):
    tasks = {"source": SOURCE, "sink": sink(n={"output": "source.count"}, kind={"parameter": "kind"})}
    parameters = {"kind": {"type": "Literal['a', 'b']", "default": "b"}}
    assert find(tmp_path, catalog, tasks, parameters=parameters) == []


@pytest.mark.parametrize(
    ("tasks", "code", "task", "field"),
    [
        ({"a": {"component": "make/sauce"}}, "unknown-component", "a", "component"),
        ({"a": {"component": "make/source@9.9.9"}}, "unknown-component", "a", "component"),
        ({"a": {"component": "./absent.ipynb"}}, "not-a-notebook", "a", "component"),
        ({"a": {"component": "/etc/x.ipynb"}}, "absolute-path", "a", "component"),
        ({"source": SOURCE, "sink": sink(table=None)}, "missing-input", "sink", "table"),
        ({"source": SOURCE, "sink": sink(token=None)}, "missing-input", "sink", "token"),
        ({"source": SOURCE, "sink": sink(what={"value": 1})}, "extra-input", "sink", "what"),
        ({"source": SOURCE, "sink": sink(table={"output": "source.count"})}, "type-mismatch", "sink", "table"),
        ({"source": SOURCE, "sink": sink(model={"output": "source.table"})}, "type-mismatch", "sink", "model"),
        ({"source": SOURCE, "sink": sink(n={"secret": "X"})}, "type-mismatch", "sink", "n"),
        ({"source": SOURCE, "sink": sink(n={"value": "1"})}, "bad-parameter", "sink", "n"),
        ({"source": SOURCE, "sink": sink(kind={"value": "c"})}, "bad-parameter", "sink", "kind"),
        ({"source": SOURCE, "sink": sink(token={"value": "hunter2"})}, "literal-secret", "sink", "token"),
        ({"source": SOURCE, "sink": sink(table={"value": "absent.csv"})}, "no-such-file", "sink", "table"),
        ({"source": SOURCE, "sink": sink(table={"value": "/etc/passwd"})}, "absolute-path", "sink", "table"),
        ({"sink": sink(table={"output": "nobody.table"})}, "dangling-reference", "sink", "table"),
        ({"source": SOURCE, "sink": sink(table={"output": "source.nothing"})}, "dangling-reference", "sink", "table"),
        ({"source": SOURCE, "sink": sink(n={"parameter": "nope"})}, "dangling-reference", "sink", "n"),
        ({"source": {**SOURCE, "when": "nope > 1"}}, "dangling-reference", "source", "when"),
        ({"source": {**SOURCE, "when": "x.__class__()"}}, "bad-expression", "source", "when"),
        ({"source": {**SOURCE, "for_each": {"value": 1, "input": "n"}}}, "bad-for-each", "source", "for_each"),
        ({"a b": SOURCE}, "bad-task-name", "a b", None),
        ({}, "no-tasks", None, None),
    ],
)
def test_a_mistake_is_found_with_its_task_and_field(tmp_path, catalog, tasks, code, task, field):
    errors = [item for item in find(tmp_path, catalog, tasks) if item.level == "error"]
    assert (code, task, field) in [(item.code, item.task, item.field) for item in errors]
    assert all("\n" not in item.message and "hunter2" not in item.message for item in errors)


def test_a_cycle_names_its_tasks(tmp_path, catalog):
    tasks = {
        "a": {"component": "make/source", "inputs": {"rows": {"output": "b.count"}}},
        "b": {"component": "make/source", "inputs": {"rows": {"output": "a.count"}}},
    }
    (found,) = [item for item in find(tmp_path, catalog, tasks) if item.code == "cycle"]
    assert "a -> b -> a" in found.message or "b -> a -> b" in found.message


@pytest.mark.parametrize(
    "parameter", [{"type": "Frame"}, {"type": "int", "default": "1"}, {"type": "Secret"}, {"type": "Input[Model]"}]
)
def test_a_bad_pipeline_parameter_is_found(tmp_path, catalog, parameter):
    found = find(tmp_path, catalog, {"source": SOURCE}, parameters={"p": parameter})
    assert [item.where for item in found] == ["parameters.p"]


def test_missing_libraries_are_a_warning_with_the_pip_line(tmp_path, catalog):
    write_notebook(tmp_path / "needy.ipynb", "import no_such_library_here", code("n: int = 1", "parameters"))
    (found,) = find(tmp_path, catalog, {"a": {"component": "needy.ipynb"}})
    assert (found.level, found.code) == ("warning", "missing-libraries")
    assert "pip install no_such_library_here" in found.message


def test_a_description_has_typed_ports_wires_and_positions(tmp_path, catalog):
    path = write_pipeline(
        tmp_path / "p.pipeline",
        {"source": SOURCE, "sink": sink(), "odd": {"component": "no/such"}},
        layout={"sink": [3, 4]},
    )
    answer = describe_text(path.read_text(), tmp_path, catalog)
    tasks = {task.name: task for task in answer.tasks}
    assert tasks["sink"].position == (3, 4) and tasks["source"].position is None
    assert [(port.name, port.type) for port in tasks["source"].outputs] == [
        ("table", "Output[Dataset]"),
        ("count", "int"),
    ]
    assert tasks["sink"].inputs[0].source == {"output": "source.table"}
    assert [(edge.source, edge.output, edge.target, edge.input, edge.type) for edge in answer.edges] == [
        ("source", "table", "sink", "table", "Dataset")
    ]
    assert tasks["odd"].title == "odd" and not answer.valid


def test_a_broken_text_is_described_by_its_mistake_alone(tmp_path, catalog):
    answer = describe_text("{", tmp_path, catalog)
    assert (answer.valid, answer.tasks) == (False, []) and answer.diagnostics[0].line == 1
