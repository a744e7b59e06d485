"""The module that is exported is one of KFP's, reads as a person would have written it, and follows a person's edits."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
import yaml
from authoring import write_pipeline
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pipeline_versions import BASE, changed

from claimed_jlab.cli.commands import claimed
from claimed_jlab.pipeline.document import pipeline_of
from claimed_jlab.pipeline.python.export import to_python
from claimed_jlab.pipeline.python.read import read_python
from claimed_jlab.pipeline.python.update import update_python

STEP = """
    # A table
    # %% tags=["parameters"]
    data: "Input[Artifact]" = ""
    C: float = 1.0
    n: int = 1
    model: "Output[Model]" = "model.bin"
    # %% tags=["outputs"]
    score: float = 0.5
"""
PERSONS = '''
    """Ours."""
    import kfp
    from kfp import dsl  # the DSL

    from claimed_jlab.kfp import load_component

    fit = load_component("./step.py", beside=__file__)   # one space too many


    @dsl.pipeline(
        name = 'mine',
    )
    def mine(rate: float = .5, n: int=3):
        """What it does.

        Args:
            rate: How fast.
        """
        print("compiling")

        # Learns.
        first = fit(C=rate,   # as fast as that
                    n=n)

        first.set_cpu_request("1")

        with dsl.If(first.outputs['score'] > 0.5, name="good"):
            second = (
                fit(data=first.outputs["model"], n=4)
            ).set_display_name("Second one")
'''


def persons():
    return textwrap.dedent(PERSONS).lstrip()


def edited(*changes):
    """The person's module after a change of its document, and the lines that are other."""
    before = persons()
    document = read_python(before).document
    after, _ = update_python(before, pipeline_of(changed(*changes, of=document)), {})
    old, new = before.split("\n"), after.split("\n")
    return [line for line in old if line not in new], [line for line in new if line not in old]


def test_a_persons_module_is_read_and_what_a_document_cannot_say_is_named_with_its_line():
    module = read_python(persons())
    assert module.document == {
        "format": "claimed-pipeline/1",
        "name": "mine",
        "description": "What it does.",
        "parameters": {
            "rate": {"type": "float", "default": 0.5, "description": "How fast."},
            "n": {"type": "int", "default": 3},
        },
        "tasks": {
            "first": {
                "component": "./step.py",
                "description": "Learns.",
                "inputs": {"C": {"parameter": "rate"}, "n": {"parameter": "n"}},
            },
            "second": {
                "component": "./step.py",
                "inputs": {"data": {"output": "first.model"}, "n": {"value": 4}},
                "when": "first.score > 0.5",
            },
        },
    }
    assert [(item.line, item.code) for item in module.diagnostics] == [(25, "python-only")]
    assert "set_cpu_request" in module.diagnostics[0].message


