"""The stand-in for KFP answers the official clients as KFP does: their models parse all of it."""

import datetime
import json
import time
from urllib.error import HTTPError

import kfp_server_api
import pytest
from kfp import dsl
from kfp_pipelines import client_of, compiled, count, ended, fetch, given, make, run_file, say, sleep
from kfp_server_api.exceptions import ApiException

from tests.kfp_server import KfpServer

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


@dsl.pipeline(name="two-steps", description="Makes and counts")
def two_steps(n: int = 3, word: str = "counted"):
    made = make(n=n)
    count(data=made.outputs["out"], word=f"{word} in {dsl.PIPELINE_JOB_NAME_PLACEHOLDER}")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with KfpServer(tmp_path_factory.mktemp("kfp"), clock=60) as server:
        yield server


@pytest.fixture(scope="module")
def client(server):
    return client_of(server)


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return compiled(tmp_path_factory.mktemp("compiled"), two_steps)


def body_of(caught) -> dict:
    return json.loads(caught.value.body)


def test_experiments_are_made_found_listed_archived_and_deleted(client):
    assert client.get_kfp_healthz().multi_user is None
    one = client.create_experiment("first", description="The first one")
    assert client.create_experiment("first").experiment_id == one.experiment_id
    assert client.get_experiment(experiment_name="first").description == "The first one"
    assert client.get_experiment(one.experiment_id).created_at.tzinfo is not None
    for number in range(4):
        client.create_experiment(f"page {number}")
    page = client.list_experiments(page_size=2, sort_by="display_name desc")
    assert [found.display_name for found in page.experiments] == ["page 3", "page 2"]
    more = client.list_experiments(page_token=page.next_page_token, page_size=2)
    assert [found.display_name for found in more.experiments] == ["page 1", "page 0"]
    client.archive_experiment(one.experiment_id)
    assert client.get_experiment(one.experiment_id).storage_state == "ARCHIVED"
    client.unarchive_experiment(one.experiment_id)
    client.delete_experiment(one.experiment_id)
    with pytest.raises(ApiException) as caught:
        client.get_experiment(one.experiment_id)
    assert caught.value.status == 404 and body_of(caught)["code"] == 5
    assert body_of(caught)["details"][0]["message"] == f"Experiment {one.experiment_id} not found."


def test_a_pipeline_is_uploaded_with_versions_and_its_names_are_unique(client, package):
    one = client.upload_pipeline(package, pipeline_name="mine", description="Mine")
    assert (one.display_name, one.description) == ("mine", "Mine")
    assert client.get_pipeline_id("mine") == one.pipeline_id and client.get_pipeline_id("other") is None
    assert client.list_pipelines(page_size=50).total_size >= 1
    [first] = client.list_pipeline_versions(one.pipeline_id).pipeline_versions
    assert first.pipeline_spec["pipelineInfo"]["name"] == "two-steps"
    second = client.upload_pipeline_version(package, "2", pipeline_id=one.pipeline_id, description="Again")
    assert client.get_pipeline_version(one.pipeline_id, second.pipeline_version_id).display_name == "2"
    newest = client.list_pipeline_versions(one.pipeline_id, page_size=1, sort_by="created_at desc").pipeline_versions
    assert newest[0].pipeline_version_id == second.pipeline_version_id
    for again in (
        lambda: client.upload_pipeline(package, pipeline_name="mine"),
        lambda: client.upload_pipeline_version(package, "2", pipeline_id=one.pipeline_id),
    ):
        with pytest.raises(ApiException) as caught:
            again()
        assert caught.value.status == 409 and "error_message" in body_of(caught)
    with pytest.raises(ApiException) as caught:
        client.delete_pipeline(one.pipeline_id)
    assert caught.value.status == 400 and "existing pipeline versions" in body_of(caught)["message"]
    for version in (first, second):
        client.delete_pipeline_version(one.pipeline_id, version.pipeline_version_id)
    client.delete_pipeline(one.pipeline_id)


def test_a_run_really_runs_and_is_followed_by_the_client(server, client, package):
    pipeline = client.upload_pipeline(package, pipeline_name="run me")
    [version] = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
    experiment = client.create_experiment("runs")
    run = client.run_pipeline(
        experiment.experiment_id,
        "seven",
        params={"n": 7},
        pipeline_id=pipeline.pipeline_id,
        version_id=version.pipeline_version_id,
    )
    assert run.state == "PENDING" and run.finished_at == datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    done = client.wait_for_run_completion(run.run_id, timeout=30, sleep_duration=0.1)
    assert done.state == "SUCCEEDED" and done.error is None
    assert [one.state for one in done.state_history] == ["PENDING", "RUNNING", "SUCCEEDED"]
    assert done.pipeline_version_reference.pipeline_version_id == version.pipeline_version_id
    assert done.runtime_config.parameters == {"n": 7} and done.pipeline_spec is None
    assert given(server, done) == {"make": {"size": 7}, "count": {"said": "counted in seven 7"}}
    [listed] = client.list_runs(experiment_id=experiment.experiment_id).runs
    assert listed.run_id == run.run_id
    client.archive_run(run.run_id)
    wanted = {"key": "storage_state", "operation": "EQUALS", "stringValue": "ARCHIVED"}
    assert [one.run_id for one in client.list_runs(filter=json.dumps({"predicates": [wanted]})).runs] == [run.run_id]
    client.unarchive_run(run.run_id)
    assert client.get_run(run.run_id).storage_state == "AVAILABLE"
    client.delete_run(run.run_id)
    with pytest.raises(ApiException, match="not found"):
        client.get_run(run.run_id)


