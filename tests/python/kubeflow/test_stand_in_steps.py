"""The stand-in for KFP runs what KFP's own compiler makes, with the right outputs and KFP's traces of it."""

import time
from typing import List  # noqa: UP035

import pytest
from kfp import dsl
from kfp_pipelines import (
    client_of,
    compiled,
    count,
    ended,
    fail_below,
    fetch,
    given,
    held_up,
    make,
    run_file,
    say,
    sleep,
    states,
    total,
)

from tests.kfp_server import KfpServer

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with KfpServer(tmp_path_factory.mktemp("kfp")) as server:
        yield server


@pytest.fixture(scope="module")
def client(server):
    return client_of(server)


def texts(server, run):
    return {name: next(iter(values.values()), None) for name, values in given(server, run).items()}


def test_conditions_skip_and_what_depends_on_the_skipped_has_no_state(server, client, tmp_path):
    @dsl.pipeline(name="conditions")
    def conditions(n: int = 3, word: str = "a"):
        made = make(n=n)
        with dsl.If(made.outputs["size"] > 2, name="big"), dsl.If(word == "a"):
            count(data=made.outputs["out"], word="inner")
        with dsl.If(made.outputs["size"] > 20, name="huge") as huge:
            count(data=made.outputs["out"], word="huge")
        with dsl.If(n == 3):
            count(data=made.outputs["out"], word="three")
        with dsl.Else():
            count(data=made.outputs["out"], word="other")
        assert huge

    run = run_file(client, compiled(tmp_path, conditions))
    assert run.state == "SUCCEEDED"
    assert sorted(text for text in texts(server, run).values() if isinstance(text, str)) == ["inner 3", "three 3"]
    found = states(run)
    assert found["condition-3"] == {"SKIPPED"} and found["condition-1"] == {"SUCCEEDED"}


def test_loops_collect_what_their_rounds_gave(server, client, tmp_path):
    @dsl.pipeline(name="loops")
    def loops(numbers: list[int] = [1, 2, 3], none: list = []):  # noqa: B006
        with dsl.ParallelFor(numbers, parallelism=2) as number:
            made = make(n=number)
        total(numbers=dsl.Collected(made.outputs["size"]))
        with dsl.ParallelFor([{"a": 4, "b": 6}, {"a": 5, "b": 7}]) as item:
            other = make(n=item.a)
            count(data=other.outputs["out"], word="a")
            make(n=item.b)
        with dsl.ParallelFor(none) as nothing:
            empty = make(n=nothing)
        total(numbers=dsl.Collected(empty.outputs["size"]))

    run = run_file(client, compiled(tmp_path, loops), {"numbers": [2, 3, 5]})
    assert run.state == "SUCCEEDED", states(run)
    found = texts(server, run)
    assert found["total"] == "10"
    assert sorted(text for text in found.values() if isinstance(text, str)) == ["0", "10", "a 4", "a 5"]
    assert sorted(value for value in found.values() if isinstance(value, int)) == [2, 3, 4, 5, 5, 6, 7]
    assert states(run)["iteration-iterations(2:2)"] == {"SUCCEEDED"}


def test_an_exit_task_runs_after_a_failure_and_is_told_of_it(server, client, tmp_path):
    @dsl.container_component
    def bye(status: dsl.PipelineTaskFinalStatus, said: dsl.OutputPath(str)):
        return dsl.ContainerSpec(image="x", command=["sh", "-c", 'printf "%s" "$0" > "$1"'], args=[status, said])

    @dsl.container_component
    def broken():
        return dsl.ContainerSpec(image="x", command=["sh", "-c", "echo broken >&2; exit 3"])

    @dsl.pipeline(name="exits")
    def exits():
        with dsl.ExitHandler(bye()):
            first = broken()
            say(word="never").after(first)
            with dsl.ParallelFor([1]) as never:
                make(n=never).after(first)

    run = run_file(client, compiled(tmp_path, exits))
    assert run.state == "FAILED"
    found = states(run)
    assert found["broken"] == {"FAILED"} and found["say"] == {None} and found["say-driver"] == {None}
    [loop] = [name for name in found if name.startswith("for-loop")]
    assert found[loop] == {None}, "a loop that never began is one node"
    assert found["bye"] == {"SUCCEEDED"} and found["onExit"] == {"SUCCEEDED"}
    [said] = texts(server, run).values()
    assert '"state": "FAILED"' in said and '"pipelineTaskName": "exit-handler-1"' in said


