"""What we compile is what KFP's own compiler makes of the module that we export."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from authoring import adder, code, write_notebook, write_pipeline
from spec_meaning import resolve

from claimed_jlab.component.catalog import default_catalog
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.python.export import to_python
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.kubeflow.cel import CannotSay
from claimed_jlab.run.kubeflow.compile import compile_pipeline, spec_text

REPOSITORY = Path(__file__).parents[3]


def checked(path):
    found = check(read_pipeline(path), path.parent, default_catalog(), path)
    assert not [item for item in found.diagnostics if item.level == "error"], found.diagnostics
    return found


def by_kfp(path):
    """(spec, platform) as KFP's compiler makes them of the exported module."""
    from kfp import compiler, dsl

    document = checked(path)
    text, _ = to_python(document.document, document.components)
    module = path.with_suffix(".py")
    module.write_text(text)
    names = {"__file__": str(module), "__name__": "exported"}
    exec(compile(text, str(module), "exec", dont_inherit=True), names)
    made = [value for value in names.values() if isinstance(value, dsl.graph_component.GraphComponent)][-1]
    target = module.with_suffix(".yaml")
    compiler.Compiler().compile(made, str(target))
    parts = [*yaml.safe_load_all(target.read_text()), {}]
    return parts[0], parts[1]


def assert_alike(path):
    ours = compile_pipeline(checked(path))
    theirs = resolve(*by_kfp(path))
    mine = resolve(json.loads(json.dumps(ours.spec)), ours.platform)
    assert list(mine["tasks"]) != []
    for name in theirs["tasks"]:
        assert mine["tasks"].get(name) == theirs["tasks"][name], name
    assert mine == theirs


@pytest.fixture
def folder(tmp_path):
    adder(tmp_path)
    write_notebook(
        tmp_path / "make.ipynb",
        code('n: int = 1\nfile: "Output[Dataset]" = "f.csv"', "parameters"),
        "open(file, 'w').write(str(n))",
        code("size: int = n\nrate: float = 0.5\nname: str = 'x'\nitems: list = [n]", "outputs"),
    )
    write_notebook(
        tmp_path / "take.ipynb",
        code('data: "Input[Dataset]" = "f.csv"\nrate: float = 1.0\nmodel: "Output[Model]" = "m"', "parameters"),
        "open(model, 'w').write(open(data).read())",
    )
    write_notebook(tmp_path / "all.ipynb", code("values: list = []\nname: str = ''", "parameters"))
    return tmp_path


