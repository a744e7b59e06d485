"""Engines are plug-ins: another team's is found, chosen, set up, and held to what it says that it can."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from authoring import adder, write_pipeline
from click.testing import CliRunner

from claimed_jlab.cli.commands import claimed
from claimed_jlab.component.catalog import Catalog
from claimed_jlab.errors import ClaimedError
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run import engine_settings
from claimed_jlab.run.engines import UnknownEngine, engine_names, find_engine
from claimed_jlab.run.features import FEATURES, cant

EVERYTHING = {
    "when": "b.total == 3",
    "retry": {"attempts": 2, "on": ["OSError"]},
    "timeout": 60,
    "resources": {"cpu": 1, "gpu": 1},
    "environment": ["HOME"],
    "image": "python:3.11",
    "kubernetes": {"labels": {"team": "x"}},
}


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A distribution of another team, with an engine and one that can't be loaded."""
    folder = tmp_path / "site" / "their_engine-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: their-engine\nVersion: 1.0\n")
    lines = ["[claimed.engines]", "inline = inline_engine:InlineEngine", "broken = no_such_module:Engine"]
    (folder / "entry_points.txt").write_text("\n".join(lines) + "\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


@pytest.fixture
def document(tmp_path):
    adder(tmp_path)
    tasks = {
        "a": {"component": "./add.ipynb", "inputs": {"left": {"value": 1}}},
        "b": {"component": "./add.ipynb", "inputs": {"left": {"output": "a.total"}}},
    }
    return write_pipeline(tmp_path / "p.pipeline", tasks)


def cli(*words):
    return CliRunner().invoke(claimed, [str(word) for word in words])


def diagnostics(path, engine):
    checked = check(read_pipeline(path), path.parent, Catalog([]))
    return [(item.level, item.task, item.field, item.message) for item in engine.findings(checked)]


def test_an_engine_of_another_team_is_found_and_runs_a_pipeline(installed, document):
    assert engine_names()[:2] == ["local", "kubeflow"] and "inline" in engine_names()
    answer = cli("run", document, "--engine", "inline", "--json")
    assert answer.exit_code == 0, answer.stderr
    record = json.loads(answer.stdout)
    assert record["engine"] == "inline" and record["engine_title"] == "Inline" and record["state"] == "COMPLETE"
    total = record["tasks"]["b"]["outputs"]["total"]
    assert total == record["tasks"]["a"]["outputs"]["total"] + 2
    again = json.loads(cli("runs", "rerun", "latest", "--json").stdout)
    assert again["tasks"]["b"]["outputs"]["total"] == total and again["run_id"] != record["run_id"]
    assert record["actions"] == ["rerun", "archive", "delete"]


def test_an_engine_that_is_not_there_or_can_t_be_loaded_is_one_line(installed, document):
    for name, words in (("slurm", "there is no engine 'slurm' (there are: local, kubeflow"), ("broken", "no_such_mod")):
        answer = cli("run", document, "--engine", name)
        assert answer.exit_code == 1 and words in answer.stderr and "Traceback" not in answer.stderr
    listed = json.loads(cli("engines", "list", "--json").stdout)["engines"]
    assert [item["name"] for item in listed] == engine_names()
    broken = next(item for item in listed if item["name"] == "broken")
    assert not broken["ready"] and "can't be loaded" in broken["problem"]


def test_what_an_engine_can_t_is_said_on_the_task_that_asks_for_it(installed, tmp_path):
    adder(tmp_path)
    inner = {"c": {"component": "./add.ipynb", "inputs": {}, "timeout": 5}}
    write_pipeline(tmp_path / "inner.pipeline", inner, name="inner")
    tasks = {
        "b": {"component": "./add.ipynb", "inputs": {"left": {"value": 1}}},
        "a": {"component": "./add.ipynb", "inputs": {}, **EVERYTHING},
        "nest": {"component": "./inner.pipeline", "inputs": {}},
        "end": {"component": "./add.ipynb", "inputs": {}},
    }
    path = write_pipeline(tmp_path / "p.pipeline", tasks, on_exit="end", timeout=60)
    found = [item for item in diagnostics(path, find_engine("inline")) if "Inline" in item[3]]
    assert {(level, task, field) for level, task, field, _ in found} == {
        ("error", None, "on_exit"),
        ("error", None, "timeout"),
        ("error", "a", "when"),
        ("error", "a", "retry"),
        ("error", "a", "retry.on"),
        ("error", "a", "timeout"),
        ("warning", "a", "resources"),
        ("error", "a", "resources"),
        ("warning", "a", "image"),
        ("warning", "a", "kubernetes"),
        ("warning", "a", "environment"),
        ("error", "nest", "component"),
        ("error", "nest", "timeout"),
    }
    answer = cli("pipeline", "validate", path, "--engine", "inline", "--json")
    said = json.loads(answer.stdout)
    assert answer.exit_code == 1 and not said["valid"]
    assert {"tasks.a.when", "tasks.nest.timeout"} <= {item["where"] for item in said["diagnostics"]}
    assert json.loads(cli("pipeline", "validate", path, "--json").stdout)["valid"]


def test_an_engine_that_can_everything_finds_nothing_more(tmp_path, document):
    checked = check(read_pipeline(document), tmp_path, Catalog([]))
    assert cant(checked, "All", FEATURES) == []
    assert diagnostics(document, find_engine("local")) == []


def test_a_part_of_a_pipeline_is_refused_by_an_engine_that_runs_all_or_nothing(installed, document):
    answer = cli("run", document, "--engine", "inline", "--only", "a")
    assert answer.exit_code == 1 and "Inline can't run a part of a pipeline" in answer.stderr


def test_settings_are_the_user_s_below_those_of_the_site(installed, claimed_home):
    engine = find_engine("inline")
    engine.configure({"greeting": "moin"})
    assert find_engine("inline").settings() == {"greeting": "moin"}
    fixed = find_engine("inline", {"inline": {"greeting": "servus"}})
    assert fixed.settings() == {"greeting": "servus"} and fixed.fixed() == ["greeting"]
    with pytest.raises(ClaimedError, match="fixed by the site"):
        fixed.configure({"greeting": "moin"})
    for values, words in (({"greeting": "x" * 30}, "at most 20"), ({"color": 1}, "no setting 'color'")):
        with pytest.raises(engine_settings.BadSettings, match=words) as caught:
            engine.configure(values)
        assert caught.value.where in ("greeting", "color")
    (claimed_home / "engines" / "inline.json").write_text("{")
    with pytest.raises(engine_settings.BadSettings, match=r"inline\.json: can't be read"):
        engine.settings()


def test_the_site_s_settings_come_from_jupyter_s_configuration(tmp_path, monkeypatch):
    (tmp_path / "jupyter_server_config.py").write_text(
        'c.ClaimedApp.engines = {"kubeflow": {"endpoint": "https://kf.example.org"}}\n'
    )
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    assert engine_settings.site_settings() == {"kubeflow": {"endpoint": "https://kf.example.org"}}
    shown = json.loads(cli("engines", "show", "kubeflow", "--json").stdout)
    assert shown["settings"]["endpoint"] == "https://kf.example.org" and shown["fixed"] == ["endpoint"]
    (tmp_path / "jupyter_server_config.py").write_text("c.ClaimedApp.engines = {")
    answer = cli("engines", "show", "kubeflow")
    assert answer.exit_code == 1 and "jupyter_server_config.py: the configuration can't be read" in answer.stderr


def test_a_class_that_is_no_engine_is_refused(tmp_path, monkeypatch):
    folder = tmp_path / "x-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: x\nVersion: 1\n")
    (folder / "entry_points.txt").write_text("[claimed.engines]\ndict = builtins:dict\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(UnknownEngine, match="is no Engine"):
        find_engine("dict")


def test_the_engine_for_kubeflow_brings_no_client_before_it_speaks_to_a_cluster():
    code = "import sys, claimed_jlab.run.kubeflow.offer; print(*sys.modules)"
    loaded = set(subprocess.check_output([sys.executable, "-c", code], text=True).split())
    assert not loaded & {"kfp", "kfp_server_api", "kubernetes", "libcst", "keyring", "fsspec"}
