"""A cluster that is away, slow, refuses or answers nonsense: one clear line, no second run, nothing lost here."""

from __future__ import annotations

import json
import threading
import time

import pytest
from authoring import write_pipeline
from cluster_runs import engine_for, followed, hello, send

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.kubeflow import following, state
from claimed_jlab.run.kubeflow.faults import ClusterError
from claimed_jlab.run.kubeflow.sending import send_files
from claimed_jlab.run.remote import living
from claimed_jlab.run.runs import all_runs
from tests.kfp_server import KfpServer, PodFault

pytestmark = [pytest.mark.slow]

CREATE = r"/apis/v2beta1/runs$"


@pytest.fixture
def server(tmp_path):
    with KfpServer(tmp_path / "kfp") as server:
        yield server


@pytest.fixture
def engine(server):
    return engine_for(server, timeout_seconds=2)


def runs_there(engine):
    return list(engine._connected().pages("/runs", "runs"))


REFUSED = [
    ({"kind": "status", "status": 401}, "does not accept the sign-in"),
    ({"kind": "status", "status": 403}, "namespace and the rights"),
    ({"kind": "status", "status": 429, "retry_after": 60}, "asked too often"),
    ({"kind": "login", "status": 302}, "wants a sign-in"),
    ({"kind": "login", "status": 200}, "wants a sign-in"),
    ({"kind": "html", "status": 404}, "there is no Kubeflow Pipelines API at that path"),
    ({"kind": "nonsense", "status": 200}, "can't be understood"),
]


@pytest.mark.parametrize(
    ("fault", "words"), REFUSED, ids=lambda item: str(item.get("kind")) if isinstance(item, dict) else ""
)
def test_a_refusal_is_one_line_and_leaves_nothing_behind(engine, server, tmp_path, fault, words):
    path = hello(tmp_path)
    server.fail(path="", **fault)
    with pytest.raises(ClaimedError) as caught:
        send(engine, path)
    assert words in str(caught.value) and "\n" not in str(caught.value)
    assert list(all_runs()) == [] and list(living()) == []
    server.faults.clear()
    assert followed(engine, send(engine, path)).state == "COMPLETE"


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_fails_for_a_moment_is_asked_again(engine, server, tmp_path, status):
    server.fail("status", CREATE, method="POST", count=2, status=status)
    assert followed(engine, send(engine, hello(tmp_path))).state == "COMPLETE"
    assert len(runs_there(engine)) == 1


@pytest.mark.parametrize("kind", ["lost", "half", "reset", "timeout"])
def test_an_answer_that_is_lost_starts_no_second_run(engine, server, tmp_path, monkeypatch, kind):
    monkeypatch.setattr(following, "_SENT_SECONDS", 3.0)
    server.fail(kind, CREATE, method="POST", count=1, seconds=4)
    run = send(engine, hello(tmp_path))
    record = followed(engine, run)
    there = runs_there(engine)
    assert len(there) <= 1 and len(list(all_runs())) == 1
    if there:
        assert record.state == "COMPLETE" and state.load(run).remote_id == there[0]["run_id"]
    else:
        assert record.state == "FAILED" and "never got it" in record.error


def test_a_program_that_dies_while_it_sends_leaves_a_run_that_is_found(engine, server, tmp_path, monkeypatch):
    path = hello(tmp_path)

    def dies(*_):
        real(*_)
        raise KeyboardInterrupt

    import claimed_jlab.run.kubeflow.offer as offer

    real = offer.start
    monkeypatch.setattr(offer, "start", dies)
    with pytest.raises(KeyboardInterrupt):
        send(engine, path)
    monkeypatch.setattr(offer, "start", real)
    [run] = living()
    assert followed(engine_for(server), run).state == "COMPLETE" and len(runs_there(engine)) == 1