def test_a_detail_holds_no_more_than_real_kfp_fills(client, package):
    run = run_file(client, package)
    for detail in run.run_details.task_details:
        unfilled = (detail.error, detail.pod_name, detail.executor_detail, detail.execution_id, detail.parent_task_id)
        assert unfilled == (None,) * 5 and detail.inputs is None and detail.outputs is None
        assert detail.run_id == run.run_id and detail.state == "SUCCEEDED"
    names = sorted(detail.display_name for detail in run.run_details.task_details)
    workflow = next(name for name in names if name.startswith("two-steps-"))
    assert names == sorted(
        [workflow, "root-driver", "root", "make-driver", "make", "executor", "count-driver", "count", "executor"]
    )


def test_the_pods_name_follows_from_the_spec_and_gives_its_log(server, client, package):
    from tests.kfp_server.argo import fnv1a

    run = run_file(client, package, {"n": 4})
    [workflow] = [one.display_name for one in run.run_details.task_details if one.display_name.startswith("two-steps-")]
    node = f"{workflow}.root.make.executor"
    children = {child.pod_name for one in run.run_details.task_details for child in one.child_tasks or []}
    assert f"{workflow}-{fnv1a(node)}" in children
    pod = f"{workflow}-system-container-impl-{fnv1a(node)}"
    log = fetch(f"{server.url}/k8s/pod/logs?podname={pod}&podnamespace=kubeflow&runid={run.run_id}").decode()
    [line] = [line for line in log.splitlines() if line.startswith("made")]
    path = line.removeprefix("made 4 in ")
    assert path.startswith(f"/minio/mlpipeline/v2/artifacts/two-steps/{run.run_id}/make/") and path.endswith("/out")
    _, _, bucket, key = path.split("/", 3)
    query = f"source=minio&bucket={bucket}&key={key}"
    assert fetch(f"{server.url}/artifacts/get?{query}") == b"0000"
    assert fetch(f"{server.url}/artifacts/get?{query}&peek=2") == b"00"
    assert fetch(f"{server.url}/apis/v1alpha1/runs/{run.run_id}/nodes/{pod}/log").decode() == log
    for wrong in ("k8s/pod/logs?podname=nobody", "artifacts/get?source=minio&bucket=mlpipeline&key=nothing"):
        with pytest.raises(HTTPError, match="500"):
            fetch(f"{server.url}/{wrong}")


def test_a_run_is_terminated_and_run_again(server, client, tmp_path):
    @dsl.pipeline(name="slow")
    def slow():
        first = say(word="first")
        sleep(seconds=30).after(first)

    run = client.create_run_from_pipeline_package(compiled(tmp_path, slow))
    while "Running" not in {node.phase for node in pods_of(server, run.run_id, "sleep.executor")}:
        time.sleep(0.05)
    client.terminate_run(run.run_id)
    stopped = ended(client, run.run_id)
    assert [one.state for one in stopped.state_history] == ["PENDING", "RUNNING", "CANCELING", "FAILED"]
    with pytest.raises(ApiException) as caught:
        client.terminate_run(run.run_id)
    assert caught.value.status == 500
    [before] = pods_of(server, run.run_id, "say.executor")
    kfp_server_api.RunServiceApi(client._run_api.api_client).run_service_retry_run(run.run_id)
    time.sleep(0.3)
    [after] = pods_of(server, run.run_id, "say.executor")
    assert after.started == before.started, "what succeeded is not run again"
    client.delete_run(run.run_id)


def pods_of(server, run_id, end):
    flow = server.cluster.flow(server.cluster.state["runs"][run_id])
    return [node for name, node in flow.nodes.items() if name.endswith(end)]