DOCUMENTS = {
    "wires": {
        "tasks": {
            "make": {"component": "make.ipynb", "inputs": {"n": {"parameter": "n"}}},
            "take": {
                "component": "take.ipynb",
                "inputs": {"data": {"output": "make.file"}, "rate": {"value": 0.25}},
                "retry": {"attempts": 2, "backoff": 5},
                "resources": {"cpu": "500m", "memory": "2Gi", "gpu": 1},
                "cache": False,
                "timeout": 60,
            },
            "last": {"component": "make.ipynb", "after": ["take"]},
        },
        "outputs": {"model": {"output": "take.model"}, "size": {"output": "make.size"}},
    },
    "conditions": {
        "tasks": {
            "make": {"component": "make.ipynb"},
            "big": {"component": "make.ipynb", "when": "make.size > 3 and n < 9", "inputs": {"n": {"parameter": "n"}}},
            "follows": {"component": "take.ipynb", "inputs": {"data": {"output": "big.file"}}},
            "half": {"component": "take.ipynb", "when": "make.rate >= 1", "inputs": {"data": {"output": "make.file"}}},
            "named": {
                "component": "all.ipynb",
                "when": "make.name == 'x'",
                "inputs": {"name": {"output": "make.name"}},
            },
        },
    },
    "loops": {
        "tasks": {
            "make": {"component": "make.ipynb"},
            "known": {"component": "make.ipynb", "for_each": {"value": [1, 2], "input": "n", "max_parallel": 2}},
            "given": {"component": "make.ipynb", "for_each": {"parameter": "numbers", "input": "n"}},
            "found": {"component": "make.ipynb", "for_each": {"output": "make.items", "input": "n"}},
            "sum": {"component": "all.ipynb", "inputs": {"values": {"output": "known.size"}}},
            "more": {"component": "all.ipynb", "inputs": {"values": {"output": "found.rate"}}},
        },
    },
    "exit": {
        "tasks": {
            "make": {"component": "make.ipynb", "inputs": {"n": {"parameter": "n"}}},
            "if": {"component": "make.ipynb", "when": "make.size == 1"},
            "bye": {"component": "make.ipynb", "inputs": {"n": {"value": 0}}},
        },
        "on_exit": "bye",
    },
}
DOCUMENTS |= {
    "images": {
        "image": "quay.io/team/python:3.11",
        "tasks": {
            "make": {"component": "make.ipynb", "inputs": {"n": {"parameter": "n"}}},
            "own_image": {"component": "make.ipynb", "image": "registry.example.org:5000/own:1", "after": ["make"]},
        },
    },
    "kubernetes": {
        "tasks": {
            "make": {
                "component": "make.ipynb",
                "resources": {"cpu": 2, "gpu": 2, "accelerator": "amd.com/gpu"},
                "timeout": 30,
                "kubernetes": {
                    "secrets_as_env": {"TOKEN": "store/token", "KEY": "store"},
                    "secrets_as_volumes": [
                        {"secret": "keys", "path": "/keys"},
                        {"secret": "more", "path": "/more", "optional": True},
                    ],
                    "config_maps_as_env": {"MODE": "settings/mode"},
                    "config_maps_as_volumes": [{"config_map": "settings", "path": "/settings"}],
                    "volumes": [
                        {"claim": "data", "path": "/data"},
                        {"claim": "more-data", "path": "/more-data", "sub_path": "a/b"},
                    ],
                    "empty_dirs": [
                        {"name": "scratch", "path": "/scratch"},
                        {"name": "shm", "path": "/dev/shm", "medium": "Memory", "size": "1Gi"},
                    ],
                    "node_selector": {"disk": "ssd", "example.org/pool": "big"},
                    "tolerations": [
                        {"key": "gpu", "operator": "Equal", "value": "yes", "effect": "NoSchedule"},
                        {"operator": "Exists", "effect": "NoExecute", "seconds": 300},
                    ],
                    "node_affinity": [
                        {"match_expressions": [{"key": "zone", "operator": "In", "values": ["a", "b"]}]},
                        {
                            "match_expressions": [{"key": "cores", "operator": "Gt", "values": ["8"]}],
                            "match_fields": [{"key": "metadata.name", "operator": "NotIn", "values": ["old"]}],
                            "weight": 5,
                        },
                        {"match_expressions": [{"key": "fast", "operator": "Exists"}]},
                    ],
                    "image_pull_policy": "Always",
                    "image_pull_secrets": ["pull-a", "pull-b"],
                    "labels": {"team": "risk", "example.org/cost": "7"},
                    "annotations": {"example.org/why": 'because "so"'},
                },
            },
            "same": {"component": "make.ipynb", "kubernetes": {"volumes": [{"claim": "data", "path": "/data"}]}},
            "take": {"component": "take.ipynb", "inputs": {"data": {"output": "same.file"}}},
        },
    },
}
PARAMETERS = {
    "n": {"type": "int", "default": 3, "description": "How many"},
    "numbers": {"type": "list", "default": [1, 2]},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DOCUMENTS)
def test_our_spec_means_what_kfps_own_compiler_says(folder, name):
    fields = {**DOCUMENTS[name]}
    assert_alike(write_pipeline(folder / f"{name}.pipeline", fields.pop("tasks"), parameters=PARAMETERS, **fields))


HEAD = """
name: head
inputs:
- {name: table, type: Dataset}
- {name: rows, type: Integer, default: "2"}
- {name: word, type: String, optional: true}
outputs:
- {name: kept, type: Dataset}
- {name: count, type: Integer}
implementation:
  container:
    image: python:3.11-slim
    command: [python3, -c, "print(1)"]
    args:
    - {inputPath: table}
    - {inputValue: rows}
    - if: {cond: {isPresent: word}, then: [--word, {concat: ["<", {inputValue: word}, ">"]}], else: ["-"]}
    - {concat: ["--kept=", {outputPath: kept}]}
    - {outputPath: count}
"""


@pytest.mark.slow
def test_a_component_of_kfps_own_is_alike(folder):
    (folder / "head.yaml").write_text(HEAD)
    tasks = {
        "make": {"component": "make.ipynb"},
        "head": {"component": "./head.yaml", "inputs": {"table": {"output": "make.file"}, "rows": {"parameter": "n"}}},
        "again": {
            "component": "./head.yaml",
            "inputs": {
                "table": {"output": "head.kept"},
                "rows": {"output": "head.count"},
                "word": {"value": "x"},
            },
        },
    }
    assert_alike(write_pipeline(folder / "p.pipeline", tasks, parameters=PARAMETERS))


