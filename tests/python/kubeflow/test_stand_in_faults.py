"""The stand-in for KFP goes wrong as it is told to, and in no other way."""

import http.client
import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from kfp import dsl
from kfp_pipelines import client_of, compiled, ended, fetch, held_up, run_file, say, states
from kfp_server_api.exceptions import ApiException

from tests.kfp_server import Fault, KfpServer

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning")
RUNS = "apis/v2beta1/runs"


@dsl.pipeline(name="one-step")
def one_step(word: str = "hello"):
    say(word=word)


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with KfpServer(tmp_path_factory.mktemp("kfp")) as server:
        yield server


@pytest.fixture
def server(shared):
    shared.faults.clear()
    return shared


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return compiled(tmp_path_factory.mktemp("compiled"), one_step)


@pytest.mark.parametrize("status", [401, 403, 404, 409, 429, 500, 503])
def test_a_status_is_answered_as_often_as_asked(server, status):
    server.fail("status", "/runs$", method="GET", status=status, count=1, retry_after=2 if status == 429 else None)
    answer = requests.get(f"{server.url}/{RUNS}")
    assert answer.status_code == status and {"error", "code", "message", "details"} == set(answer.json())
    assert answer.headers.get("Retry-After") == ("2" if status == 429 else None)
    assert requests.get(f"{server.url}/{RUNS}").status_code == 200


def test_the_client_makes_an_exception_of_it(server):
    client = client_of(server)
    server.fail("status", status=503)
    with pytest.raises(ApiException) as caught:
        client.list_runs()
    assert caught.value.status == 503 and json.loads(caught.value.body)["code"] == 14


def test_no_answer_and_half_an_answer(server):
    server.fail("timeout", seconds=60, count=1)
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{server.url}/{RUNS}", timeout=0.3)
    server.fail("half", count=1)
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    connection.request("GET", f"/{RUNS}")
    with pytest.raises(http.client.IncompleteRead):
        connection.getresponse().read()
    server.fail("reset", count=1)
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.url}/{RUNS}")
    server.fail("slow", seconds=0.3, count=1)
    began = time.monotonic()
    assert requests.get(f"{server.url}/{RUNS}").json() is not None and time.monotonic() - began > 0.3


def test_what_is_no_answer_of_kfps(server):
    server.fail("login", count=1)
    answer = requests.get(f"{server.url}/{RUNS}")
    assert answer.status_code == 200 and "Log in to Your Account" in answer.text
    server.fail("login", status=302, count=1)
    assert requests.get(f"{server.url}/{RUNS}", allow_redirects=False).headers["Location"].startswith("/dex/auth")
    server.fail("html", status=502, count=1)
    assert requests.get(f"{server.url}/{RUNS}").text.startswith("<html>")
    server.fail("nonsense", count=1)
    assert isinstance(requests.get(f"{server.url}/{RUNS}").json(), list)
    assert "<title>Kubeflow Pipelines</title>" in requests.get(f"{server.url}/nowhere/apis/v2beta1/healthz").text
    assert requests.get(f"{server.url}/apis/v2beta1/nowhere").status_code == 404


def test_a_run_is_made_though_its_answer_is_lost_and_may_vanish(server, package):
    client = client_of(server)
    client.create_experiment("Default")
    server.fail("lost", "/runs$", method="POST", count=1)
    with pytest.raises(Exception, match=r"Connection|Remote end"):
        client.create_run_from_pipeline_package(package, run_name="lost one", experiment_name="Default")
    wanted = {"key": "name", "operation": "EQUALS", "stringValue": "lost one"}
    [run] = client.list_runs(filter=json.dumps({"predicates": [wanted]})).runs
    assert ended(client, run.run_id).state == "SUCCEEDED"
    server.fail("gone", f"/runs/{run.run_id}", after=1)
    assert client.get_run(run.run_id).display_name == "lost one"
    with pytest.raises(ApiException) as caught:
        client.get_run(run.run_id)
    assert caught.value.status == 404


@pytest.mark.parametrize(("kind", "reason"), [("oom", "OOMKilled"), ("evicted", "Evicted"), ("error", "Error")])
def test_a_pod_dies(server, package, kind, reason):
    server.fail_pod(kind, "say", log="half of it")
    client = client_of(server)
    run = run_file(client, package, enable_caching=False)
    assert run.state == "FAILED" and states(run)["executor"] == {"FAILED"}
    described = pod_of(server, run)
    held = described["status"]["containerStatuses"][0]["state"]["terminated"]
    assert held["reason"] == reason and held["exitCode"] == (1 if kind == "error" else 137)
    assert b"half of it" in fetch(f"{server.url}/k8s/pod/logs?podname={described['metadata']['name']}")


def pod_of(server, run):
    flow = server.cluster.flow(server.cluster.state["runs"][run.run_id])
    [name] = [node.pod for path, node in flow.nodes.items() if path.endswith("executor")]
    return json.loads(fetch(f"{server.url}/k8s/pod?podname={name}&podnamespace=kubeflow"))


def test_an_image_that_can_not_be_pulled_keeps_a_task_pending_until_it_can(server, package):
    server.fail_pod("image", "say")
    client = client_of(server)
    run = client.create_run_from_pipeline_package(package, enable_caching=False)
    assert states(held_up(client, run.run_id))["executor"] == {"PENDING"}
    waiting = pod_of(server, run)["status"]["containerStatuses"][0]["state"]["waiting"]
    assert waiting["reason"] == "ImagePullBackOff" and "python:3.11-slim" in waiting["message"]
    server.faults.clear()
    assert ended(client, run.run_id).state == "SUCCEEDED"


