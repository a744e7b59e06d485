"""Pipelines in pipelines, and loops over several tasks, of a compiled pipeline: documents of their own, that mean the same."""

from __future__ import annotations

import json

import pytest
import yaml
from authoring import adder, code, write_notebook, write_pipeline
from click.testing import CliRunner
from spec_meaning import resolve

from claimed_jlab.cli.commands import claimed
from claimed_jlab.component.catalog import Catalog
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.kubeflow.compile import compile_pipeline, spec_text


def checked(path):
    found = check(read_pipeline(path), path.parent, Catalog([]), path)
    assert found.valid, found.diagnostics
    return found


def imported(spec, platform, folder):
    """(document, what was said) of a spec."""
    source = folder / "spec.yaml"
    source.write_text("---\n".join(yaml.safe_dump(part) for part in (spec, platform) if part))
    target = folder / "again" / "again.pipeline"
    target.parent.mkdir()
    done = CliRunner().invoke(claimed, ["pipeline", "import", str(source), "-o", str(target)])
    assert done.exit_code == 0, done.output
    return target, done.output


@pytest.fixture
def folder(tmp_path):
    adder(tmp_path)
    write_notebook(tmp_path / "all.ipynb", code("values: list = []", "parameters"))
    tasks = {
        "one": {"component": "add.ipynb", "inputs": {"left": {"parameter": "n"}}},
        "two": {
            "component": "add.ipynb",
            "inputs": {"left": {"output": "one.total"}, "right": {"value": 5}},
            "when": "one.total > 1",
            "resources": {"memory": "1Gi"},
            "kubernetes": {"labels": {"team": "risk"}},
        },
    }
    outputs = {"total": {"output": "one.total"}}
    parameters = {"n": {"type": "int", "default": 3}}
    write_pipeline(tmp_path / "inner.pipeline", tasks, parameters=parameters, outputs=outputs)
    return tmp_path


def test_a_pipeline_in_a_pipeline_stays_one_and_means_the_same(folder):
    tasks = {
        "first": {"component": "inner.pipeline", "inputs": {"n": {"parameter": "n"}}},
        "again": {"component": "inner.pipeline", "inputs": {"n": {"output": "first.total"}}, "when": "first.total > 4"},
        "each": {"component": "inner.pipeline", "for_each": {"value": [1, 2], "input": "n", "max_parallel": 2}},
        "sum": {"component": "all.ipynb", "inputs": {"values": {"output": "each.total"}}},
        "last": {"component": "inner.pipeline", "after": ["sum"]},
    }
    first = compile_pipeline(checked(write_pipeline(folder / "p.pipeline", tasks, parameters={"n": {"type": "int"}})))
    target, said = imported(first.spec, first.platform, folder)
    assert "warning" not in said
    made = read_pipeline(target)
    assert [task.component for name, task in made.tasks.items() if name != "sum"] == [
        "spec-components/first.pipeline"
    ] * 4
    again = compile_pipeline(checked(target))
    assert resolve(again.spec, again.platform) == resolve(first.spec, first.platform)
    assert spec_text(again) == spec_text(compile_pipeline(checked(target)))


LOOP = """
from kfp import compiler, dsl

@dsl.container_component
def make(n: int, size: dsl.OutputPath(int)):
    return dsl.ContainerSpec(image="busybox", command=["make"], args=[n, size])

@dsl.pipeline(name="loops")
def loops(numbers: list = [1, 2], most: int = 4):
    start = make(n=0)
    with dsl.ParallelFor(numbers, parallelism=3) as n:
        one = make(n=n)
        with dsl.If(n > 1):
            make(n=one.outputs["size"])
        with dsl.ParallelFor([5, 6]) as m:
            two = make(n=m)
            make(n=most).after(two)
            make(n=start.outputs["size"])
    make(n=most)
"""


@pytest.mark.slow
def test_a_loop_over_several_tasks_becomes_a_document_that_is_looped_over(folder):
    from kfp import compiler, dsl

    module = folder / "loops.py"
    module.write_text(LOOP)
    names = {"__file__": str(module), "__name__": "loops"}
    exec(compile(LOOP, str(module), "exec", dont_inherit=True), names)
    made = [value for value in names.values() if isinstance(value, dsl.graph_component.GraphComponent)][-1]
    compiler.Compiler().compile(made, str(folder / "loops.yaml"))
    spec = yaml.safe_load((folder / "loops.yaml").read_text())
    target, said = imported(spec, None, folder)
    assert "warning" not in said
    document = read_pipeline(target)
    loop = next(task for task in document.tasks.values() if task.for_each)
    assert loop.for_each.model_dump(exclude_unset=True) == {
        "parameter": "numbers",
        "input": "numbers_loop_item",
        "max_parallel": 3,
    }
    inner = read_pipeline(target.parent / loop.component)
    assert list(inner.parameters) == ["make_size", "most", "numbers_loop_item"]
    assert [task.when for task in inner.tasks.values() if task.when] == ["numbers_loop_item > 1"]
    theirs, mine = (
        resolve(spec)["tasks"],
        resolve(json.loads(json.dumps(compile_pipeline(checked(target)).spec)))["tasks"],
    )
    assert facts(mine) == facts(theirs) and len(mine) == 7


def facts(tasks):
    """What each task runs, and in which loops, whatever documents it stands in."""
    found = [
        [task["executor"]["container"]["image"], [guard for guard in task["guards"] if guard[0] == "for"]]
        for task in tasks.values()
    ]
    return sorted(json.dumps(item) for item in found)
