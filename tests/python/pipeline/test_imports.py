"""Pipelines of others become documents, and what could not be carried over is said."""

from __future__ import annotations

import json
import textwrap

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from claimed_jlab.cli.commands import claimed
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import pipeline_of
from claimed_jlab.pipeline.imports.elyra import read_elyra
from claimed_jlab.pipeline.imports.ir import read_ir
from claimed_jlab.pipeline.imports.read import import_file


def node(identity, op, parameters, label, *, after=(), place=(10, 20), source=""):
    links = [{"node_id_ref": other, "port_id_ref": "outPort"} for other in after]
    about = {
        "component_parameters": parameters,
        "component_source": source,
        "ui_data": {"label": label, "x_pos": place[0], "y_pos": place[1] + 0.4},
    }
    return {
        "id": identity,
        "type": "execution_node",
        "op": op,
        "app_data": about,
        "inputs": [{"id": "inPort", "links": links}],
    }


def elyra(*nodes, version=8, **properties):
    about = {
        "version": version,
        "properties": {"name": "mine", **properties},
        "ui_data": {"comments": [{"content": "Look", "x_pos": 5.5, "y_pos": 6}]},
    }
    return {"primary_pipeline": "primary", "pipelines": [{"id": "primary", "nodes": list(nodes), "app_data": about}]}


LOAD = node(
    "1",
    "execute-notebook-node",
    {
        "filename": "a/load.ipynb",
        "env_vars": [{"env_var": "URL", "value": "x"}],
        "runtime_image": "python:3",
        "outputs": ["data.csv"],
        "cpu": 2,
        "memory": 4,
    },
    "Load data",
)
FIT = node(
    "2",
    "execute-python-node",
    {
        "filename": "fit.py",
        "env_vars": ["N=3", "API_KEY=hush"],
        "kubernetes_secrets": [{"env_var": "TOKEN", "name": "hf", "key": "token"}],
        "mounted_volumes": [{"path": "/d"}],
    },
    "",
    after=["1"],
)


def test_notebooks_scripts_links_variables_and_places_of_elyra_come_over():
    found = read_elyra(elyra(LOAD, FIT, description="Words"), "file")
    assert found.data == {
        "format": "claimed-pipeline/1",
        "name": "mine",
        "description": "Words",
        "tasks": {
            "Load_data": {
                "component": "./a/load.ipynb",
                "inputs": {"URL": {"value": "x"}},
                "resources": {"cpu": 2, "memory": "4Gi"},
            },
            "fit": {
                "component": "./fit.py",
                "inputs": {"N": {"value": "3"}, "API_KEY": {"secret": "API_KEY"}, "TOKEN": {"secret": "hf/token"}},
                "after": ["Load_data"],
            },
        },
        "layout": {"Load_data": [10, 20], "fit": [10, 20]},
        "canvas": {"notes": {"note1": {"text": "Look", "position": [6, 6], "size": [175, 42]}}},
    }
    said = "\n".join(item.message for item in found.diagnostics)
    assert "hush" not in said and "hush" not in json.dumps(found.data)
    assert all(word in said for word in ("python:3", "data.csv", "mounted_volumes", "API_KEY"))
    pipeline_of(found.data)


@pytest.mark.parametrize("version", range(3, 9))
def test_components_of_elyra_take_outputs_of_others(version):
    taken = (
        {"value": "1", "option": "elyra_output_data"}
        if version < 7
        else {"widget": "inputpath", "value": {"value": "1", "option": "output_data"}}
    )
    source = (
        "https://h/c.yaml"
        if version < 8
        else json.dumps({"catalog_type": "url-catalog", "component_ref": {"url": "https://h/c.yaml"}})
    )
    first = node("1", "cat:1", {"url": "http://x", "output_data": ""}, "Download data", source=source)
    second = node(
        "2",
        "cat:2",
        {
            "data": taken,
            "text": {"widget": "string", "value": "t"},
            "p": {"widget": "parameter", "value": "rate"},
            "output_x": "",
        },
        "Hash",
        after=["1"],
        source="/home/me/hash.yaml",
    )
    parameters = [{"name": "rate", "description": "How fast", "default_value": {"type": "Float", "value": 0.5}}]
    found = read_elyra(elyra(first, second, version=version, pipeline_parameters=parameters), "file")
    assert found.data["parameters"] == {"rate": {"type": "float", "default": 0.5, "description": "How fast"}}
    assert found.data["tasks"] == {
        "Download_data": {"component": "./c.yaml", "inputs": {"url": {"value": "http://x"}}},
        "Hash": {
            "component": "./hash.yaml",
            "inputs": {"data": {"output": "Download_data.data"}, "text": {"value": "t"}, "p": {"parameter": "rate"}},
        },
    }
    assert [item.task for item in found.diagnostics] == ["Download_data", "Hash"]


