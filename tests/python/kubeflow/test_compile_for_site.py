"""Images, notebooks too large for the spec, what Kubernetes is told, and what Kubeflow can't do, said before it runs."""

from __future__ import annotations

import importlib.util
import json
import os
import zlib

import pytest
from authoring import code, write_notebook, write_pipeline
from launcher import run_pod

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.component.export.arguments import NotebookTooLarge
from claimed_jlab.component.kfp_yaml import IMAGE, LARGEST_NOTEBOOK
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.kubeflow.cel import CannotSay
from claimed_jlab.run.kubeflow.compile import CompileOptions, compile_pipeline, spec_text
from claimed_jlab.run.kubeflow.findings import findings

ROOT = CompileOptions(pipeline_root="minio://bucket/root/")


def checked(folder, tasks, **fields):
    path = write_pipeline(folder / "p.pipeline", tasks, **fields)
    return check(read_pipeline(path), folder, Catalog([]), path)


def containers(compiled):
    """By shown name, the container of each task of the whole."""
    spec, found = compiled.spec, {}
    for task in spec["root"]["dag"]["tasks"].values():
        label = spec["components"][task["componentRef"]["name"]].get("executorLabel")
        executor = spec["deploymentSpec"]["executors"].get(label, {})
        found[task["taskInfo"]["name"]] = executor.get("container", executor)
    return found


@pytest.fixture
def folder(tmp_path):
    write_notebook(tmp_path / "n.ipynb", code("n: int = 1", "parameters"), code("m: int = n + 1", "outputs"))
    text = "name: c\nimplementation: {container: {image: busybox, command: [ls]}}\n"
    (tmp_path / "c.yaml").write_text(text)
    return tmp_path


def test_the_image_is_the_tasks_else_the_pipelines_else_the_sites_else_the_components(folder):
    tasks = {
        "plain": {"component": "n.ipynb"},
        "own": {"component": "n.ipynb", "image": "own:1"},
        "box": {"component": "./c.yaml"},
        "own-box": {"component": "./c.yaml", "image": "alpine:3"},
    }
    for fields, options, default in (
        ({}, CompileOptions(), IMAGE),
        ({}, CompileOptions(image="site:1"), "site:1"),
        ({"image": "pipeline:1"}, CompileOptions(image="site:1"), "pipeline:1"),
    ):
        made = compile_pipeline(checked(folder, tasks, **fields), options=options)
        images = {name: container["image"] for name, container in containers(made).items()}
        assert images == {"plain": default, "own": "own:1", "box": "busybox", "own-box": "alpine:3"}


def test_a_pipeline_in_a_pipeline_has_its_own_image_else_that_of_the_outer(folder):
    write_pipeline(folder / "inner.pipeline", {"a": {"component": "n.ipynb"}})
    write_pipeline(folder / "other.pipeline", {"a": {"component": "n.ipynb"}}, image="inner:1")
    tasks = {"one": {"component": "inner.pipeline"}, "two": {"component": "other.pipeline"}}
    made = compile_pipeline(checked(folder, tasks, image="outer:1"))
    images = sorted(item["container"]["image"] for item in made.spec["deploymentSpec"]["executors"].values())
    assert images == ["inner:1", "outer:1"]


def test_what_a_site_says_of_getting_images_holds_where_a_task_says_nothing(folder):
    tasks = {
        "plain": {"component": "n.ipynb"},
        "own": {"component": "n.ipynb", "kubernetes": {"image_pull_policy": "Never", "image_pull_secrets": ["mine"]}},
    }
    options = CompileOptions(image_pull_secrets=("theirs",), image_pull_policy="Always")
    made = compile_pipeline(checked(folder, tasks), options=options)
    own = made.platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"]
    found = {(item["imagePullPolicy"], item["imagePullSecret"][0]["secretName"]) for item in own.values()}
    assert found == {("Always", "theirs"), ("Never", "mine")}