def test_recurring_runs_fire_and_are_switched_off(server, client, tmp_path):
    @dsl.pipeline(name="tick")
    def tick(word: str = "tick"):
        say(word=word)

    pipeline = client.upload_pipeline(compiled(tmp_path, tick), pipeline_name="tick")
    [version] = client.list_pipeline_versions(pipeline.pipeline_id).pipeline_versions
    experiment = client.create_experiment("schedules")
    source = {"pipeline_id": pipeline.pipeline_id, "version_id": version.pipeline_version_id}
    cron = client.create_recurring_run(
        experiment.experiment_id, "each minute", cron_expression="0 * * * * *", params={"word": "tock"}, **source
    )
    assert cron.trigger.cron_schedule.cron == "0 * * * * *" and cron.status == "ENABLED"
    often = client.create_recurring_run(
        experiment.experiment_id, "often", interval_second=45, no_catchup=True, enabled=False, **source
    )
    assert often.trigger.periodic_schedule.interval_second == "45" and often.status == "DISABLED"
    client.enable_recurring_run(often.recurring_run_id)
    assert {one.display_name for one in client.list_recurring_runs().recurring_runs} == {"each minute", "often"}
    made = fired(client, experiment.experiment_id, {cron.recurring_run_id, often.recurring_run_id})
    assert made[0].scheduled_at and {run.pipeline_version_reference.pipeline_id for run in made} == {
        pipeline.pipeline_id
    }
    client.disable_recurring_run(cron.recurring_run_id)
    assert client.get_recurring_run(cron.recurring_run_id).mode == "DISABLE"
    for one in (cron, often):
        client.delete_recurring_run(one.recurring_run_id)
    assert client.list_recurring_runs().recurring_runs is None
    with pytest.raises(ApiException, match="Expected 5 to 6 fields"):
        client.create_recurring_run(experiment.experiment_id, "x", cron_expression="* *", **source)
    with pytest.raises(ApiException, match="Max concurrency"):
        client.create_recurring_run(experiment.experiment_id, "x", interval_second=9, max_concurrency=11, **source)


def fired(client, experiment, wanted):
    """The runs that schedules made, once each of them made one."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        made = client.list_runs(experiment_id=experiment).runs or []
        if {run.recurring_run_id for run in made} == wanted:
            return made
        time.sleep(0.1)
    raise TimeoutError("a schedule never fired")


def test_what_kfp_refuses_is_refused_with_its_words(server, client, package, tmp_path):
    cases = {
        "requires type double or integer": {"n": "three"},
        "requires type string": {"word": 3},
        "are not required by pipeline: m": {"m": 1},
        "exceed maximum size": {"word": "x" * 11_000},
    }
    for words, parameters in cases.items():
        with pytest.raises(ApiException) as caught:
            client.create_run_from_pipeline_package(package, arguments=parameters)
        assert caught.value.status == 400 and words in body_of(caught)["message"]
    wrong = json.loads(json.dumps(client_spec(package)))
    for change, words in (
        ({"pipelineInfo": {"name": "Not Good"}}, "name should consist of"),
        ({"schemaVersion": "2.0.0"}, "only supports schema version 2.1.0"),
        ({"surprise": 1}, "invalid v2 pipeline spec"),
    ):
        path = tmp_path / "wrong.json"
        path.write_text(json.dumps({**wrong, **change}))
        api = client._upload_api
        with pytest.raises(ApiException) as caught:
            api.upload_pipeline(str(path), name="wrong")
        assert caught.value.status == 400 and words in body_of(caught)["error_message"], words
    run = kfp_server_api.V2beta1Run(display_name="x", pipeline_spec={**wrong, "components": {}, "root": {}})
    run.pipeline_spec["deploymentSpec"] = {"executors": {"e": {"container": {"image": "y" * 2_000_000}}}}
    with pytest.raises(ApiException) as caught:
        client._run_api.run_service_create_run(run)
    assert caught.value.status == 500 and "too large" in body_of(caught)["message"]
    spelled = json.loads(json.dumps(wrong).replace('"make"', '"make_it"'))
    with pytest.raises(ApiException) as caught:
        client._run_api.run_service_create_run(kfp_server_api.V2beta1Run(display_name="x", pipeline_spec=spelled))
    assert caught.value.status == 500 and "'make_it' is invalid" in body_of(caught)["message"]
    with pytest.raises(ApiException, match="unrecognized field"):
        client.list_runs(
            filter=json.dumps({"predicates": [{"key": "colour", "operation": "EQUALS", "stringValue": "x"}]})
        )


def client_spec(path):
    import yaml

    with open(path) as file:
        return yaml.safe_load(file)


def test_a_restart_keeps_what_there_was_and_goes_on_with_what_ran(tmp_path):
    @dsl.pipeline(name="goes-on")
    def goes_on():
        first = say(word="first")
        sleep(seconds=1).after(first)

    with KfpServer(tmp_path / "kfp") as server:
        client = client_of(server)
        run = client.create_run_from_pipeline_package(compiled(tmp_path, goes_on))
        while "Running" not in {node.phase for node in pods_of(server, run.run_id, "sleep.executor")}:
            time.sleep(0.05)
        [before] = pods_of(server, run.run_id, "say.executor")
        server.restart()
        assert ended(client, run.run_id).state == "SUCCEEDED"
        [after] = pods_of(server, run.run_id, "say.executor")
        assert after.started == before.started
