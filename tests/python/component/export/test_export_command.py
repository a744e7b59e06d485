"""`jupyter claimed component export`: prints one format, or writes a new folder."""

from __future__ import annotations

import pytest
import yaml
from authoring import adder
from click.testing import CliRunner

from claimed_jlab.cli.commands import claimed
from claimed_jlab.component.create import create_component
from claimed_jlab.component.export.formats import FORMATS


@pytest.fixture
def component(tmp_path, monkeypatch):
    create_component(adder(tmp_path), tmp_path / "components")
    monkeypatch.setenv("CLAIMED_COMPONENTS", str(tmp_path / "components"))


def export(*words):
    return CliRunner().invoke(claimed, ["component", "export", *map(str, words)])


@pytest.mark.parametrize(
    "target, key, value",
    [("kfp", "name", "add"), ("job", "kind", "Job"), ("cwl", "class", "CommandLineTool")],
)
def test_a_format_is_printed(component, target, key, value):
    done = export("add", "--to", target)
    assert done.exit_code == 0 and yaml.safe_load(done.stdout)[key] == value


def test_the_dockerfile_is_printed(component):
    done = export("add", "--to", "dockerfile")
    assert done.exit_code == 0 and done.stdout.startswith("FROM python:3.")


@pytest.mark.parametrize("target", sorted(FORMATS))
def test_a_folder_is_written_once_and_its_files_are_named(component, tmp_path, target):
    folder = tmp_path / "deep" / "made"
    done = export("add", "--to", target, "--out", folder)
    assert done.exit_code == 0
    assert sorted(done.stdout.split()) == sorted(str(path) for path in folder.rglob("*") if path.is_file())
    again = export("add", "--to", target, "--out", folder)
    assert again.exit_code == 1 and "exists already" in again.stderr and len(again.stderr.splitlines()) == 1


def test_an_unknown_format_is_wrong_usage_and_an_unknown_component_one_line(component):
    assert export("add", "--to", "pdf").exit_code == 2
    done = export("nothing", "--to", "job")
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("target", ["kfp", "job", "cwl"])
def test_no_part_of_the_yaml_is_an_alias_of_another(component, target):
    loaded = list(yaml.parse(export("add", "--to", target).stdout))
    assert not [event for event in loaded if isinstance(event, yaml.AliasEvent)]
