"""A component that is a container runs by docker or podman, where one of them is on PATH.

A program that imitates them stands in for both: see `container_program.py`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from authoring import write_pipeline

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.component.spec import Container
from claimed_jlab.lineage import open_store, upstream
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.resources import Resources
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.eventlog import read_events
from claimed_jlab.run.follow import follow
from claimed_jlab.run.local.container import Mount, Order, arguments
from claimed_jlab.run.local.engine import NeedsContainer, submit
from claimed_jlab.run.plan import plan
from claimed_jlab.run.tryout import plan_try

HEAD = """
import os, sys
_, table, rows, word, kept, count = sys.argv
lines = open(table).readlines()[:int(rows)]
os.makedirs(os.path.dirname(kept), exist_ok=True)
print("the word is", word, flush=True)
open(kept, "w").writelines(lines)
open(count, "w").write(str(len(lines)))
"""


def component(path, code, args, **fields):
    """A component file of KFP that runs Python code."""
    container = {"image": "python:3.11-slim", "command": ["python3", "-c", code], "args": args}
    document = {"name": path.stem, **fields, "implementation": {"container": container}}
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def head(folder):
    return component(
        folder / "head.yaml",
        HEAD,
        [
            {"inputPath": "table"},
            {"inputValue": "rows"},
            {
                "if": {
                    "cond": {"isPresent": "word"},
                    "then": [{"concat": ["<", {"inputValue": "word"}, ">"]}],
                    "else": ["-"],
                }
            },
            {"outputPath": "kept"},
            {"outputPath": "count"},
        ],
        inputs=[
            {"name": "table", "type": "Dataset"},
            {"name": "rows", "type": "Integer", "default": "2"},
            {"name": "word", "type": "String", "optional": True},
        ],
        outputs=[{"name": "kept", "type": "Dataset"}, {"name": "count", "type": "Integer"}],
    )


@pytest.fixture(params=["docker", "podman"])
def program(request, tmp_path, monkeypatch):
    return _program(request.param, tmp_path, monkeypatch)


@pytest.fixture
def docker(tmp_path, monkeypatch):
    return _program("docker", tmp_path, monkeypatch)


def _program(name, tmp_path, monkeypatch):
    """Puts the program alone on PATH, with Python; gives the folder that has what it was asked."""
    programs, state = tmp_path / "bin", tmp_path / "containers"
    programs.mkdir()
    state.mkdir()
    source = Path(__file__).with_name("container_program.py").read_text(encoding="utf-8")
    (programs / name).write_text(f"#!{sys.executable}\n{source.partition(chr(10))[2]}", encoding="utf-8")
    (programs / name).chmod(0o755)
    (programs / "python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("FAKE_CONTAINERS", str(state))
    return state


def wait_for_line(started, line):
    end = time.monotonic() + 30
    while not (started.log("a").exists() and line in started.log("a").read_text()):
        assert time.monotonic() < end
        time.sleep(0.05)


def asked(state, command="run"):
    lines = (state / "asked.jsonl").read_text().splitlines()
    return [words for words in map(json.loads, lines) if words[1] == command]


def planned(path, **arguments):
    return plan(check(read_pipeline(path), path.parent, Catalog([])), arguments, path=str(path))


def run(path, **options):
    started = submit(planned(path), **options)
    for _ in follow(started):
        pass
    return started, started.record()


def one(folder, path, **task):
    return write_pipeline(folder / "p.pipeline", {"a": {"component": f"./{path.name}", **task}})


@pytest.mark.slow
def test_a_container_runs_with_its_placeholders_its_files_and_its_lineage(tmp_path, claimed_home, program):
    (tmp_path / "in, put.csv").write_text("a\nb\nc\n")
    inputs = {"table": {"value": "in, put.csv"}, "word": {"value": 'it\'s "$HOME"'}}
    started, record = run(one(tmp_path, head(tmp_path), inputs=inputs))
    assert record.state == "COMPLETE", record.error
    task = record.tasks["a"]
    assert task.outputs["count"] == 2 and task.notebook is None
    kept = task.outputs["kept"]
    assert kept["type"] == "Dataset" and Path(kept["uri"].removeprefix("file://")).read_text() == "a\nb\n"
    assert 'the word is <it\'s "$HOME">' in started.log("a").read_text()
    answer = upstream(open_store(claimed_home / "lineage.db"), kept["artifact_id"])
    assert "system.ContainerExecution" in {node.type for node in answer.nodes}
    (words,) = asked(program)
    assert words[words.index("--user") + 1] == f"{os.getuid()}:{os.getgid()}"
    mounts = [word for before, word in pairwise(words) if before == "--mount"]
    assert len(mounts) == 2 and mounts[1].endswith("readonly") and not mounts[0].endswith("readonly")
    assert [item.name for item in program.iterdir()] == ["asked.jsonl"]


@pytest.mark.slow
def test_an_unchanged_container_is_skipped_and_another_command_runs(tmp_path, claimed_home, docker):
    (tmp_path / "t.csv").write_text("a\nb\nc\n")
    path = one(tmp_path, head(tmp_path), inputs={"table": {"value": "t.csv"}})
    run(path)
    _, again = run(path)
    assert again.tasks["a"].state == "CACHED" and again.tasks["a"].outputs["count"] == 2
    assert again.tasks["a"].notebook is None
    text = (tmp_path / "head.yaml").read_text()
    (tmp_path / "head.yaml").write_text(text.replace("the word is", "the word was"))
    assert run(path)[1].tasks["a"].state == "COMPLETE"
    assert len(asked(docker)) == 2


@pytest.mark.slow
def test_a_container_that_fails_says_its_exit_code_and_its_last_line(tmp_path, claimed_home, docker):
    code = "import sys; print('so far', flush=True); print('no column x', file=sys.stderr); print(' '); sys.exit(3)"
    started, record = run(one(tmp_path, component(tmp_path / "bad.yaml", code, [])))
    assert record.tasks["a"].error == "the container ended with exit code 3: no column x"
    assert "so far" in started.log("a").read_text()


@pytest.mark.slow
def test_an_image_that_is_not_there_is_told_in_the_programs_words(tmp_path, claimed_home, docker):
    path = component(tmp_path / "bad.yaml", "", [])
    path.write_text(path.read_text().replace("python:3.11-slim", "absent/image"))
    _, record = run(one(tmp_path, path))
    assert record.tasks["a"].error == "docker could not run absent/image: pull access denied for absent/image"


@pytest.mark.slow
def test_an_output_that_was_not_written_and_one_of_another_type_fail_the_task(tmp_path, claimed_home, docker):
    outputs = [{"name": "n", "type": "Integer"}]
    path = component(tmp_path / "bad.yaml", "pass", [{"outputPath": "n"}], outputs=outputs)
    assert "the output 'n' was declared and not written" in run(one(tmp_path, path))[1].tasks["a"].error
    write = "import sys; open(sys.argv[1], 'w').write('many')"
    path = component(tmp_path / "bad.yaml", write, [{"outputPath": "n"}], outputs=outputs)
    assert "the output 'n' is declared as int: 'many' is not int" in run(one(tmp_path, path))[1].tasks["a"].error


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["Dataset", "String"])
def test_an_output_that_is_a_link_out_of_the_folder_is_refused(tmp_path, claimed_home, docker, kind):
    (tmp_path / "private.txt").write_text("mine")
    code = f"import os, sys; os.symlink({str(tmp_path / 'private.txt')!r}, sys.argv[1])"
    path = component(tmp_path / "bad.yaml", code, [{"outputPath": "n"}], outputs=[{"name": "n", "type": kind}])
    _, record = run(one(tmp_path, path))
    assert "is a link that leads out" in record.tasks["a"].error and (tmp_path / "private.txt").read_text() == "mine"


@pytest.mark.slow
def test_a_timeout_stops_and_removes_the_container(tmp_path, claimed_home, docker):
    path = component(tmp_path / "slow.yaml", "import time; print('begun', flush=True); time.sleep(60)", [])
    began = time.monotonic()
    _, record = run(one(tmp_path, path, timeout=3))
    assert "timeout of 3 s" in record.tasks["a"].error and time.monotonic() - began < 30
    assert asked(docker, "stop") and asked(docker, "rm")
    assert asked(docker, "stop")[0][-1] == asked(docker)[0][asked(docker)[0].index("--name") + 1]


@pytest.mark.slow
def test_cancelling_the_run_stops_the_container(tmp_path, claimed_home, docker):
    path = component(tmp_path / "slow.yaml", "import time; print('begun', flush=True); time.sleep(60)", [])
    started = submit(planned(one(tmp_path, path)))
    wait_for_line(started, "begun")
    started.request_cancel()
    for _ in follow(started):
        pass
    assert started.record().state == "CANCELED" and asked(docker, "stop")
    assert [item.name for item in docker.iterdir()] == ["asked.jsonl"]


@pytest.mark.slow
def test_a_container_does_not_outlive_a_worker_that_is_killed(tmp_path, claimed_home, docker):
    path = component(tmp_path / "slow.yaml", "import time; print('begun', flush=True); time.sleep(60)", [])
    started = submit(planned(one(tmp_path, path)))
    wait_for_line(started, "begun")
    worker = next(event["pid"] for event in read_events(started.events) if "pid" in event)
    os.kill(worker, signal.SIGKILL)
    end = time.monotonic() + 10
    while [item.name for item in docker.iterdir()] != ["asked.jsonl"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert asked(docker, "rm") and started.record().state == "FAILED"


@pytest.mark.slow
def test_a_function_that_kfp_packed_reads_its_executor_input(tmp_path, claimed_home, docker):
    code = (
        "import json, sys\nasked = json.loads(sys.argv[2])\n"
        "made = asked['outputs']['artifacts']['model']['artifacts'][0]\n"
        "open(made['uri'], 'w').write(str(asked['inputs']['parameterValues']['n'] + 1))\n"
        "told = {'parameterValues': {'Output': 42.5}}\n"
        "json.dump(told, open(asked['outputs']['outputFile'], 'w'))\n"
    )
    definitions = {
        "inputDefinitions": {"parameters": {"n": {"parameterType": "NUMBER_INTEGER", "defaultValue": 4}}},
        "outputDefinitions": {
            "parameters": {"Output": {"parameterType": "NUMBER_DOUBLE"}},
            "artifacts": {"model": {"artifactType": {"schemaTitle": "system.Model"}}},
        },
    }
    container = {
        "image": "python:3.11",
        "command": ["python3", "-c", code],
        "args": ["--executor_input", "{{$}}"],
    }
    document = {
        "components": {"comp-fit": {"executorLabel": "exec-fit", **definitions}},
        "deploymentSpec": {"executors": {"exec-fit": {"container": container}}},
        "pipelineInfo": {"name": "fit"},
        "schemaVersion": "2.1.0",
    }
    (tmp_path / "fit.yaml").write_text(yaml.safe_dump(document))
    _, record = run(one(tmp_path, tmp_path / "fit.yaml"))
    assert record.state == "COMPLETE", record.error
    assert record.tasks["a"].outputs["Output"] == 42.5
    assert Path(record.tasks["a"].outputs["model"]["uri"].removeprefix("file://")).read_text() == "5"


@pytest.mark.slow
def test_a_container_is_tried_as_a_notebook_is(tmp_path, claimed_home, docker):
    (tmp_path / "t.csv").write_text("a\nb\nc\n")
    started = submit(plan_try(head(tmp_path), {"table": {"value": "t.csv"}, "rows": {"value": 1}}))
    for _ in follow(started):
        pass
    assert started.record().tasks["try"].outputs["count"] == 1


def test_what_a_task_asks_for_is_asked_of_the_program():
    order = Order(
        name="claimed-x",
        container=Container(image="i:1"),
        entrypoint="python",
        words=("-m", "x"),
        mounts=(Mount(Path("/a,b"), "/claimed/inputs/0/a"),),
        environment={"A": "1"},
        resources=Resources(cpu=0.5, memory=1 << 30),
        gpus="0,1",
    )
    words = arguments("/usr/bin/docker", order)
    for option, value in {
        "--cpus": "0.5",
        "--memory": "1073741824b",
        "--mount": 'type=bind,"source=/a,b",target=/claimed/inputs/0/a,readonly',
        "--gpus": '"device=0,1"',
        "--entrypoint": "python",
    }.items():
        assert words[words.index(option) + 1] == value
    assert "A=1" in words and words[-3:] == ["i:1", "-m", "x"]
    assert "--userns" not in words and "label=disable" in arguments("podman", order)


def test_a_container_is_no_finding_where_a_program_is_and_one_line_where_there_is_none(tmp_path, docker, monkeypatch):
    (tmp_path / "t.csv").write_text("a\n")
    path = one(tmp_path, head(tmp_path), inputs={"table": {"value": "t.csv"}})
    assert check(read_pipeline(path), tmp_path, Catalog([])).diagnostics == []
    monkeypatch.setenv("PATH", str(tmp_path))
    checked = check(read_pipeline(path), tmp_path, Catalog([]))
    assert [item.code for item in checked.diagnostics] == ["needs-container"] and checked.valid
    with pytest.raises(NeedsContainer, match="install docker or podman to run it here, or run it on Kubeflow"):
        submit(planned(path))