def test_nested_pipelines_and_importers_hand_artifacts_on(server, client, tmp_path):
    blob = server.blob("minio://mine/data/five.txt")
    blob.parent.mkdir(parents=True)
    blob.write_text("12345")

    @dsl.pipeline(name="inner")
    def inner(data: dsl.Input[dsl.Dataset], word: str = "default") -> str:
        return count(data=data, word=word).outputs["said"]

    @dsl.pipeline(name="outer")
    def outer(uri: str = "minio://mine/data/five.txt"):
        data = dsl.importer(artifact_uri=uri, artifact_class=dsl.Dataset, metadata={"rows": 5})
        one = inner(data=data.output)
        two = inner(data=make(n=2).outputs["out"], word="second")
        say(word=f"{one.output} and {two.output}")

    run = run_file(client, compiled(tmp_path, outer))
    assert run.state == "SUCCEEDED", states(run)
    found = texts(server, run)
    assert (found["inner.count"], found["inner-2.count"]) == ("default 5", "second 2")
    [pod] = [node.pod for name, node in nodes(server, run).items() if name.endswith("say.executor")]
    assert b"default 5 and second 2\n" in fetch(f"{server.url}/k8s/pod/logs?podname={pod}")


def nodes(server, run):
    return server.cluster.flow(server.cluster.state["runs"][run.run_id]).nodes


def test_what_was_done_before_is_not_done_again_where_caching_is_on(server, client, tmp_path):
    @dsl.pipeline(name="cached")
    def cached(n: int = 4):
        made = make(n=n)
        count(data=made.outputs["out"], word="x").set_caching_options(False)

    path = compiled(tmp_path, cached)
    first, second, other = run_file(client, path), run_file(client, path), run_file(client, path, {"n": 5})
    ran = {name: node.phase for name, node in nodes(server, second).items() if name.endswith("executor")}
    assert sorted(ran.values()) == ["Skipped", "Succeeded"]
    assert states(first)["executor"] == {"SUCCEEDED"} == states(other)["executor"]
    assert texts(server, first) == texts(server, second)
    assert run_file(client, path, enable_caching=False).state == "SUCCEEDED"


def test_a_task_is_tried_again_and_a_failed_run_too(server, client, tmp_path):
    @dsl.pipeline(name="tries")
    def tries(path: str, other: str):
        say(word="before")
        fail_below(word="x", path=path).set_retry(num_retries=3, backoff_duration="1s")
        fail_below(word="y", path=other)

    counts = {"path": str(tmp_path / "one"), "other": str(tmp_path / "two")}
    run = run_file(client, compiled(tmp_path, tries), counts, enable_caching=False)
    assert run.state == "FAILED"
    found = states(run)
    assert found["executor(0)"] == {"FAILED"} and found["executor(2)"] == {"SUCCEEDED"}
    assert found["fail-below"] == {"SUCCEEDED"} and found["fail-below-2"] == {"FAILED"}
    for _ in range(2):
        client._run_api.run_service_retry_run(run.run_id)
        run = ended(client, run.run_id)
    assert run.state == "SUCCEEDED" and states(run)["fail-below-2"] == {"SUCCEEDED"}
    assert (tmp_path / "one").read_text().count("x") == 3 == (tmp_path / "two").read_text().count("y")
    assert [one.state for one in run.state_history].count("FAILED") == 2


def test_kubernetes_own_gives_secrets_and_deadlines(tmp_path):
    from kfp import kubernetes

    @dsl.pipeline(name="secrets")
    def secrets(path: str):
        asked = fail_below(word="x", path=path)
        kubernetes.use_secret_as_env(asked, "database", {"password": "PASSWORD"})
        kubernetes.set_timeout(make(n=1), 60)

    @dsl.container_component
    def ask(said: dsl.OutputPath(str)):
        return dsl.ContainerSpec(image="x", command=["sh", "-c", 'printf "$PASSWORD" > "$0"'], args=[said])

    @dsl.container_component
    def hang():
        return dsl.ContainerSpec(image="x", command=["sleep", "30"])

    @dsl.pipeline(name="asks")
    def asks(late: bool = False):
        kubernetes.use_secret_as_env(ask(), "database", {"password": "PASSWORD"})
        with dsl.If(late == True):  # noqa: E712
            kubernetes.set_timeout(hang(), 1)

    with KfpServer(tmp_path / "kfp", secrets={"database": {"password": "hunter2"}}) as server:
        client = client_of(server)
        assert texts(server, run_file(client, compiled(tmp_path, asks))) == {"ask": "hunter2"}
        late = run_file(client, compiled(tmp_path, asks), {"late": True})
        assert late.state == "FAILED" and states(late)["hang"] == {"FAILED"}
    with KfpServer(tmp_path / "without") as server:
        client = client_of(server)
        run = client.create_run_from_pipeline_package(compiled(tmp_path, asks))
        assert states(held_up(client, run.run_id))["executor"] == {"PENDING"}
        [pod] = [node.pod for name, node in nodes(server, run).items() if name.endswith("executor")]
        assert b"CreateContainerConfigError" in fetch(f"{server.url}/k8s/pod?podname={pod}&podnamespace=kubeflow")


