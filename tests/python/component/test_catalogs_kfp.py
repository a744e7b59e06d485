"""Components of Kubeflow Pipelines become ours: interface with our types, container as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from outside_places import KFP

from claimed_jlab.component.catalog import Catalog, Source, component_at
from claimed_jlab.component.catalogs.errors import NotKfp
from claimed_jlab.component.catalogs.kfp import kfp_component, read_kfp
from claimed_jlab.component.catalogs.kfp_types import default_value
from claimed_jlab.component.export.formats import export_text
from claimed_jlab.component.types import parse_type
from claimed_jlab.errors import ClaimedError

# Shaped as Kubeflow's own components are, with the types that are seen in the wild.
TRAIN = """
name: Xgboost train
description: |-
  Train an XGBoost model.

      Args:
          training_data_path: Path for the training data in CSV format.
inputs:
- {name: training_data, type: CSV, description: What to learn from}
- {name: starting_model, type: XGBoostModel, optional: true}
- {name: label_column, type: Integer, default: '0', optional: true}
- {name: learning_rate, type: Float, default: '0.3'}
- {name: booster_params, type: JsonObject, default: '{"eta": 1}'}
- {name: columns, type: JsonArray, default: '["a"]'}
- {name: objective, type: String, default: 'reg:squarederror'}
- {name: verbose, type: Bool, default: 'True'}
- {name: quiet, type: Boolean, default: 'no'}
- {name: Input data, optional: true}
- {name: project, type: GCPProjectID}
- {name: output_uri, type: URI, default: gs://bucket}
- {name: source, type: {GCSPath: {data_type: CSV}}}
- {name: table, type: Dataset}
- {name: rounds, type: Integer, default: many}
- {name: since, type: String, default: 2020-01-01}
- {name: whole, type: Integer, default: 3.0}
- {name: names, type: 'List[str]', default: '[]'}
- {name: no_number, type: Float, default: .nan}
outputs:
- {name: model, type: Model}
- {name: model_config, type: XGBoostModelConfig}
- {name: model_id, type: String}
- {name: score, type: Float}
- {name: plot, type: HTML}
implementation:
  container:
    image: python:3.7
    command: [python3, -u, -c, "print('{{x}}')"]
    args:
    - --training-data
    - {inputPath: training_data}
    - if: {cond: {isPresent: starting_model}, then: [--starting-model, {inputPath: starting_model}]}
    - concat: [{inputValue: project}, '/', {inputValue: output_uri}]
    - {inputPath: source}
    - {outputPath: model}
    - 7
    env: {LEVEL: info}
"""
IR = {
    "pipelineInfo": {"name": "container-with-if", "description": "Says it."},
    "components": {
        "comp-c": {
            "executorLabel": "exec-c",
            "inputDefinitions": {
                "parameters": {
                    "n": {"parameterType": "NUMBER_INTEGER", "defaultValue": 3.0, "isOptional": True},
                    "rate": {"parameterType": "NUMBER_DOUBLE"},
                    "on": {"parameterType": "BOOLEAN", "defaultValue": True},
                    "items": {"parameterType": "LIST"},
                    "options": {"parameterType": "STRUCT"},
                    "old": {"type": "STRING"},
                },
                "artifacts": {
                    "data": {"artifactType": {"schemaTitle": "system.Dataset", "schemaVersion": "0.0.1"}},
                    "other": {"artifactType": {"schemaTitle": "google.VertexModel"}, "isOptional": True},
                },
            },
            "outputDefinitions": {
                "artifacts": {"m": {"artifactType": {"schemaTitle": "system.Model"}, "description": "The model"}},
                "parameters": {"score": {"parameterType": "NUMBER_DOUBLE"}},
            },
        }
    },
    "deploymentSpec": {
        "executors": {
            "exec-c": {
                "container": {
                    "image": "python:3.12",
                    "command": ["my_program"],
                    "args": ["{{$.inputs.parameters['n']}}", "{{$.outputs.artifacts['m'].path}}"],
                    "env": [{"name": "A", "value": "b"}],
                }
            }
        }
    },
    "schemaVersion": "2.1.0",
}


def types_of(ports):
    return {port.name: port.type for port in ports}


def write(folder, text, name="x.yaml"):
    path = folder / name
    path.write_text(text if isinstance(text, str) else yaml.safe_dump(text))
    return path


def test_the_types_of_a_component_yaml_become_ours(tmp_path):
    spec = read_kfp(write(tmp_path, TRAIN))
    assert types_of(spec.inputs) == {
        "training_data": "Input[Artifact]",
        "starting_model": "Input[Artifact]",
        "label_column": "int",
        "learning_rate": "float",
        "booster_params": "dict",
        "columns": "list",
        "objective": "str",
        "verbose": "bool",
        "quiet": "bool",
        "Input data": "Input[Artifact]",
        "project": "str",
        "output_uri": "str",
        "source": "Input[Artifact]",
        "table": "Input[Dataset]",
        "rounds": "int",
        "since": "str",
        "whole": "int",
        "names": "list",
        "no_number": "float",
    }
    assert types_of(spec.outputs) == {
        "model": "Output[Model]",
        "model_config": "Output[Artifact]",
        "model_id": "str",
        "score": "float",
        "plot": "Output[HTML]",
    }


def test_defaults_that_are_texts_become_values_and_what_is_none_is_said(tmp_path):
    spec = read_kfp(write(tmp_path, TRAIN))
    given = {port.name: port.default for port in spec.inputs if port.default is not None}
    assert given == {
        "label_column": 0,
        "learning_rate": 0.3,
        "booster_params": {"eta": 1},
        "columns": ["a"],
        "objective": "reg:squarederror",
        "verbose": True,
        "quiet": False,
        "output_uri": "gs://bucket",
        "since": "2020-01-01",
        "whole": 3,
        "names": [],
    }
    assert {item.field for item in spec.diagnostics} == {"rounds", "no_number"}
    assert spec.input("training_data").optional is False and spec.input("Input data").optional
    json.loads(json.dumps(spec.model_dump(mode="json"), allow_nan=False))


def test_what_runs_is_kept_as_data_with_its_placeholders(tmp_path):
    spec = read_kfp(write(tmp_path, TRAIN))
    container = spec.container
    assert container.image == "python:3.7" and container.command[:2] == ("python3", "-u")
    assert container.args[1] == {"inputPath": "training_data"} and container.args[-1] == "7"
    assert container.args[3] == {"concat": [{"inputValue": "project"}, "/", {"inputValue": "output_uri"}]}
    assert container.env == {"LEVEL": "info"}
    assert spec.description == "Train an XGBoost model." and spec.reference == "kubeflow/xgboost-train@0.1.0"
    assert spec.input("training_data").description == "What to learn from (CSV)"


def test_the_intermediate_representation_is_read_too(tmp_path):
    spec = read_kfp(write(tmp_path, IR))
    assert types_of(spec.inputs) == {
        "n": "int",
        "rate": "float",
        "on": "bool",
        "items": "list",
        "options": "dict",
        "old": "str",
        "data": "Input[Dataset]",
        "other": "Input[Artifact]",
    }
    assert types_of(spec.outputs) == {"m": "Output[Model]", "score": "float"}
    assert spec.input("n").default == 3 and spec.input("other").optional and not spec.input("data").optional
    assert spec.container.image == "python:3.12" and spec.container.env == {"A": "b"}
    assert (spec.title, spec.description) == ("container-with-if", "Says it.")


def test_a_compiled_component_may_be_followed_by_its_platform(tmp_path):
    assert read_kfp(write(tmp_path, yaml.safe_dump(IR) + "---\nplatforms: {}\n")).name == "container-with-if"


def test_the_digest_is_of_what_runs_and_of_nothing_else(tmp_path):
    one = read_kfp(write(tmp_path, KFP))
    assert read_kfp(write(tmp_path, KFP.replace("Keeps the lines", "Keeps all lines"))).digest == one.digest
    for change in (
        ("alpine:3.19", "alpine:3.20"),
        ('grep "$1"', 'grep -v "$1"'),
        ("inputValue: Pattern", "inputValue: Text"),
    ):
        assert read_kfp(write(tmp_path, KFP.replace(*change))).digest != one.digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1", "no `implementation`"),
        ("[1, 2]", "no `implementation`"),
        ("", "no `implementation`"),
        ("a: [", "is not YAML"),
        ("name: x\nimplementation: {graph: {tasks: {}}}", "run by graph"),
        ("name: x\nimplementation: {}", "run by nothing"),
        ("name: x\nimplementation: {container: {}}", "run by container"),
        ("name: x\nimplementation: 3", "run by nothing"),
        ("name: x\ninputs: [{type: String}]\nimplementation: {container: {image: a}}", "without a name"),
        ("name: x\ninputs: [{name: a}, {name: a}]\nimplementation: {container: {image: a}}", "twice 'a'"),
        ("deploymentSpec: {}\ncomponents: {}", "pipeline of 0 components"),
        ("deploymentSpec: {}\ncomponents: {a: {executorLabel: x}, b: {executorLabel: y}}", "pipeline of 2 components"),
        ("implementation: {container: {image: !!python/object/apply:os.system [ls]}}", "is not YAML"),
        ("implementation: &a {container: {image: x, args: [*a]}}", "more than a component"),
    ],
)
def test_what_is_no_container_component_is_said_in_one_line(tmp_path, text, said):
    with pytest.raises(NotKfp) as caught:
        read_kfp(write(tmp_path, text))
    assert said in str(caught.value) and "\n" not in str(caught.value)


def test_a_billion_laughs_are_refused_at_once(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(NotKfp, match="more than a component"):
        read_kfp(write(tmp_path, "\n".join([*lines, "implementation: {container: {image: *a9}}"])))


def test_a_folder_of_kfps_components_is_a_catalog(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, KFP.replace("Filter text", f"Filter {name}"), "component.yaml")
    catalog = Catalog([Source("x", tmp_path)])
    assert [spec.reference for spec in catalog.components()] == [
        "kubeflow/filter-one@0.1.0",
        "kubeflow/filter-two@0.1.0",
    ]
    assert component_at(tmp_path / "one").container.image == "alpine:3.19"
    assert component_at(tmp_path / "one" / "component.yaml").container.image == "alpine:3.19"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, VALUES, VALUES, VALUES)
def test_whatever_the_fields_hold_it_is_a_component_or_one_line(inputs, outputs, container, name):
    document = {"name": name, "inputs": inputs, "outputs": outputs, "implementation": {"container": container}}
    for data in (document, {"components": inputs, "deploymentSpec": container}):
        try:
            spec = kfp_component(data, Path("x.yaml"))
        except NotKfp as error:
            assert "\n" not in str(error)
        else:
            json.dumps(spec.model_dump(mode="json"), allow_nan=False)


@given(st.sampled_from(["str", "int", "float", "bool", "list", "dict"]), VALUES)
def test_a_default_is_of_its_type_or_none(kind, value):
    found = default_value(kind, value)
    assert found is None or parse_type(kind).accepts(found)


def test_a_container_is_exported_as_the_file_that_it_is_and_as_nothing_else(tmp_path):
    path = write(tmp_path, KFP)
    spec = read_kfp(path)
    assert export_text(spec, "kfp") == KFP
    for target in ("dockerfile", "job", "cwl"):
        with pytest.raises(ClaimedError, match="is a container already"):
            export_text(spec, target)
