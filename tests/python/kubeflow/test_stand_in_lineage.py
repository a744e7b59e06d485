"""What the stand-in for KFP writes into ML Metadata, read back by the real library: from its file, and as gRPC-web."""

import json
import os
import subprocess
from pathlib import Path

import pytest
import requests
from authoring import code, write_notebook, write_pipeline
from kfp import dsl
from kfp_pipelines import client_of, compiled, count, fetch, make, run_file

from tests.kfp_server import KfpServer

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")]
ROOT = Path(__file__).parents[3]
MLMD = Path(os.environ.get("CLAIMED_MLMD_PYTHON") or ROOT / ".venv-mlmd" / "bin" / "python")
ASK = """
import json, struct, sys, urllib.request
from google.protobuf import json_format
from ml_metadata.proto import metadata_store_service_pb2 as service

def ask(url, method, **fields):
    message = json_format.ParseDict(fields, getattr(service, method + "Request")()).SerializeToString()
    body = b"\\0" + struct.pack(">I", len(message)) + message
    headers = {"Content-Type": "application/grpc-web+proto", "X-Grpc-Web": "1"}
    asked = urllib.request.Request(f"{url}/ml_metadata.MetadataStoreService/{method}", body, headers)
    raw, found, status = urllib.request.urlopen(asked).read(), getattr(service, method + "Response")(), None
    while raw:
        size = struct.unpack(">I", raw[1:5])[0]
        if raw[0] & 0x80:
            status = raw[5 : 5 + size].decode()
        else:
            found.ParseFromString(raw[5 : 5 + size])
        raw = raw[5 + size :]
    return {**json_format.MessageToDict(found, preserving_proto_field_name=True), "status": status}

url, run = sys.argv[1:]
context = ask(url, "GetContextByTypeAndName", type_name="system.PipelineRun", context_name=run)
executions = ask(url, "GetExecutionsByContext", context_id=context["context"]["id"])["executions"]
artifacts = ask(url, "GetArtifactsByContext", context_id=context["context"]["id"])["artifacts"]
events = ask(url, "GetEventsByExecutionIDs", execution_ids=[one["id"] for one in executions])["events"]
types = ask(url, "GetArtifactTypes")["artifact_types"]
print(json.dumps([context, executions, artifacts, events, types]))
"""


@pytest.fixture(scope="module", autouse=True)
def library():
    if not MLMD.exists():
        message = f"no environment with ml-metadata at {MLMD}: run tests/mlmd/make_env.sh"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