def test_what_goes_into_a_command_is_replaced_as_by_kfp(server, client, tmp_path):
    @dsl.container_component
    def show(said: dsl.OutputPath(str), items: list, flag: bool, rate: float, name: str = None):  # noqa: RUF013
        return dsl.ContainerSpec(
            image="x",
            command=["sh", "-c", 'out="$0"; printf "%s|" "$@" > "$out"'],
            args=[said, items, flag, rate, dsl.IfPresentPlaceholder("name", ["--name", name], ["none"]),
                  dsl.ConcatPlaceholder(["<", rate, ">"])],
        )  # fmt: skip

    @dsl.pipeline(name="shows")
    def shows():
        show(items=[1, "a"], flag=True, rate=0.5)
        show(items=[], flag=False, rate=2.0, name="x y")

    run = run_file(client, compiled(tmp_path, shows))
    assert texts(server, run) == {"show": '[1, "a"]|true|0.5|none|<0.5>|', "show-2": "[]|false|2|--name|x y|<2>|"}


def test_an_input_that_can_not_be_resolved_fails_the_driver(server, client, tmp_path):
    server.fail_pod("driver", "count", count=1)

    @dsl.pipeline(name="driven")
    def driven():
        count(data=make(n=3).outputs["out"], word="x")

    run = run_file(client, compiled(tmp_path, driven))
    found = states(run)
    assert run.state == "FAILED" and found["count-driver"] == {"FAILED"} and found["count"] == {None}


def test_the_tree_of_nodes_can_be_worked_out_from_the_spec(server, client, tmp_path):
    from tests.kfp_server.argo import fnv1a

    @dsl.pipeline(name="tree")
    def tree():
        made = make(n=1)
        with dsl.If(made.outputs["size"] == 1):
            made_in = make(n=2)
        with dsl.ParallelFor([1]) as number:
            make(n=number)
        assert made_in

    run = run_file(client, compiled(tmp_path, tree))
    details = run.run_details.task_details
    [name] = [one.display_name for one in details if one.display_name.startswith("tree-")]
    inside = "root.for-loop-3.iteration-iterations(0:0).iteration-item.make-3"
    for path in ("root.make", "root.condition-1.make-2", inside):
        child = f"{name}-{fnv1a(f'{name}.{path}.executor')}"
        [task] = [one for one in details if child in {node.pod_name for node in one.child_tasks or []}]
        assert task.display_name == path.rpartition(".")[2] and task.state == "SUCCEEDED"
    every = {node.pod_name for one in details for node in one.child_tasks or []}
    assert len(every) == len(details) - 1, "every node but the workflow's own is the child of another"


def test_loops_over_artifacts_are_refused_unless_they_are_let_in(tmp_path):
    from kfp_server_api.exceptions import ApiException

    @dsl.pipeline(name="each")
    def each(items: dsl.Input[List[dsl.Dataset]]):  # noqa: UP006
        with dsl.ParallelFor(items) as data:
            count(data=data, word="got")

    @dsl.pipeline(name="over-artifacts")
    def over_artifacts():
        with dsl.ParallelFor([1, 2]) as number:
            made = make(n=number)
        each(items=dsl.Collected(made.outputs["out"]))

    path = compiled(tmp_path, over_artifacts)
    with (
        KfpServer(tmp_path / "kfp") as server,
        pytest.raises(ApiException, match="artifact iterator not implemented yet"),
    ):
        client_of(server).create_run_from_pipeline_package(path)
    with KfpServer(tmp_path / "later", artifact_iterators=True) as server:
        run = run_file(client_of(server), path)
        assert sorted(text for text in texts(server, run).values() if isinstance(text, str)) == ["got 1", "got 2"]


def test_an_exit_task_does_not_run_when_a_run_is_terminated(server, client, tmp_path):
    @dsl.pipeline(name="stopped")
    def stopped():
        with dsl.ExitHandler(say(word="bye")):
            sleep(seconds=30)

    run = client.create_run_from_pipeline_package(compiled(tmp_path, stopped))
    while not {"Running"} & {node.phase for name, node in nodes(server, run).items() if "sleep.executor" in name}:
        time.sleep(0.02)
    client.terminate_run(run.run_id)
    run = ended(client, run.run_id)
    assert run.state == "FAILED" and "onExit" not in states(run) and states(run)["sleep"] == {"FAILED"}


def test_pods_with_labels_are_named_by_their_number(server, client, tmp_path):
    from kfp import kubernetes

    @dsl.pipeline(name="labelled")
    def labelled():
        kubernetes.add_pod_label(say(word="x"), "team", "ours")

    run = run_file(client, compiled(tmp_path, labelled))
    [pod] = [node.pod for name, node in nodes(server, run).items() if name.endswith("executor")]
    assert "-metadata-0-1-system-container-impl-" in pod
