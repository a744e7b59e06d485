"""A pipeline goes to the cluster, is followed there, and what it gave is here, as if it had run here."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from authoring import code, write_notebook, write_pipeline
from cluster_runs import engine_for, followed, hello, send, shell, two_steps

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage import find, open_store, upstream
from claimed_jlab.run.kubeflow import state
from claimed_jlab.run.prune import Rules, prune
from claimed_jlab.run.record import ArtifactValue
from claimed_jlab.run.remote import living
from claimed_jlab.run.standing import standing
from tests.kfp_server import KfpServer

pytestmark = [pytest.mark.slow]


@pytest.fixture
def server(tmp_path):
    with KfpServer(tmp_path / "kfp") as server:
        yield server


@pytest.fixture
def engine(server):
    return engine_for(server)


def test_outputs_reports_notebooks_logs_and_lineage_come_home(engine, tmp_path):
    run = send(engine, two_steps(tmp_path), n=5)
    assert [one.run_id for one in living()] == [run.run_id]
    record = followed(engine, run)
    assert record.state == "COMPLETE" and record.engine == "kubeflow" and record.parameters == {"n": 5}
    make, total = record.tasks["make"], record.tasks["sum"]
    assert make.outputs["rows"] == 5 and total.outputs["result"] == 10
    table = ArtifactValue.model_validate(make.outputs["table"])
    assert table.uri.startswith("minio://mlpipeline/") and table.is_elsewhere and table.name == "table.csv"
    assert json.loads(ArtifactValue.model_validate(total.outputs["metrics"]).path.read_text()) == {"total": 10}
    assert run.log("make").read_text() == "made 5\n"
    assert any("made 5" in str(cell.get("outputs")) for cell in json.loads(run.notebook("make").read_text())["cells"])
    answer = upstream(open_store(tmp_path / "claimed-home" / "lineage.db"), total.outputs["metrics"]["artifact_id"])
    assert {node.name for node in answer.nodes if node.kind == "artifact"} >= {"table.csv", "metrics.json"}
    ran = find(
        open_store(tmp_path / "claimed-home" / "lineage.db"),
        "kind:execution claimed.environment=blake3* pod_name=two-* image=*:*",
    )
    assert {node.id for node in ran.nodes} == {f"execution/{task.execution_id}" for task in (make, total)}
    assert list(living()) == []
    how = standing(run, record, engine)
    assert how.link == f"{engine.link()}/#/runs/details/{how.remote_id}" and how.notice is None
    assert how.actions == ["rerun", "archive", "delete"]


def test_a_large_output_comes_when_it_is_asked_for(engine, tmp_path):
    run = send(engine, two_steps(tmp_path))
    followed(engine, run)
    engine.fetch(run, "make", "table")
    table = ArtifactValue.model_validate(run.record().tasks["make"].outputs["table"])
    assert not table.is_elsewhere and table.path.read_text() == "x\n0\n1\n2\n3\n" and table.uri.startswith("minio:")


def test_what_came_home_stays_when_objects_that_no_run_needs_are_removed(engine, tmp_path):
    record = followed(engine, send(engine, two_steps(tmp_path)))
    assert prune(tmp_path / "claimed-home", Rules(older_than=0.0, max_bytes=None, keep=1), dry=False).objects == 0
    assert ArtifactValue.model_validate(record.tasks["sum"].outputs["metrics"]).path.exists()


def test_the_failing_cell_and_its_traceback_are_told(engine, tmp_path):
    write_notebook(tmp_path / "bad.ipynb", code("n: int = 1", "parameters"), 'raise ValueError(f"not {n}")')
    path = write_pipeline(tmp_path / "p.pipeline", {"bad": {"component": "./bad.ipynb", "inputs": {}}})
    record = followed(engine, run := send(engine, path))
    bad = record.tasks["bad"]
    assert (record.state, bad.state, bad.cell) == ("FAILED", "FAILED", 2)
    assert bad.error == "cell 2: ValueError: not 1" and "ValueError: not 1" in bad.traceback
    assert record.error == "task bad: cell 2: ValueError: not 1"
    cells = json.loads(Path(bad.notebook).read_text())["cells"]
    assert any(item["output_type"] == "error" for cell in cells for item in cell.get("outputs", []))
    assert "claimed-notebook" not in run.log("bad").read_text()
    assert standing(run, record, engine).actions[0] == "retry"


def test_what_failed_is_tried_again_in_the_same_run(engine, tmp_path):
    mark = tmp_path / "mended"
    write_notebook(
        tmp_path / "moody.ipynb",
        code("n: int = 1", "parameters"),
        f"import os\nif not os.path.exists({str(mark)!r}):\n    raise ValueError('not yet')",
        code("m: int = n + 1", "outputs"),
    )
    tasks = {
        "first": {"component": "./moody.ipynb", "inputs": {}},
        "then": {"component": "./moody.ipynb", "inputs": {"n": {"output": "first.m"}}},
    }
    run = send(engine, write_pipeline(tmp_path / "p.pipeline", tasks))
    assert followed(engine, run).state == "FAILED"
    mark.touch()
    engine.retry(run)
    assert run.record().state == "RUNNING"
    record = followed(engine, run)
    assert record.state == "COMPLETE" and record.error is None
    assert record.tasks["then"].outputs == {"m": 3} and record.tasks["first"].error is None
    with pytest.raises(ClaimedError, match="only a run that failed"):
        engine.retry(run)


def test_conditions_loops_and_nested_pipelines_are_the_tasks_that_they_are_here(engine, tmp_path):
    write_notebook(tmp_path / "twice.ipynb", code("n: int = 1", "parameters"), code("twice: int = 2 * n", "outputs"))
    inner = {"inner": {"component": "./twice.ipynb", "inputs": {"n": {"parameter": "n"}}}}
    write_pipeline(
        tmp_path / "inner.pipeline",
        inner,
        name="inner",
        parameters={"n": {"type": "int", "default": 1}},
        outputs={"out": {"output": "inner.twice"}},
    )
    tasks = {
        "one": {"component": "./twice.ipynb", "inputs": {"n": {"value": 5}}},
        "each": {"component": "./twice.ipynb", "for_each": {"parameter": "many", "input": "n"}, "inputs": {}},
        "yes": {"component": "./twice.ipynb", "inputs": {"n": {"output": "one.twice"}}, "when": "one.twice == 10"},
        "no": {"component": "./twice.ipynb", "inputs": {}, "when": "one.twice > 10"},
        "nest": {"component": "./inner.pipeline", "inputs": {"n": {"output": "one.twice"}}},
    }
    path = write_pipeline(tmp_path / "p.pipeline", tasks, parameters={"many": {"type": "list", "default": [1, 2, 3]}})
    record = followed(engine, send(engine, path), 120)
    assert record.state == "COMPLETE"
    assert {name: task.state for name, task in record.tasks.items()} == {
        "one": "COMPLETE",
        "each": "COMPLETE",
        "yes": "COMPLETE",
        "no": "CANCELED",
        "nest": "COMPLETE",
        "nest.inner": "COMPLETE",
    }
    assert record.tasks["each"].outputs == {"twice": [2, 4, 6]} and record.tasks["yes"].outputs == {"twice": 20}
    assert (
        record.tasks["nest"].outputs == {"out": 20} and record.tasks["no"].reason == "not run: one.twice > 10 is false"
    )


def test_a_task_that_was_skipped_has_the_outputs_of_the_run_that_it_was_taken_over_from(engine, tmp_path):
    path = two_steps(tmp_path)
    first = send(engine, path)
    before = followed(engine, first)
    record = followed(engine, send(engine, path))
    assert {task.state for task in record.tasks.values()} == {"CACHED"}
    assert record.tasks["sum"].outputs == before.tasks["sum"].outputs
    assert first.run_id in record.tasks["make"].reason
    again = followed(engine, send(engine, path, cache=False))
    assert {task.state for task in again.tasks.values()} == {"COMPLETE"}


def test_an_old_run_runs_again_as_it_was(engine, tmp_path):
    path = two_steps(tmp_path)
    run = send(engine, path, n=2)
    followed(engine, run)
    path.unlink()
    record = followed(engine, engine.rerun(run))
    assert record.parameters == {"n": 2} and record.tasks["make"].outputs["rows"] == 2


def test_a_canceled_run_ends_there_and_here(engine, server, tmp_path):
    run = send(engine, hello(tmp_path, "sleep 60"))
    _wait(lambda: engine.refresh(run) or run.record().tasks["hello"].state == "RUNNING")
    engine.cancel(run)
    record = followed(engine, run)
    assert record.state == "CANCELED" and record.tasks["hello"].state == "CANCELED"
    assert ("POST", f"/apis/v2beta1/runs/{state.load(run).remote_id}:terminate") in server.requests


def test_archiving_is_told_to_the_cluster_and_can_be_taken_back(engine, server, tmp_path):
    run = send(engine, hello(tmp_path))
    followed(engine, run)
    engine.archive(run, True)
    assert run.archived and _there(engine, run)["storage_state"] == "ARCHIVED"
    assert "unarchive" in standing(run, run.record(), engine).actions
    engine.archive(run, False)
    assert not run.archived and _there(engine, run)["storage_state"] == "AVAILABLE"


def test_a_pipeline_is_uploaded_once_for_each_version(engine, server, tmp_path):
    path = hello(tmp_path)
    for _ in range(2):
        followed(engine, send(engine, path))
    uploads = [path for method, path in server.requests if "/pipelines/upload" in path]
    assert len([path for path in uploads if "upload_version" in path]) == 1
    shell(tmp_path, "hello", "echo other")
    followed(engine, send(engine, path))
    again = [path for method, path in server.requests if "/pipelines/upload" in path]
    assert len(again) == len(uploads) + 1


def test_another_process_goes_on_following(engine, server, tmp_path):
    run = send(engine, two_steps(tmp_path))
    server.restart()
    fresh = engine_for(server)
    [found] = living()
    assert found.run_id == run.run_id and followed(fresh, found).state == "COMPLETE"


def test_names_retries_and_labels_do_not_hide_a_task_s_pod(engine, tmp_path):
    write_notebook(
        tmp_path / "count.ipynb",
        code("n: int = 1", "parameters"),
        f"import pathlib\nmark = pathlib.Path({str(tmp_path)!r}) / f'tried-{{n}}'\n"
        "if n == 2 and not mark.exists():\n    mark.touch()\n    raise OSError('try again')",
        code("m: int = n + 1", "outputs"),
    )
    tasks = {
        "first_task": {"component": "./count.ipynb", "inputs": {}, "kubernetes": {"labels": {"team": "x"}}},
        "then": {
            "component": "./count.ipynb",
            "inputs": {"n": {"output": "first_task.m"}},
            "retry": {"attempts": 2},
        },
    }
    record = followed(engine, send(engine, write_pipeline(tmp_path / "p.pipeline", tasks)), 90)
    assert record.state == "COMPLETE"
    assert [task.outputs for task in record.tasks.values()] == [{"m": 2}, {"m": 3}]


def test_a_small_file_beside_the_document_goes_along(engine, tmp_path):
    two_steps(tmp_path)
    (tmp_path / "numbers.csv").write_text("x\n20\n21\n")
    path = write_pipeline(
        tmp_path / "p.pipeline", {"sum": {"component": "./sum.ipynb", "inputs": {"table": {"value": "numbers.csv"}}}}
    )
    record = followed(engine, send(engine, path))
    assert record.tasks["sum"].outputs["result"] == 41
    answer = upstream(
        open_store(tmp_path / "claimed-home" / "lineage.db"), record.tasks["sum"].outputs["metrics"]["artifact_id"]
    )
    assert (tmp_path / "numbers.csv").as_uri() in {node.uri for node in answer.nodes}


def test_a_file_on_the_cluster_s_storage_is_an_input_and_known_in_lineage(engine, server, tmp_path):
    two_steps(tmp_path)
    blob = server.blob("minio://mlpipeline/data/numbers.csv")
    blob.parent.mkdir(parents=True)
    blob.write_text("x\n20\n22\n")
    given = {"table": {"value": "minio://mlpipeline/data/numbers.csv"}}
    path = write_pipeline(tmp_path / "p.pipeline", {"sum": {"component": "./sum.ipynb", "inputs": given}})
    record = followed(engine, send(engine, path))
    assert record.tasks["sum"].outputs["result"] == 42
    answer = upstream(
        open_store(tmp_path / "claimed-home" / "lineage.db"), record.tasks["sum"].outputs["metrics"]["artifact_id"]
    )
    assert "minio://mlpipeline/data/numbers.csv" in {node.uri for node in answer.nodes}


@pytest.mark.parametrize("prefix", ["", "/pipeline"])
def test_the_metadata_of_the_cluster_tells_what_a_container_gave(tmp_path, prefix):
    shell(tmp_path, "say", 'mkdir -p "$(dirname "$1")"; printf "hello %s" "$0" > "$1"', ["name"], ["text"])
    tasks = {
        "say": {"component": "./say.yaml", "inputs": {"name": {"value": "Ada"}}},
        "again": {"component": "./say.yaml", "inputs": {"name": {"output": "say.text"}}},
    }
    path = write_pipeline(tmp_path / "p.pipeline", tasks)
    with KfpServer(tmp_path / "kfp", metadata=True, prefix=prefix) as server:
        engine = engine_for(server)
        record = followed(engine, send(engine, path))
        assert record.tasks["again"].outputs == {"text": "hello hello Ada"}
        cached = followed(engine, send(engine, path))
        assert cached.tasks["again"].state == "CACHED" and cached.tasks["again"].outputs == {"text": "hello hello Ada"}


def _there(engine, run):
    return engine._connected().get(f"/runs/{state.load(run).remote_id}")


def _wait(done, seconds=20.0):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)
