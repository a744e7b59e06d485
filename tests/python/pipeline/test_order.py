"""Tasks that come after others without taking anything from them."""

from __future__ import annotations

import json

from authoring import write_pipeline

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.plan import plan

SCRIPT = {"component": "./step.py"}


def checked(folder, tasks):
    (folder / "step.py").write_text("print(1)\n")
    path = write_pipeline(folder / "p.pipeline", tasks)
    return check(read_pipeline(path), folder, Catalog([]))


def test_a_task_waits_for_those_that_it_comes_after(tmp_path):
    found = checked(tmp_path, {"b": {**SCRIPT, "after": ["a"]}, "a": SCRIPT})
    planned = plan(found, {}, path="p.pipeline")
    assert [(task.name, task.needs) for task in planned.tasks] == [("a", []), ("b", ["a"])]


def test_all_of_a_pipeline_waits_and_is_waited_for(tmp_path):
    write_pipeline(tmp_path / "inner.pipeline", {"x": SCRIPT, "y": {**SCRIPT, "after": ["x"]}})
    inner = {"component": "./inner.pipeline", "after": ["first"]}
    found = checked(tmp_path, {"first": SCRIPT, "in": inner, "last": {**SCRIPT, "after": ["in"]}})
    needs = {task.name: task.needs for task in plan(found, {}, path="p.pipeline").tasks}
    assert needs == {"first": [], "in.x": ["first"], "in.y": ["first", "in.x"], "last": ["in.x", "in.y"]}


def test_a_task_can_come_after_what_is_there_only_and_not_after_itself(tmp_path):
    found = checked(tmp_path, {"a": {**SCRIPT, "after": ["ghost"]}, "b": {**SCRIPT, "after": ["b"]}})
    assert {item.code for item in found.diagnostics} == {"dangling-reference", "cycle"}
    assert json.loads(found.diagnostics[0].model_dump_json())["where"] == "tasks.a.after"
