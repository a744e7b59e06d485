"""What stands beside a created component: its lock file, its page, and its form for KFP v2."""

from __future__ import annotations

import re
from importlib import metadata

import pytest
import yaml
from authoring import code, markdown, write_notebook
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from claimed_jlab.component.create import create_component
from claimed_jlab.component.export.ir import ir_document, ir_yaml
from claimed_jlab.component.export.lock import lock
from claimed_jlab.component.export.readme import readme
from claimed_jlab.component.kfp_yaml import component_yaml
from claimed_jlab.component.reader import read_component
from claimed_jlab.component.spec import ComponentSpec, InputSpec, OutputSpec

HOSTILE = st.text(
    st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("|\n\r`<>[]()*_#\\\"'${}-=+&!~1. ")),
    max_size=40,
)


@pytest.fixture
def notebook(tmp_path):
    return write_notebook(
        tmp_path / "scale.ipynb",
        markdown("# Scale\n\nMultiplies what is in a file."),
        code(
            '# The table\ndata: "Input[Dataset]" = None\nfactor: float = 2.0\nshout: bool = False\n'
            'words: list = ["a"]\ntoken: "Secret"\nmode: "Literal[\'a\', \'b\']" = "a"\n'
            'more: dict = None\nn: int\nscaled: "Output[Dataset]" = "out.txt"',
            "parameters",
        ),
        "import os\nimport yaml\nimport nbformat\nsuffix = os.environ.get('the suffix', '!')",
        code("result: float = 1.0\nsaid: str = 'x'", "outputs"),
    )


def test_create_writes_the_lock_the_page_and_the_kfp_v2_form(notebook, tmp_path):
    create_component(notebook, tmp_path / "made")
    folder = tmp_path / "made" / "scale"
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "component.ir.yaml",
        "component.yaml",
        "requirements.lock",
        "scale.ipynb",
    ]
    pins = [line for line in (folder / "requirements.lock").read_text().splitlines() if not line.startswith("#")]
    assert f"pyyaml=={metadata.version('PyYAML')}" in pins
    assert pins == sorted(pins) and all(re.fullmatch(r"[a-z0-9-]+==[^\s]+", line) for line in pins)


def test_half_a_character_in_a_description_does_no_harm(tmp_path):
    notebook = write_notebook(tmp_path / "half.ipynb", markdown("# Half\n\nHALF"), code("x: int = 1", "parameters"))
    notebook.write_text(notebook.read_text().replace("HALF", "d\\ud800e"))
    spec = create_component(notebook, tmp_path / "made")
    folder = tmp_path / "made" / "half"
    assert "\\ud800" in (folder / "half.ipynb").read_text(encoding="utf-8")
    assert read_component(folder / "half.ipynb").description == spec.description == "d\ud800e"


def test_the_lock_names_what_the_requirements_bring_along_and_comments_what_is_absent():
    made = lock(["nbformat", "no-such-thing>=2", "no-such-pin==1.0"])
    names = [pin.split("==")[0] for pin in made.pins]
    assert "nbformat" in names and "fastjsonschema" in names and "jupyter-core" in names
    assert "# no-such-thing: not installed here, so not pinned" in made.text().splitlines()
    assert not any(line.startswith("no-such") for line in made.text().splitlines())
    assert "no-such-thing>=2" in made.install_text().splitlines()


def test_a_version_that_the_notebook_asks_for_is_not_replaced_by_the_one_that_is_here():
    made = lock(["nbformat==1.0"])
    assert made.pins == () and "nbformat==1.0" in made.install_text().splitlines()


def test_extras_and_markers_are_followed():
    names = {pin.split("==")[0] for pin in lock(["jupyter-server[test]"]).pins}
    assert "pytest" in names and "pywinpty" not in names


@given(HOSTILE)
def test_no_requirement_can_add_a_line_to_the_lock(text):
    made = lock([text, f"nbformat\n--index-url {text}", f"git+https://x/y.git\n{text}"])
    for line in made.install_text().split("\n"):
        assert not line or line.startswith("#") or re.match(r"[A-Za-z0-9]", line)
        assert not line.startswith("-")


