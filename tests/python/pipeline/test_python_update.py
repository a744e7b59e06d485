"""An edit of a document changes the lines of its Python that it is about, and no others."""

from __future__ import annotations

import ast
import copy
import difflib
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pipeline_documents import FIELDS, NAMES, VALUES, conditions, documents, tasks_of

from claimed_jlab.pipeline.document import pipeline_of
from claimed_jlab.pipeline.graph import dependencies, find_cycle
from claimed_jlab.pipeline.python.export import to_python
from claimed_jlab.pipeline.python.read import read_python
from claimed_jlab.pipeline.python.update import update_python
from claimed_jlab.pipeline.rename import renamed
from claimed_jlab.pipeline.text import document_data

SLOW = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)


def exported(document: dict[str, Any]) -> str:
    return to_python(pipeline_of(document), {})[0]


@st.composite
def edits(draw: Any, document: dict[str, Any]) -> dict[str, Any]:
    """A document after one edit."""
    data = copy.deepcopy(document)
    tasks, parameters = list(data["tasks"]), list(data.get("parameters", {}))
    kinds = ["add", "name", "layout", "parameter"] + (
        ["value", "remove", "when", "field", "rename", "exit", "loop"] * 2 if tasks else []
    )
    kind = draw(st.sampled_from(kinds))
    name = draw(st.sampled_from(tasks)) if tasks else ""
    if kind == "add":
        data["tasks"]["added"] = draw(tasks_of("added", tasks, parameters))
    elif kind == "name":
        data["name"] = draw(st.text(max_size=9))
    elif kind == "layout":
        data["layout"] = {name: [1, 2] for name in tasks}
    elif kind == "parameter":
        data.setdefault("parameters", {})[draw(NAMES)] = {"type": "int", "default": 3, "description": "Three"}
    elif kind == "value":
        data["tasks"][name].setdefault("inputs", {})[draw(FIELDS)] = {"value": draw(VALUES)}
    elif kind == "remove":
        del data["tasks"][name]
        data.get("layout", {}).pop(name, None)
    elif kind == "when":
        data["tasks"][name]["when"] = draw(conditions([other for other in tasks if other != name], parameters))
    elif kind == "loop":
        data["tasks"][name]["for_each"] = {"value": [1, 2], "input": draw(FIELDS)}
    elif kind == "field":
        data["tasks"][name]["timeout"] = 61
        data["tasks"][name]["description"] = "Other words"
        data["tasks"][name].pop("retry", None)
    elif kind == "rename":
        return renamed(data, {name: "another"})
    else:
        data["on_exit"] = name
    return data


@SLOW
@given(documents())
def test_python_as_a_document_and_back_is_the_same_text(document):
    text = exported(document)
    assert update_python(text, pipeline_of(document), {})[0] == text


@SLOW
@given(st.data())
def test_an_edited_document_is_what_the_updated_python_says(data):
    document = data.draw(documents())
    assume("a b" not in document["tasks"])
    edited = data.draw(edits(document))
    assume(find_cycle(dependencies(pipeline_of(edited))) is None)
    text, _ = update_python(exported(document), pipeline_of(edited), {})
    ast.parse(text)
    assert read_python(text).document == document_data(pipeline_of(edited))


@SLOW
@given(st.data())
def test_a_new_input_changes_no_line_but_those_of_its_call(data):
    document = data.draw(documents())
    assume(document["tasks"] and "a b" not in document["tasks"])  # no name that a task may have
    assume(find_cycle(dependencies(pipeline_of(document))) is None)
    name = data.draw(st.sampled_from(list(document["tasks"])))
    before = (
        exported(document).replace("\n\n    ", "\n\n\n    ").replace(")\n    ", ")  # kept\n    ").replace("(", "( ")
    )
    edited = copy.deepcopy(read_python(before).document)
    edited["tasks"][name].setdefault("inputs", {})["brand_new"] = {"value": 12345}
    after, _ = update_python(before, pipeline_of(edited), {})
    lines = after.split("\n")
    gone = [line for line in before.split("\n") if line not in lines and not line.startswith("# claimed: ")]
    assert len(gone) <= 1 and all("=" in line for line in gone), "\n".join(
        difflib.unified_diff(before.split("\n"), lines, lineterm="")
    )
    assert any("brand_new" in line for line in lines)


def test_a_changed_image_and_what_kubernetes_is_asked_change_their_own_lines_only():
    tasks = {
        "fit": {
            "component": "train/sklearn-classifier@1.0.0",
            "image": "own:1",
            "resources": {"gpu": 1},
            "kubernetes": {
                "volumes": [{"claim": "a", "path": "/a"}, {"claim": "b", "path": "/b"}],
                "labels": {"team": "risk"},
            },
        },
        "load": {"component": "input/load-table@1.0.0"},
    }
    text = exported({"name": "p", "image": "all:1", "tasks": tasks})
    edited = text.replace("label_value=", "label_value= ")  # a person's own way
    tasks["fit"]["kubernetes"] = {"volumes": [{"claim": "c", "path": "/a"}], "labels": {"team": "risk"}}
    tasks["fit"]["image"] = "own:2"
    tasks["fit"]["resources"] = {"gpu": 1, "accelerator": "amd.com/gpu"}
    made, warned = update_python(edited, pipeline_of({"name": "p", "image": "all:2", "tasks": tasks}), {})
    before, after = edited.splitlines(), made.splitlines()
    assert not warned and len(after) == len(before) - 1
    assert [line for line in after if line not in before] == [
        'sklearn_classifier = load_component("train/sklearn-classifier@1.0.0", image="all:2")',
        'load_table = load_component("input/load-table@1.0.0", image="all:2")',
        '    fit.set_container_image("own:2")',
        '    fit.set_accelerator_type("amd.com/gpu")',
        '    kubernetes.mount_pvc(fit, pvc_name="c", mount_path="/a")',
    ]


def test_a_parameter_that_gets_a_default_goes_behind_those_without():
    document = {"format": "claimed-pipeline/1", "name": "p", "tasks": {}, "parameters": {"a": {}, "b": {}}}
    edited = {**document, "parameters": {"a": {"type": "int", "default": 3, "description": "Three"}, "b": {}}}

    text, _ = update_python(exported(document), pipeline_of(edited), {})

    assert "def p(b: str, a: int = 3):" in text
    assert read_python(text).document == document_data(pipeline_of(edited))
