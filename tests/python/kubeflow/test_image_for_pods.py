"""An image of `component export --to dockerfile` is what a pod of Kubeflow needs: nothing is installed at its start."""

from __future__ import annotations

import json
import re

import pytest
from authoring import code, write_notebook
from launcher import run_pod
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from claimed_jlab.component import step
from claimed_jlab.component.export.dockerfile import build_context
from claimed_jlab.component.reader import read_component
from claimed_jlab.run.kubeflow.packing import pack


@pytest.fixture
def notebook(tmp_path):
    folder = tmp_path / "component"
    folder.mkdir()
    (folder / "shouting.py").write_text("def loud(text):\n    return text.upper()\n")
    return write_notebook(
        folder / "n.ipynb",
        code('word: str = "a"', "parameters"),
        "import shouting, yaml",
        code("said: str = yaml.safe_load(shouting.loud(word))", "outputs"),
    )


def test_the_image_has_all_that_the_step_asks_for_in_its_version(notebook):
    spec = read_component(notebook)
    pins = dict(re.findall(r"^([^#=\s]+)==(.+)$", build_context(spec)["requirements.txt"], re.M))
    asked = [Requirement(text) for text in [*spec.requirements, *step.RUNNER]]
    assert {"pyyaml", "nbclient", "ipykernel"} <= {canonicalize_name(item.name) for item in asked}
    for requirement in asked:
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement


@pytest.mark.slow
def test_a_pod_of_the_image_installs_nothing_and_finds_the_modules_beside_the_notebook(notebook, tmp_path):
    """The folders are those of the image, and pip is one that fails."""
    context = build_context(read_component(notebook))
    for name, text in context.items():
        (tmp_path / "image" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "image" / name).write_text(text)
    (tmp_path / "tools" / "pip").mkdir(parents=True)
    (tmp_path / "tools" / "pip" / "__main__.py").write_text("raise SystemExit('no network')")
    assert "PYTHONPATH=/opt/component/modules" in context["Dockerfile"]
    environment = {"PYTHONPATH": f"{tmp_path / 'image' / 'modules'}:{tmp_path / 'tools'}"}
    container = pack(read_component(notebook), "team/n:1", None).container
    assert container["image"] == "team/n:1"
    pod = run_pod(container, tmp_path / "pod", {"word": "hey"}, environment=environment)
    assert pod.status == 0, pod.err
    assert pod.text("said") == "HEY" and "PyYAML" in json.dumps(pod.outcome["packages"])