EDITS = {
    "a value": ([(("tasks", "second", "inputs", "n"), {"value": 5})], ["n=4)"], ["n=5)"]),
    "a wire": ([(("tasks", "second", "inputs", "data"), None)], ["data=first"], ["fit(n=4)"]),
    "a parameter's default": ([(("parameters", "n", "default"), 4)], ["def mine"], ["n: int=4)"]),
    "a parameter's words": ([(("parameters", "rate", "description"), "Slow.")], ["How fast"], ["rate: Slow."]),
    "a description": ([(("tasks", "first", "description"), "Fits.")], ["# Learns."], ["# Fits."]),
    "a condition": ([(("tasks", "second", "when"), "first.score > 0.9")], ["dsl.If"], ["> 0.9"]),
    "a name": ([(("name",), "yours")], ["name = 'mine'"], ['name = "yours"']),
    "a place": ([(("layout", "first"), [1, 2])], [], ["# What the", "# claimed: layout.first = [1, 2]"]),
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edit_touches_its_own_line_of_a_persons_module(case):
    changes, gone, new = EDITS[case]
    was, now = edited(*changes)
    if case == "a condition":
        assert len(was) <= 3 and any("0.9" in line for line in now)
        return
    assert len(was) == len(gone) and all(word in line for word, line in zip(gone, was, strict=True)), was
    assert len(now) == len(new) and all(word in line for word, line in zip(new, now, strict=True)), now


def test_a_new_task_stands_where_it_can_and_a_removed_one_takes_its_lines_along():
    was, now = edited((("tasks", "third"), {"component": "./other.py", "inputs": {"data": {"output": "first.model"}}}))
    assert was == [] and [line.strip() for line in now if line.strip()] == [
        'other = load_component("./other.py", beside=__file__)',
        'third = other(data=first.outputs["model"])',
        'third.set_display_name("third")',
    ]
    was, now = edited((("tasks", "second"), None))
    assert now == [] and next(line.strip() for line in was if line.strip()).startswith("with dsl.If")


def test_a_broken_module_is_never_written_over(tmp_path):
    path = write_pipeline(tmp_path / "p.pipeline", BASE["tasks"])
    (tmp_path / "p.py").write_text("def broken(:\n")
    done = CliRunner().invoke(
        claimed, ["pipeline", "export", str(path), "--to", "python", "-o", str(tmp_path / "p.py")]
    )
    assert done.exit_code == 1 and "p.py, line 1: is not Python" in done.stderr
    assert (tmp_path / "p.py").read_text() == "def broken(:\n"


def test_what_kubeflow_will_not_do_is_said():
    document = changed((("tasks", "judge", "when"), "seed == 1 or seed == 2"), (("timeout",), 60))
    _, diagnostics = to_python(pipeline_of(document), {})
    assert {item.where for item in diagnostics} >= {"tasks.judge.when"}


def spec_of(folder, document, **more):
    """What KFP's compiler makes of a document's module, run as a person would."""
    (folder / "step.py").write_text(textwrap.dedent(STEP).lstrip())
    (folder / "data.csv").write_text("x\n1\n")
    path = write_pipeline(folder / "p.pipeline", document, **more)
    done = CliRunner().invoke(claimed, ["pipeline", "export", str(path), "--to", "python", "-o", str(folder / "p.py")])
    assert done.exit_code == 0, done.stderr
    ran = subprocess.run([sys.executable, folder / "p.py"], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:] + (folder / "p.py").read_text()
    return list(yaml.safe_load_all((folder / "p.yaml").read_text()))


FIT = {"component": "./step.py"}
EVERYTHING = {
    "first": {
        **FIT,
        "inputs": {"data": {"value": "data.csv"}, "C": {"parameter": "rate"}},
        "retry": {"attempts": 2, "backoff": 5},
        "timeout": 60,
        "cache": False,
    },
    "second": {
        **FIT,
        "inputs": {"data": {"output": "first.model"}},
        "when": "first.score > 0.5 and rate < 1",
        "resources": {"cpu": 2, "memory": "4Gi", "gpu": 1},
    },
    "third": {**FIT, "inputs": {"data": {"output": "second.model"}}, "after": ["first"]},
    "each": {**FIT, "for_each": {"parameter": "seeds", "input": "n", "max_parallel": 2}},
    "objects": {**FIT, "for_each": {"value": [{"C": 0.5}, {"C": 0.1}]}},
    "end": FIT,
}
PARAMETERS = {
    "rate": {"type": "float", "default": 0.5, "description": "How fast"},
    "seeds": {"type": "list", "default": [1, 2]},
}


@pytest.mark.slow
def test_the_module_compiles_under_kfp_with_all_that_a_document_can_say(tmp_path):
    spec, platform = spec_of(tmp_path, EVERYTHING, parameters=PARAMETERS, on_exit="end")
    root = spec["root"]
    assert set(root["inputDefinitions"]["parameters"]) == {"rate", "seeds"}
    assert root["inputDefinitions"]["parameters"]["rate"]["description"] == "How fast"
    text = yaml.safe_dump(spec)
    for word in (
        "ALL_UPSTREAM_TASKS_COMPLETED",
        "maxRetryCount: 2",
        "parallelismLimit: 2",
        "nvidia.com/gpu",
        "data.csv",
    ):
        assert word in text, word
    assert platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]


@pytest.mark.slow
def test_a_pipeline_in_a_pipeline_compiles_with_its_outputs(tmp_path):
    inner = {"first": {**FIT, "inputs": {"n": {"parameter": "n"}}}}
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "step.py").write_text(textwrap.dedent(STEP).lstrip())
    write_pipeline(
        tmp_path / "parts" / "inner.pipeline",
        inner,
        parameters={"n": {"type": "int", "default": 1}},
        outputs={"model": {"output": "first.model"}},
    )
    outer = {
        "prepare": {"component": "parts/inner.pipeline", "inputs": {"n": {"value": 3}}},
        "fit": {**FIT, "inputs": {"data": {"output": "prepare.model"}}},
    }
    spec = spec_of(tmp_path, outer)[0]
    assert len(spec["root"]["dag"]["tasks"]) == 2


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.lists(st.sampled_from(sorted(EVERYTHING)), unique=True, min_size=1), st.booleans())
def test_any_part_of_it_compiles_too(tmp_path_factory, names, ends):
    wanted = {*names, *(("first", "second") if {"third", "second"} & {*names} else ())}
    tasks = {name: task for name, task in EVERYTHING.items() if name in wanted}
    more = {"on_exit": "end"} if ends and "end" in tasks and len(tasks) > 1 else {}
    assert spec_of(tmp_path_factory.mktemp("part"), tasks, parameters=PARAMETERS, **more)