def test_the_kfp_v2_form_is_what_kfp_makes_of_component_yaml(notebook):
    from google.protobuf import json_format
    from kfp.components import load_component_from_text

    spec = read_component(notebook)
    theirs = json_format.MessageToDict(load_component_from_text(component_yaml(spec)).pipeline_spec)
    ours = json_format.MessageToDict(load_component_from_text(ir_yaml(spec)).pipeline_spec)
    assert _without(ours, "description", "sdkVersion") == _without(theirs, "description", "sdkVersion")
    described = ours["components"]["comp-scale"]["inputDefinitions"]["artifacts"]["data"]
    assert described["description"] == "The table"
    assert not [event for event in yaml.parse(ir_yaml(spec)) if isinstance(event, yaml.AliasEvent)]


def _without(value, *keys):
    if isinstance(value, dict):
        return {key: _without(item, *keys) for key, item in value.items() if key not in keys}
    return value


@settings(deadline=None, max_examples=40)
@given(name=HOSTILE, text=HOSTILE)
@example(name="\x85", text="a\x85\u2028b")
def test_kfp_loads_the_v2_form_of_a_component_with_hostile_texts(tmp_path_factory, name, text):
    from kfp.components import load_component_from_text

    spec = hostile_spec(tmp_path_factory, name, text)
    written = ir_yaml(spec)
    assert yaml.safe_load(written) == ir_document(spec)
    loaded = load_component_from_text(written)
    assert len(loaded.component_spec.inputs) == len(spec.inputs)
    container = ir_document(spec)["deploymentSpec"]["executors"]
    (executor,) = container.values()
    placeholders = [word for word in executor["container"]["args"] if "{{$" in word]
    assert len(placeholders) == len(spec.inputs) + len(spec.outputs) + 2  # and what is kept of the run


def test_ports_that_differ_in_case_only_stay_apart_in_the_v2_form(tmp_path):
    path = write_notebook(tmp_path / "n.ipynb", code("C: float = 1.0\nc: float = 2.0", "parameters"))
    document = ir_document(read_component(path))
    parameters = document["root"]["inputDefinitions"]["parameters"]
    assert sorted(item["defaultValue"] for item in parameters.values()) == [1.0, 2.0]


@settings(deadline=None, max_examples=150)
@given(name=HOSTILE, text=HOSTILE)
@example(name="\x85", text="a\x85\u2028b")
def test_no_text_becomes_markup_in_the_page(tmp_path_factory, name, text):
    spec = hostile_spec(tmp_path_factory, name, text)
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(readme(spec))
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 2 and kinds.count("fence") == 1
    assert kinds.count("tr_open") == 2 + len(spec.inputs) + len(spec.outputs)
    assert kinds.count("td_open") == 4 * len(spec.inputs) + 3 * len(spec.outputs)
    assert kinds.count("heading_open") == 5
    assert not {"html_block", "code_block", "blockquote_open", "hr", "ordered_list_open"} & set(kinds)
    inner = [child.type for token in tokens for child in token.children or []]
    assert set(inner) <= {"text", "text_special", "softbreak", "hardbreak", "code_inline"}
    assert inner.count("code_inline") == 1


def test_the_page_never_tells_a_secret(tmp_path):
    spec = ComponentSpec(
        name="x", inputs=(InputSpec(name="token", type="Secret", default="hunter2", optional=True),), path="x"
    )
    assert "hunter2" not in readme(spec)


def hostile_spec(factory, name, text) -> ComponentSpec:
    notebook = write_notebook(factory.mktemp("hostile") / "n.ipynb", "1")
    return ComponentSpec(
        name=name or "x",
        title=text,
        description=text,
        version=name,
        author=text,
        requirements=(text, "nbformat"),
        path=str(notebook),
        inputs=(
            InputSpec(name=name, type="str", default=text, optional=True, description=text, convention="environment"),
            InputSpec(name=f"{name}2", type="list", default=[text], optional=True, description=text),
            InputSpec(name=f"{name}3", type="Input[Dataset]", default=text, description=text),
            InputSpec(name=f"{name}4", type="Secret", description=text),
        ),
        outputs=(
            OutputSpec(name=name, type="Output[Model]", default=text, description=text),
            OutputSpec(name=f"{name}2", type="float", description=text),
        ),
    )