def asked(server, run):
    done = subprocess.run([MLMD, "-c", ASK, server.url, run.run_id], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def judged(server):
    """The whole store, as the judge of our own lineage dumps it."""
    command = [MLMD, ROOT / "tests/mlmd/judge.py", "dump", server.folder / "mlmd.db"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def custom(execution, name):
    held = execution["custom_properties"].get(name)
    return held and next(iter(held.values()))


def test_a_run_is_in_the_store_as_kfp_writes_it(tmp_path):
    @dsl.pipeline(name="recorded")
    def recorded(n: int = 3):
        made = make(n=n)
        count(data=made.outputs["out"], word="x")
        with dsl.If(made.outputs["size"] > 20):
            count(data=made.outputs["out"], word="never")
        with dsl.ParallelFor([1, 2]) as number:
            make(n=number)

    with KfpServer(tmp_path / "kfp", metadata=True) as server:
        client = client_of(server)
        path = compiled(tmp_path, recorded)
        first, second = run_file(client, path), run_file(client, path)
        assert first.state == second.state == "SUCCEEDED"
        context, executions, artifacts, events, types = asked(server, first)
        again = asked(server, second)[1]
    assert context["status"].startswith("grpc-status:0") and context["context"]["name"] == first.run_id
    by_name = {}
    for one in executions:
        by_name.setdefault(custom(one, "task_name"), []).append(one)
    assert sorted(map(str, by_name)) == ["", "condition-1", "count", "for-loop-3", "make", "make-2"]
    [root], [made], [counted] = by_name[""], by_name["make"], by_name["count"]
    assert root["name"] == f"run/{first.run_id}" and root["last_known_state"] == "COMPLETE"
    assert made["last_known_state"] == "COMPLETE" and custom(made, "parent_dag_id") == root["id"]
    assert custom(made, "pod_name").startswith("recorded-") and "system-container-impl" in custom(made, "pod_name")
    assert custom(made, "inputs") == {"n": 3.0} and custom(made, "outputs") == {"size": 3.0}
    assert by_name["condition-1"][0]["last_known_state"] == "CANCELED"
    assert sorted(str(custom(one, "iteration_index")) for one in by_name["for-loop-3"]) == ["0", "1", "None"]
    [kept] = [one for one in artifacts if "/make/" in one["uri"]]
    assert kept["state"] == "LIVE" and kept["type"] == "system.Dataset" and custom(kept, "display_name") == "out"
    mine = {
        (one["type"], one["execution_id"], one["path"]["steps"][0]["key"])
        for one in events
        if one["artifact_id"] == kept["id"]
    }
    assert mine >= {("OUTPUT", made["id"], "out"), ("INPUT", counted["id"], "data")}
    assert [one["name"] for one in types] == ["system.Dataset"]
    [cached] = [one for one in again if custom(one, "task_name") == "make"]
    assert cached["last_known_state"] == "CACHED" and custom(cached, "cached_execution_id") == made["id"]
    whole = judged(server)
    assert len(whole["executions"]) == 2 * len(executions) and len(whole["parent_contexts"]) == 2


def test_a_store_that_can_not_be_reached_says_so_and_an_unknown_method_too(tmp_path):
    def post(server, method):
        url = f"{server.url}/ml_metadata.MetadataStoreService/{method}"
        return requests.post(url, data=b"\0\0\0\0\0", headers={"Content-Type": "application/grpc-web+proto"})

    with KfpServer(tmp_path / "without") as server:
        assert post(server, "GetArtifacts").status_code == 503
    with KfpServer(tmp_path / "with", metadata=True) as server:
        assert b"grpc-status:12" in post(server, "Nonsense").content
        assert b"grpc-status:0" in post(server, "GetArtifacts").content


def test_a_pipeline_of_notebooks_that_we_compile_runs_for_real(tmp_path):
    from claimed_jlab.component.catalog import default_catalog
    from claimed_jlab.pipeline.document import read_pipeline
    from claimed_jlab.pipeline.validate import check
    from claimed_jlab.run.kubeflow.compile import compile_pipeline, spec_text

    write_notebook(
        tmp_path / "write.ipynb",
        code('rows: int = 3\ntable: "Output[Dataset]" = "table.csv"', "parameters"),
        "open(table, 'w').write('n\\n' + '1\\n' * rows)",
    )
    write_notebook(
        tmp_path / "read.ipynb",
        code('table: "Input[Dataset]" = "table.csv"\ntoken: "Secret" = ""', "parameters"),
        "lines = open(table).read().split()",
        code("rows: int = len(lines) - 1\nletters: int = len(token)", "outputs"),
    )
    tasks = {
        "write": {"component": "write.ipynb", "inputs": {"rows": {"parameter": "rows"}}},
        "read": {
            "component": "read.ipynb",
            "inputs": {"table": {"output": "write.table"}, "token": {"secret": "vault/token"}},
        },
    }
    parameters = {"rows": {"type": "int", "default": 4}}
    path = write_pipeline(tmp_path / "notebooks.pipeline", tasks, parameters=parameters)
    checked = check(read_pipeline(path), tmp_path, default_catalog(), path)
    spec = tmp_path / "spec.yaml"
    spec.write_text(spec_text(compile_pipeline(checked)))
    with KfpServer(tmp_path / "kfp", metadata=True, secrets={"vault": {"token": "hunter2"}}) as server:
        run = run_file(client_of(server), str(spec), {"rows": 6})
        flow = server.cluster.flow(server.cluster.state["runs"][run.run_id])
        [pod] = [node.pod for name, node in flow.nodes.items() if name.endswith("root.read.executor")]
        log = fetch(f"{server.url}/k8s/pod/logs?podname={pod}&podnamespace=kubeflow").decode()
        assert run.state == "SUCCEEDED", log
        [line] = [line for line in log.splitlines() if line.startswith("claimed-outcome: ")]
        outcome = json.loads(line.removeprefix("claimed-outcome: "))
        assert outcome["outputs"] == {"rows": 6, "letters": 7} and "hunter2" not in log
        executed = server.blob("minio:/" + outcome["artifacts"]["executed_notebook"]["path"].removeprefix("/minio"))
        assert "hunter2" not in executed.read_text() and json.loads(executed.read_text())["nbformat"] == 4