def test_tasks_that_run_alike_share_what_runs_them(folder):
    tasks = {f"t{n}": {"component": "n.ipynb", "inputs": {"n": {"value": n}}} for n in range(20)}
    tasks["big"] = {"component": "n.ipynb", "resources": {"memory": "4Gi"}}
    made = compile_pipeline(checked(folder, tasks))
    assert len(made.spec["deploymentSpec"]["executors"]) == len(made.spec["components"]) == 2


def test_tasks_are_called_as_argo_takes_names_and_shown_as_they_are(folder):
    names = ["My_Task", "my-task", "condition-1", "größe", "x-importer"]
    made = compile_pipeline(checked(folder, {name: {"component": "n.ipynb"} for name in names}, name="Übung Nr. 1"))
    tasks = made.spec["root"]["dag"]["tasks"]
    assert list(tasks) == ["my-task", "my-task-2", "task-condition-1", "gr-e", "task-x-importer"]
    assert [task["taskInfo"]["name"] for task in tasks.values()] == names
    assert made.spec["pipelineInfo"] == {"name": "bung-nr-1", "displayName": "Übung Nr. 1"}


@pytest.mark.slow
@pytest.mark.parametrize("size", [300_000, 3_000_000])
def test_a_large_notebook_travels_in_pieces_and_a_larger_one_below_the_pipeline_root(tmp_path, size):
    noise = os.urandom(size // 2).hex()
    write_notebook(
        tmp_path / "n.ipynb", code("n: int = 1", "parameters"), f"x = '{noise}'", code("m: int = len(x) + n", "outputs")
    )
    document = checked(tmp_path, {"t": {"component": "n.ipynb"}})
    by_root = size > 1_000_000
    if by_root:
        with pytest.raises(NotebookTooLarge, match="set the pipeline root"):
            compile_pipeline(document)
    assert [item.code for item in findings(document)] == (["notebook-too-large"] if by_root else [])
    made = compile_pipeline(document, options=ROOT)
    assert made.uploads == compile_pipeline(document, options=ROOT).uploads
    container = containers(made)["t"]
    assert max(map(len, container["args"])) < 131_072 and sum(map(len, container["args"])) < LARGEST_NOTEBOOK + 50_000
    values = {"n": 2}
    if by_root:
        [(uri, content)] = made.uploads.items()
        assert uri.startswith("minio://bucket/root/claimed/notebooks/") and containers(made)["importer"]["importer"]
        values["claimed_notebook"] = tmp_path / "brought"
        values["claimed_notebook"].write_bytes(content)
        assert json.loads(zlib.decompress(content))["nbformat"] == 4
    else:
        assert not made.uploads and container["args"].count("--notebook") > 1
    pod = run_pod(container, tmp_path / "pod", values)
    assert pod.status == 0 and pod.text("m") == str(size // 2 * 2 + 2), pod.err


def test_a_file_beside_the_document_goes_along_below_the_pipeline_root(folder):
    write_notebook(folder / "take.ipynb", code('data: "Input[Dataset]" = "t.csv"', "parameters"))
    (folder / "t.csv").write_text("a\n1\n")
    (folder / "many").mkdir()
    document = checked(folder, {"take": {"component": "take.ipynb", "inputs": {"data": {"value": "t.csv"}}}})
    assert not findings(document, ROOT) and not compile_pipeline(document).uploads
    made = compile_pipeline(document, options=ROOT)
    [(uri, content)] = made.uploads.items()
    assert uri.startswith("minio://bucket/root/claimed/files/") and uri.endswith("/t.csv") and content == b"a\n1\n"
    assert containers(made)["importer"]["importer"]["artifactUri"] == {"constant": uri}
    folder_given = checked(folder, {"take": {"component": "take.ipynb", "inputs": {"data": {"value": "many"}}}})
    [found] = findings(folder_given, ROOT)
    assert (found.task, found.field) == ("take", "data") and "'many' is no single file" in found.message


def test_the_protobufs_of_kfp_read_the_spec_and_the_platform(folder):
    from google.protobuf import json_format
    from kfp.kubernetes import kubernetes_executor_config_pb2
    from kfp.pipeline_spec import pipeline_spec_pb2
    from test_compile import DOCUMENTS

    asked = DOCUMENTS["kubernetes"]["tasks"]["make"]
    made = compile_pipeline(checked(folder, {"t": {**asked, "component": "n.ipynb"}}))
    json_format.ParseDict(made.spec, pipeline_spec_pb2.PipelineSpec())
    json_format.ParseDict(made.platform, pipeline_spec_pb2.PlatformSpec())
    [own] = made.platform["platforms"]["kubernetes"]["deploymentSpec"]["executors"].values()
    read = json_format.ParseDict(own, kubernetes_executor_config_pb2.KubernetesExecutorConfig())
    assert json_format.MessageToDict(read) == own  # no field is unknown, none is left out


@pytest.mark.slow
def test_kfp_runs_what_it_can_run_on_this_machine_and_refuses_containers_without_docker(folder, tmp_path):
    """KFP's own runner takes its Python components of a compiled pipeline; ours are containers, which need Docker."""
    from kfp import compiler, components, local

    module = folder / "doubling.py"  # in a file of its own: KFP reads annotations as they are, not as texts
    module.write_text("from kfp import dsl\n\n@dsl.component\ndef double(n: int) -> int:\n    return n * 2\n")
    found = importlib.util.spec_from_file_location("doubling", module)
    loaded = importlib.util.module_from_spec(found)
    found.loader.exec_module(loaded)
    compiler.Compiler().compile(loaded.double, str(folder / "double.yaml"))
    tasks = {
        "first": {"component": "./double.yaml", "inputs": {"n": {"value": 4}}},
        "then": {"component": "./double.yaml", "inputs": {"n": {"output": "first.Output"}}},
    }
    ours = {"t": {"component": "n.ipynb"}}
    local.init(local.SubprocessRunner(use_venv=False), pipeline_root=str(tmp_path / "root"))
    (folder / "made.yaml").write_text(
        spec_text(compile_pipeline(checked(folder, tasks, outputs={"n": {"output": "then.Output"}})))
    )
    assert components.load_component_from_file(str(folder / "made.yaml"))().outputs == {"n": 16}
    (folder / "ours.yaml").write_text(spec_text(compile_pipeline(checked(folder, ours))))
    with pytest.raises(Exception, match=r"[Cc]ontainer"):
        components.load_component_from_file(str(folder / "ours.yaml"))()


BAD = {
    "image": ("python 3", "'python 3' is no container image"),
    "kubernetes.tolerations.0.operator": ({"tolerations": [{"key": "a", "operator": "Like"}]}, "'Like' is none of"),
    "kubernetes.tolerations.0": ({"tolerations": [{"value": "x"}]}, "needs the operator Exists"),
    "kubernetes.volumes.0.claim": ({"volumes": [{"path": "/data"}]}, "'claim' is missing"),
    "kubernetes.volumes.0.path": ({"volumes": [{"claim": "a", "path": "data"}]}, "'data' is no path in a container"),
    "kubernetes.empty_dirs.0.size": ({"empty_dirs": [{"name": "a", "path": "/a", "size": "big"}]}, "'big' is no size"),
    "kubernetes.node_affinity.0.weight": (
        {"node_affinity": [{"match_expressions": [{"key": "a", "operator": "Exists"}], "weight": 101}]},
        "less than or equal to 100",
    ),
    "kubernetes.secrets_as_env.TOKEN": ({"secrets_as_env": {"TOKEN": "My Secret/key"}}, "is no name in Kubernetes"),
    "kubernetes.labels.a b": ({"labels": {"a b": "c"}}, "'a b' is no key of a label"),
    "kubernetes.volumes": ({"volumes": "data"}, "should be a valid list"),
    "resources": ({"gpu": 1, "accelerator": "my gpu"}, "'my gpu' is no kind of accelerator"),
}


@pytest.mark.parametrize("field", BAD)
def test_what_is_wrong_is_said_in_one_line_with_its_task_and_field(folder, field):
    value, words = BAD[field]
    made = checked(folder, {"t": {"component": "n.ipynb", field.partition(".")[0]: value}})
    [found] = [item for item in made.diagnostics if item.level == "error"]
    assert (found.task, found.field, found.where) == ("t", field, f"tasks.t.{field}")
    assert words in found.message and "\n" not in found.message


def test_what_is_not_known_of_kubernetes_is_kept_and_warned_of(folder):
    made = checked(folder, {"t": {"component": "n.ipynb", "kubernetes": {"sidecars": 1}}})
    [found] = [item for item in made.diagnostics if item.field == "kubernetes.sidecars"]
    assert found.level == "warning" and made.valid


def test_what_kubeflow_cant_do_is_said_on_task_and_field(folder):
    write_notebook(folder / "parts" / "q.ipynb", code("# pip requirement\nm: int = 1", "outputs"), "import helper")
    (folder / "parts" / "helper.py").write_text("")
    (folder / "t.csv").write_text("")
    write_notebook(folder / "take.ipynb", code('data: "Input[Dataset]" = "t.csv"', "parameters"))
    bash = json.loads((folder / "n.ipynb").read_text())
    bash["metadata"]["kernelspec"] = {"name": "bash", "language": "bash", "display_name": "Bash"}
    bash["cells"] = [cell for cell in bash["cells"] if "outputs" not in cell["metadata"].get("tags", [])]
    (folder / "b.ipynb").write_text(json.dumps(bash).replace("n: int = 1", "n=1"))
    write_pipeline(folder / "inner.pipeline", {"deep": {"component": "n.ipynb", "when": "1 + 1 > 2"}})
    tasks = {
        "when": {"component": "n.ipynb", "when": "first.m * 2 > 3"},
        "first": {"component": "n.ipynb"},
        "名": {"component": "n.ipynb"},
        "modules": {"component": "parts/q.ipynb"},
        "take": {"component": "take.ipynb", "inputs": {"data": {"value": "t.csv"}}},
        "bash": {"component": "b.ipynb"},
        "inner": {"component": "inner.pipeline"},
        "mount": {"component": "n.ipynb", "kubernetes": {"volumes": [{"claim": "a", "path": "/a", "read_only": True}]}},
    }
    parameters = {"long": {"type": "str", "default": "x" * 20_000}, "it's": {"type": "int", "default": 1}}
    made = checked(folder, tasks, parameters=parameters)
    assert made.valid, made.diagnostics
    found = {(item.task, item.field): (item.level, item.code, item.message) for item in findings(made)}
    assert {place: about[:2] for place, about in found.items()} == {
        (None, "it's"): ("error", "bad-parameter-name"),
        (None, "long"): ("error", "too-large"),
        ("when", "when"): ("error", "unsupported"),
        ("名", None): ("error", "bad-task-name"),
        ("modules", "component"): ("warning", "stays-here"),
        ("take", "data"): ("error", "local-file"),
        ("bash", "image"): ("error", "needs-image"),
        ("inner", "when"): ("error", "unsupported"),
        ("mount", "kubernetes.volumes"): ("error", "unsupported"),
    }
    assert all("\n" not in message for _, _, message in found.values())
    assert ("bash", "image") not in {(item.task, item.field) for item in findings(made, CompileOptions(image="b:1"))}


def test_a_requirement_that_pip_cannot_read_is_named(folder, monkeypatch):
    made = checked(folder, {"t": {"component": "n.ipynb"}})
    made.components["t"] = made.components["t"].model_copy(
        update={"requirements": ("a b c", "pandas[x]>=1; python_version > '3'")}
    )
    [found] = findings(made)
    assert (found.task, found.field, found.code) == ("t", "component", "bad-requirement") and "'a b c'" in found.message


def test_json_can_not_hold_what_is_kubernetes_own_and_that_is_said(folder):
    plain = compile_pipeline(checked(folder, {"t": {"component": "n.ipynb"}}))
    assert json.loads(spec_text(plain, as_json=True)) == plain.spec
    made = compile_pipeline(checked(folder, {"t": {"component": "n.ipynb", "kubernetes": {"labels": {"a": "b"}}}}))
    with pytest.raises(CannotSay, match="write YAML"):
        spec_text(made, as_json=True)
