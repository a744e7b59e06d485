"""Kubeflow Pipelines' own loader is the judge of what we read: the same inputs, the same kinds, the same defaults."""

# No `annotations` of the future here: KFP's decorators want types, not texts.
import json

import pytest
from google.protobuf import json_format
from outside_places import KFP
from test_catalogs_kfp import TRAIN

from claimed_jlab.component.catalogs.kfp import read_kfp

kfp = pytest.importorskip("kfp")
OURS = {"STRING": "str", "NUMBER_INTEGER": "int", "NUMBER_DOUBLE": "float", "BOOLEAN": "bool", "LIST": "list"}
OURS |= {"STRUCT": "dict"}
# What KFP refuses, and we read: defaults of another type, and a type of nobody's that is put on the command line. And
# `names`, of the type `List[str]`, whose default it leaves a text.
REFUSED = ("name: rounds", "name: since", "name: no_number", "name: project", "name: output_uri", "concat:", "env:")
REFUSED += ("- 7", "name: names")


def kinds(ports, side):
    """Ports as KFP compiled them, in our types."""
    found = {name: OURS[port["parameterType"]] for name, port in ports.get("parameters", {}).items()}
    for name, port in ports.get("artifacts", {}).items():
        found[name] = f"{side}[{port['artifactType']['schemaTitle'].removeprefix('system.')}]"
    return found


def snake(name):
    return name.lower().replace(" ", "_")


def compiled(text):
    """The one component of a component YAML, as KFP compiles it."""
    loaded = kfp.components.load_component_from_text(text)
    data = json.loads(json_format.MessageToJson(loaded.pipeline_spec))
    (found,) = [item for item in data["components"].values() if "executorLabel" in item]
    return found


@pytest.mark.parametrize("text", [KFP, TRAIN])
def test_component_yaml_is_read_as_kfp_reads_it(tmp_path, text):
    text = "\n".join(line for line in text.splitlines() if not any(mark in line for mark in REFUSED))
    path = tmp_path / "x.yaml"
    path.write_text(text)
    spec, theirs = read_kfp(path), compiled(text)
    assert {snake(port.name): port.type for port in spec.inputs} == kinds(theirs["inputDefinitions"], "Input")
    assert {snake(port.name): port.type for port in spec.outputs} == kinds(theirs["outputDefinitions"], "Output")
    for kind in ("parameters", "artifacts"):
        for name, port in theirs["inputDefinitions"].get(kind, {}).items():
            (ours,) = [item for item in spec.inputs if snake(item.name) == name]
            assert ours.optional == port.get("isOptional", False), name
            assert ours.default == port.get("defaultValue"), name


def test_what_kfps_compiler_writes_is_read(tmp_path):
    dsl, compiler = kfp.dsl, kfp.compiler

    @dsl.container_component
    def train(data: dsl.Input[dsl.Dataset], model: dsl.Output[dsl.Model], score: dsl.OutputPath(float), n: int = 3):
        return dsl.ContainerSpec("python:3.12", ["train"], ["--data", data.path, "--n", n, model.path, score])

    @dsl.component(base_image="python:3.12")
    def count(names: list, options: dict, on: bool = True, rate: float = 0.5, text: str = "a") -> int:
        return len(names)

    read = {}
    for component in (train, count):
        compiler.Compiler().compile(component, str(tmp_path / "x.yaml"))
        spec = read_kfp(tmp_path / "x.yaml")
        read[spec.name] = spec
        assert spec.container.image == "python:3.12" and spec.container.args
    assert {port.name: (port.type, port.default, port.optional) for port in read["train"].inputs} == {
        "data": ("Input[Dataset]", None, False),
        "n": ("int", 3, True),
    }
    assert {port.name: port.type for port in read["train"].outputs} == {"model": "Output[Model]", "score": "float"}
    assert {port.name: (port.type, port.default) for port in read["count"].inputs} == {
        "names": ("list", None),
        "options": ("dict", None),
        "on": ("bool", True),
        "rate": ("float", 0.5),
        "text": ("str", "a"),
    }
    assert [port.type for port in read["count"].outputs] == ["int"]
