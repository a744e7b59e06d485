"""plan() is pure: a document and arguments become what every engine runs, or one clear refusal."""

from __future__ import annotations

import pytest
from authoring import adder, code, write_notebook, write_pipeline

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.component.types import parse_type
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.plan import InvalidPipeline, argument_from_text, plan


def planned(path, **arguments):
    return plan(check(read_pipeline(path), path.parent, Catalog([])), arguments, path=str(path))


@pytest.fixture
def document(tmp_path):
    adder(tmp_path)
    return write_pipeline(
        tmp_path / "p.pipeline",
        {
            "second": {"component": "add.ipynb", "inputs": {"left": {"output": "first.total"}}},
            "first": {"component": "add.ipynb", "inputs": {"left": {"parameter": "start"}, "right": {"value": 5}}},
        },
        parameters={"start": {"type": "int", "default": 10}},
    )


def test_tasks_come_after_what_they_need_with_parameters_resolved(document):
    result = planned(document, start=3)
    assert [task.name for task in result.tasks] == ["first", "second"]
    assert result.task("first").inputs["left"].value == 3
    assert result.task("second").needs == ["first"]
    assert result.task("second").inputs["left"].output == ("first", "total")


def test_a_plan_is_the_same_after_a_trip_through_json(document):
    result = planned(document)
    assert type(result).model_validate_json(result.model_dump_json()) == result


@pytest.mark.parametrize(("arguments", "said"), [({"nope": 1}, "no parameter 'nope'"), ({"start": "3"}, "is not int")])
def test_wrong_arguments_are_refused(document, arguments, said):
    with pytest.raises(InvalidPipeline, match=said):
        planned(document, **arguments)


def test_a_parameter_without_a_default_must_be_given(tmp_path):
    adder(tmp_path)
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "add.ipynb"}}, parameters={"n": {"type": "int"}})
    with pytest.raises(InvalidPipeline, match="has no value"):
        planned(path)


def test_an_invalid_document_is_refused_with_its_first_mistake(tmp_path):
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "x/y"}})
    with pytest.raises(InvalidPipeline) as caught:
        planned(path)
    assert "tasks.a.component" in str(caught.value) and "x/y" in str(caught.value)


def test_missing_libraries_stop_a_run_before_it_starts(tmp_path):
    write_notebook(tmp_path / "needy.ipynb", "import no_such_library_here", code("n: int = 1", "parameters"))
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "needy.ipynb"}})
    with pytest.raises(InvalidPipeline, match="pip install no_such_library_here"):
        planned(path)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "7", 7),
        ("float", "1", 1),
        ("bool", "False", False),
        ("bool", "yes", True),
        ("str", "False", "False"),
        ("list", '["a b", 1]', ["a b", 1]),
        ("dict", '{"k": null}', {"k": None}),
        ("Literal['a', 'b']", "b", "b"),
        ("Literal[1, 2]", "2", 2),
    ],
)
def test_a_command_line_value_is_the_value_meant(kind, text, value):
    found = argument_from_text(parse_type(kind), text)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(("kind", "text"), [("int", "1.5"), ("bool", "maybe"), ("list", "a,b"), ("int", "x")])
def test_a_command_line_value_of_another_type_is_refused(kind, text):
    with pytest.raises(ValueError, match="is not"):
        argument_from_text(parse_type(kind), text)