def test_a_token_is_asked_for_and_expires_in_mid_run(tmp_path, package):
    with KfpServer(tmp_path / "kfp", auth="bearer", tokens={"good": ["mine"]}, multi_user=True) as server:
        client = client_of(server, existing_token="good", namespace="mine")
        assert client.get_kfp_healthz().multi_user is True
        experiment = client.create_experiment("here", namespace="mine")
        run = client.create_run_from_pipeline_package(package, experiment_id=experiment.experiment_id)
        assert ended(client, run.run_id).state == "SUCCEEDED"
        for refused in (
            lambda: client.list_experiments(namespace="theirs"),
            lambda: client.create_experiment("there", namespace="theirs"),
        ):
            with pytest.raises(ApiException) as caught:
                refused()
            assert caught.value.status == 403
        with pytest.raises(ApiException) as caught:
            client._run_api.run_service_list_runs()
        assert caught.value.status == 400 and b"amespace" in caught.value.body.encode()
        server.expire()
        with pytest.raises(ApiException) as caught:
            client.get_run(run.run_id)
        assert caught.value.status == 401


@pytest.mark.parametrize("auth", ["dex-authservice", "dex-oauth2-proxy"])
def test_dex_lets_in_who_signs_in(tmp_path, auth):
    with KfpServer(tmp_path / "kfp", auth=auth, prefix="/pipeline", multi_user=True) as server:
        session = requests.Session()
        page = session.get(f"{server.url}/apis/v2beta1/healthz")
        assert urlsplit(page.url).path == "/dex/auth/local/login" and "password" in page.text
        wrong = session.post(page.url, data={"login": "user@example.com", "password": "x"})
        assert "Invalid Email Address and password" in wrong.text
        right = session.post(page.url, data={"login": "user@example.com", "password": "12341234"})
        assert right.json() == {"multi_user": True}
        [(name, value)] = session.cookies.items()
        assert name == {"dex-authservice": "authservice_session"}.get(auth, "oauth2_proxy_kubeflow")
        client = client_of(server, cookies=f"{name}={value}", namespace="kubeflow-user-example-com")
        assert client.list_experiments().experiments is None
        server.expire()
        with pytest.raises(Exception, match=r"redirects|None: an HTML page is no list"):
            # oauth2-proxy leads through more redirects than the client follows; with authservice it takes the HTML.
            assert client.list_experiments().experiments is not None, "None: an HTML page is no list"


@pytest.mark.parametrize("tls", ["trusted", "wrong-host", "expired"])
def test_a_certificate_is_good_or_says_why_not(tmp_path, tls):
    words = {"wrong-host": "doesn't match|mismatch", "expired": "expired"}.get(tls)
    with KfpServer(tmp_path / "kfp", tls=tls) as server:
        url = f"{server.url}/apis/v2beta1/healthz"
        with pytest.raises(requests.exceptions.SSLError, match=r"self.signed|unable to get local issuer|verify failed"):
            requests.get(url)
        if words is None:
            assert requests.get(url, verify=str(server.ca)).json() == {}
            assert client_of(server, ssl_ca_cert=str(server.ca)).list_runs().runs is None
        else:
            with pytest.raises(requests.exceptions.SSLError, match=words):
                requests.get(url, verify=str(server.ca))


def test_an_old_kfp_has_no_v2beta1_and_a_prefix_is_kept(tmp_path):
    with KfpServer(tmp_path / "old", version="v1") as server:
        assert requests.get(f"{server.url}/apis/v2beta1/healthz").status_code == 404
    with KfpServer(tmp_path / "below", prefix="/pipeline", gateway=2) as server:
        assert requests.get(f"{server.url}/apis/v2beta1/healthz").json() == {}
        outside = server.url.removesuffix("/pipeline")
        assert requests.get(f"{outside}/apis/v2beta1/healthz").status_code == 404
        assert "error" not in requests.get(f"{server.url}/apis/v2beta1/runs/none").json()
    with KfpServer(tmp_path / "bare", ui=False) as server:
        assert requests.get(f"{server.url}/apis/v1beta1/healthz").json()["tag_name"] == "2.5.0"
        assert requests.get(f"{server.url}/k8s/pod/logs?podname=x").text == "404 page not found\n"
    with KfpServer(tmp_path / "whole", prefix="/pipeline", dashboard=True) as server:
        outside = requests.get(f"{server.url.removesuffix('/pipeline')}/apis/v2beta1/healthz")
        assert outside.status_code == 200 and "Central Dashboard" in outside.text


def test_by_hand_it_says_where_it_is_and_takes_faults(tmp_path):
    command = [sys.executable, "-m", "tests.kfp_server", "--folder", str(tmp_path / "kfp"), "--token", "t", "--auth"]
    root = Path(__file__).parents[3]
    with subprocess.Popen([*command, "bearer"], cwd=root, stdout=subprocess.PIPE, text=True) as process:
        url = process.stdout.readline().strip()
        assert requests.get(f"{url}/{RUNS}").status_code == 401
        known = {"Authorization": "Bearer t"}
        assert requests.get(f"{url}/{RUNS}", headers=known).json() == {}
        rule = {"kind": "status", "path": "runs", "status": 503, "count": 1}
        assert requests.post(f"{url}/_control/faults", json=rule).json()["faults"][0]["status"] == 503
        assert requests.get(f"{url}/{RUNS}", headers=known).status_code == 503
        assert requests.post(f"{url}/_control/expire").status_code == 200
        assert requests.get(f"{url}/{RUNS}", headers=known).status_code == 401
        process.terminate()
        assert process.wait(10) == 0


def test_a_fault_that_there_is_not_is_refused(server):
    with pytest.raises(ValueError, match="no fault 'explode'"):
        server.faults.add(Fault("explode"))