def test_an_unknown_version_and_supernodes_are_said():
    data = elyra(LOAD, {"id": "9", "type": "super_node"}, version=12)
    data["pipelines"].append({"id": "inner"})
    said = [item.message for item in read_elyra(data, "f").diagnostics]
    assert any("version is 12" in line for line in said) and any("supernodes" in line for line in said)
    assert any("super_node" in line for line in said)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "nodes",
                    "app_data",
                    "type",
                    "op",
                    "inputs",
                    "links",
                    "properties",
                    "x",
                    "dag",
                    "tasks",
                    "componentRef",
                    "name",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JUNK, JUNK)
def test_whatever_is_in_a_file_there_is_a_document_or_one_line(one, other):
    for read, data in (
        (read_elyra, {"primary_pipeline": one, "pipelines": [other, {"nodes": one, "app_data": other}]}),
        (read_ir, {"root": one, "pipelineInfo": other, "components": one}),
    ):
        try:
            assert read(data, "x").data["format"]
        except ClaimedError as error:
            assert "\n" not in str(error)


COMPILED = '''
    from kfp import compiler, components, dsl
    fit = components.load_component_from_text("""
    name: fit
    inputs: [{name: n, type: Integer}, {name: data, type: Dataset, optional: true}]
    outputs: [{name: score, type: Float}, {name: model, type: Model}]
    implementation: {container: {image: x, command: [f, {inputValue: n}, {outputPath: score}, {outputPath: model}]}}
    """)
    @dsl.pipeline(name="compiled", description="Words")
    def compiled(n: int = 3, seeds: list = [1, 2]):
        end = fit(n=9).set_display_name("end")
        with dsl.ExitHandler(end):
            a = fit(n=n, data=dsl.importer(artifact_uri="a.csv", artifact_class=dsl.Dataset).output)
            a.set_retry(num_retries=2, backoff_duration="5s").set_cpu_limit("2").set_display_name("first")
            with dsl.If(a.outputs["score"] > 0.5):
                b = fit(n=5)
                b.set_display_name("second").set_caching_options(False).after(a)
            with dsl.ParallelFor(seeds, parallelism=2) as seed:
                fit(n=seed).set_display_name("each")
    compiler.Compiler().compile(compiled, PATH)
'''


def compiled(path):
    exec(compile(textwrap.dedent(COMPILED), "compiled.py", "exec", dont_inherit=True), {"PATH": str(path)})
    return path


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_a_compiled_pipeline_of_kfp_is_read_with_its_conditions_and_loops(suffix, tmp_path):
    path = compiled(tmp_path / f"c.{suffix}")
    found = import_file(path)
    tasks = found.data["tasks"]
    assert found.data["name"] == "compiled" and found.data["on_exit"] == "end"
    assert found.data["parameters"] == {
        "n": {"type": "int", "default": 3},
        "seeds": {"type": "list", "default": [1, 2]},
    }
    assert tasks["first"] == {
        "component": "./c-components/fit.yaml",
        "inputs": {"n": {"parameter": "n"}, "data": {"value": "a.csv"}},
        "retry": {"attempts": 2, "backoff": 5},
        "resources": {"cpu": "2"},
    }
    assert tasks["second"]["when"] == "first.score > 0.5" and tasks["second"]["cache"] is False
    assert tasks["second"]["inputs"] == {"n": {"value": 5}} and isinstance(tasks["second"]["inputs"]["n"]["value"], int)
    assert tasks["each"]["for_each"] == {"parameter": "seeds", "max_parallel": 2, "input": "n"}
    assert list(found.files) == ["c-components/fit.yaml"]


@pytest.mark.slow
def test_an_imported_pipeline_is_valid_and_nothing_is_written_over(tmp_path):
    path = compiled(tmp_path / "c.yaml")
    (tmp_path / "a.csv").write_text("x\n1\n")
    run = lambda *words: CliRunner().invoke(claimed, ["pipeline", *words])  # noqa: E731
    done = run("import", str(path), "--json")
    assert json.loads(done.stdout)["path"].endswith("c.pipeline")
    assert json.loads(run("validate", str(tmp_path / "c.pipeline"), "--json").stdout)["valid"]
    done = run("import", str(path))
    assert done.exit_code == 1 and "c.pipeline: exists already" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.py", "x = (\n", "line 1: is not Python"),
        ("a.py", "x = 1\n", "no function with @dsl.pipeline"),
        ("a.pipeline", '{\n"a": \n}', "line 3: is not JSON"),
        ("a.pipeline", "[]", "is no pipeline that can be read"),
        ("a.yaml", "a: [", "is not YAML (line"),
        ("a.json", '{"format": "claimed-pipeline/1"}', "is a pipeline already"),
        ("a.json", '{"root": {}, "pipelineInfo": {}}', "root.dag.tasks: has no tasks in it"),
    ],
)
def test_a_file_of_no_use_is_one_line_with_file_and_line(name, text, said, tmp_path):
    (tmp_path / name).write_text(text)
    done = CliRunner().invoke(claimed, ["pipeline", "import", str(tmp_path / name)])
    assert done.exit_code == 1 and said in done.stderr and done.stderr.count("\n") == 1, done.stderr