def test_two_submissions_at_once_are_two_runs_of_one_version(engine, server, tmp_path):
    path, found = hello(tmp_path), []
    threads = [threading.Thread(target=lambda: found.append(send(engine, path))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [followed(engine, run).state for run in found] == ["COMPLETE"] * 2
    there = runs_there(engine)
    versions = {one["pipeline_version_reference"]["pipeline_version_id"] for one in there}
    assert len(there) == 2 and len(versions) == 1


def test_while_the_cluster_is_away_a_run_says_so_and_then_goes_on(engine, server, tmp_path):
    run = send(engine, hello(tmp_path, "sleep 1"))
    server.stop()
    assert not engine.refresh(run)
    notice = engine.standing(run, run.record())["notice"]
    assert "the connection was refused" in notice and run.record().state in ("NEW", "RUNNING")
    server.start()
    engine = engine_for(server)
    record = followed(engine, run)
    assert record.state == "COMPLETE" and engine.standing(run, record)["notice"] is None


def test_a_run_that_vanishes_there_has_failed_here(engine, server, tmp_path):
    run = send(engine, hello(tmp_path, "sleep 30"))
    engine._connected().call("DELETE", f"/runs/{state.load(run).remote_id}")
    record = followed(engine, run)
    assert record.state == "FAILED" and "somebody deleted it there" in record.error
    assert {task.state for task in record.tasks.values()} == {"CANCELED"}


@pytest.mark.parametrize(
    ("kind", "words"),
    [("oom", "OOMKilled"), ("evicted", "evicted"), ("error", "its pod failed"), ("driver", "driver execution failed")],
)
def test_why_a_pod_died_is_told(engine, server, tmp_path, kind, words):
    server.faults.add(PodFault(kind, "hello"))
    record = followed(engine, send(engine, hello(tmp_path)))
    assert record.state == "FAILED" and record.tasks["hello"].state == "FAILED"
    assert words in record.error


def test_an_image_that_can_t_be_pulled_is_told_while_the_pod_waits(engine, server, tmp_path):
    server.faults.add(PodFault("image", "hello"))
    run = send(engine, hello(tmp_path))
    notice, end = "", time.monotonic() + 20
    while "can't be pulled" not in notice and time.monotonic() < end:
        engine.refresh(run)
        notice = engine.standing(run, run.record())["notice"] or ""
        time.sleep(0.2)
    assert notice.startswith("task hello: ") and "python:3.11-slim" in notice
    engine.cancel(run)
    assert followed(engine, run).state == "CANCELED"


def test_a_token_that_ends_in_mid_run_is_read_anew(tmp_path):
    token = tmp_path / "token"
    token.write_text("first")
    with KfpServer(tmp_path / "kfp", auth="bearer", tokens={"first": [], "second": []}) as server:
        engine = engine_for(server, sign_in="token", credential_from="file", credential_name=str(token))
        run = send(engine, hello(tmp_path, "sleep 2"))
        server.cluster.sign_in.tokens.pop("first")
        engine.refresh(run)
        notice = engine.standing(run, run.record())["notice"]
        assert "does not accept the sign-in" in notice and "first" not in notice
        token.write_text("second")
        assert followed(engine, run).state == "COMPLETE"


def test_a_half_upgraded_cluster_is_understood_or_said(engine, server, tmp_path):
    run = send(engine, hello(tmp_path))
    server.fail("nonsense", r"/runs/", count=1, status=200)
    engine.refresh(run)
    notice = engine.standing(run, run.record())["notice"] or ""
    assert "can't be understood" in notice or run.record().state in ("NEW", "RUNNING")
    assert followed(engine, run).state == "COMPLETE"


def test_what_kubeflow_would_refuse_is_refused_here_before_anything_is_sent(engine, server, tmp_path):
    large = "x" * 2_000_000
    path = hello(tmp_path)
    document = json.loads(path.read_text())
    document["parameters"] = {"text": {"type": "str", "default": "a"}}
    path.write_text(json.dumps(document))
    with pytest.raises(ClaimedError) as caught:
        send(engine, path, text=large)
    assert "parameters.text: the parameter 'text' has 2,000,002 bytes" in str(caught.value) and "\n" not in str(
        caught.value
    )
    assert not [method for method, path in server.requests if method == "POST" and path.endswith("/runs")]


def test_a_large_file_of_this_machine_is_refused_with_its_field(engine, tmp_path):
    from cluster_runs import notebooks

    notebooks(tmp_path)
    (tmp_path / "table.csv").write_bytes(b"x\n" + b"1\n" * 200_000)
    tasks = {"sum": {"component": "./sum.ipynb", "inputs": {"table": {"value": "table.csv"}}}}
    path = write_pipeline(tmp_path / "p.pipeline", tasks)
    with pytest.raises((ClaimedError, ClusterError)) as caught:
        send(engine, path)
    assert "tasks.sum.inputs.table" in str(caught.value) and "more than 256 KiB" in str(caught.value)


def test_what_is_too_large_for_the_spec_is_put_below_the_pipeline_root_once(tmp_path):
    uri = (tmp_path / "root" / "claimed" / "files" / "table.csv").as_uri()
    send_files({uri: b"x\n1\n"})
    file = tmp_path / "root" / "claimed" / "files" / "table.csv"
    stamp = file.stat().st_mtime_ns
    send_files({uri: b"x\n1\n"})
    assert file.read_bytes() == b"x\n1\n" and file.stat().st_mtime_ns == stamp
    with pytest.raises(ClaimedError) as caught:
        send_files({"nowhere://bucket/table.csv": b""})
    assert "nowhere://bucket/table.csv" in str(caught.value) and "\n" not in str(caught.value)