@pytest.mark.slow
def test_a_pipeline_in_a_pipeline_and_in_a_loop_is_alike_too(folder):
    fields = DOCUMENTS["wires"]
    write_pipeline(folder / "inner.pipeline", fields["tasks"], parameters=PARAMETERS, outputs=fields["outputs"])
    tasks = {
        "one": {"component": "inner.pipeline", "inputs": {"n": {"parameter": "n"}}},
        "each": {"component": "inner.pipeline", "for_each": {"value": [1, 2], "input": "n"}},
        "sum": {"component": "all.ipynb", "inputs": {"values": {"output": "each.size"}}},
        "more": {"component": "make.ipynb", "inputs": {"n": {"output": "one.size"}}, "when": "one.size > 2"},
    }
    assert_alike(write_pipeline(folder / "outer.pipeline", tasks, parameters=PARAMETERS))


@pytest.mark.slow
def test_the_image_of_a_pipeline_is_that_of_one_in_it_too(folder):
    tasks = {"make": {"component": "make.ipynb", "inputs": {"n": {"parameter": "n"}}}}
    write_pipeline(folder / "inner.pipeline", tasks, parameters=PARAMETERS)
    write_pipeline(folder / "own.pipeline", tasks, parameters=PARAMETERS, image="inner:1")
    tasks = {"one": {"component": "inner.pipeline"}, "two": {"component": "own.pipeline"}}
    assert_alike(write_pipeline(folder / "outer.pipeline", tasks, image="outer:1"))


@pytest.mark.slow
def test_the_example_is_alike(tmp_path):
    copied = shutil.copytree(REPOSITORY / "examples" / "trusted-ai", tmp_path / "example")
    assert_alike(copied / "german-credit.pipeline")


def test_the_same_document_gives_the_same_bytes_and_the_protobuf_of_kfp_reads_them(folder):
    from google.protobuf import json_format
    from kfp.pipeline_spec import pipeline_spec_pb2

    for name, fields in DOCUMENTS.items():
        given = {**fields}
        path = write_pipeline(folder / f"{name}.pipeline", given.pop("tasks"), parameters=PARAMETERS, **given)
        texts = {json.dumps(compile_pipeline(checked(path)).spec) for _ in range(3)}
        assert len(texts) == 1
        json_format.ParseDict(json.loads(texts.pop()), pipeline_spec_pb2.PipelineSpec())


def test_what_kubeflow_cannot_say_is_refused_with_its_place(folder):
    tasks = {"make": {"component": "make.ipynb"}, "more": {"component": "make.ipynb", "when": "make.size * 2 > 3"}}
    path = write_pipeline(folder / "p.pipeline", tasks)
    with pytest.raises(CannotSay, match=r"tasks\.more\.when.*can't decide `make\.size \* 2 > 3`"):
        compile_pipeline(checked(path))


def test_the_command_writes_what_kfp_loads_and_refuses_what_is_wrong_in_one_line(folder):
    from click.testing import CliRunner
    from kfp import components

    from claimed_jlab.cli.commands import claimed

    tasks = {"make": {"component": "make.ipynb"}, "take": {"component": "take.ipynb", "timeout": 9}}
    tasks["take"]["inputs"] = {"data": {"output": "make.file"}}
    path = write_pipeline(folder / "p.pipeline", tasks)
    for target in ("p.yaml", "plain.json"):
        if target.endswith(".json"):
            del tasks["take"]["timeout"]
            write_pipeline(path, tasks)
        done = CliRunner().invoke(claimed, ["pipeline", "export", str(path), "--to", "kfp", "-o", str(folder / target)])
        assert done.exit_code == 0, done.output
        assert components.load_component_from_file(str(folder / target)).pipeline_spec.pipeline_info.name == "p"
    tasks["take"]["inputs"] = {"data": {"output": "make.size"}}
    write_pipeline(path, tasks)
    done = CliRunner().invoke(claimed, ["pipeline", "export", str(path), "--to", "kfp"])
    assert done.exit_code == 1 and "tasks.take.inputs.data" in done.output and "Traceback" not in done.output


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_spec_that_is_imported_and_compiled_again_means_the_same(folder, name):
    from click.testing import CliRunner

    from claimed_jlab.cli.commands import claimed

    fields = {**DOCUMENTS[name]}
    path = write_pipeline(folder / f"{name}.pipeline", fields.pop("tasks"), parameters=PARAMETERS, **fields)
    first = compile_pipeline(checked(path))
    (folder / "spec.yaml").write_text(spec_text(first))
    target = folder / "again" / "again.pipeline"
    target.parent.mkdir()
    done = CliRunner().invoke(claimed, ["pipeline", "import", str(folder / "spec.yaml"), "-o", str(target)])
    assert done.exit_code == 0, done.output
    again = compile_pipeline(checked(target))
    assert resolve(again.spec, again.platform) == resolve(first.spec, first.platform)
