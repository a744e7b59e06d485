"""Getting into a cluster: each way to sign in, TLS with an authority of one's own, and a test that says what fails."""

from __future__ import annotations

import json

import keyring
import pytest
from cluster_runs import engine_for, followed, hello, send
from keyring.backends import fail, null

from claimed_jlab.errors import ClaimedError
from tests.kfp_server import KfpServer

SECRET = "hunter2-hunter2"


def trial(engine, **given):
    """(ok, the step that failed, its message, its hint)."""
    found = engine.test(**given)
    failed = next((step for step in found.steps if step.state == "failed"), None)
    return found.ok, failed and failed.name, failed and failed.message, failed and failed.hint


def secrets_in(folder):
    return [path for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["environment", "file"])
def test_a_token_lets_in_and_is_written_nowhere(tmp_path, claimed_home, monkeypatch, kept):
    (tmp_path / "mounted").write_text(f"{SECRET}\n")
    monkeypatch.setenv("KF_TOKEN", SECRET)
    name = "KF_TOKEN" if kept == "environment" else str(tmp_path / "mounted")
    with KfpServer(tmp_path / "kfp", auth="bearer", tokens={SECRET: []}) as server:
        engine = engine_for(server, sign_in="token", credential_from=kept, credential_name=name)
        assert trial(engine)[0] and engine.problem() is None
        assert engine.credential().kept_in == kept
        run = send(engine, hello(tmp_path))
        assert followed(engine, run).state == "COMPLETE"
        assert trial(engine, credential="wrong")[:2] == (False, "Sign-in")
    assert secrets_in(claimed_home) == []


@pytest.mark.slow
def test_the_service_account_s_token_is_that_which_kubeflow_mounts(tmp_path, monkeypatch):
    (tmp_path / "token").write_text(SECRET)
    monkeypatch.setenv("KF_PIPELINES_SA_TOKEN_PATH", str(tmp_path / "token"))
    with KfpServer(tmp_path / "kfp", auth="bearer", tokens={SECRET: []}) as server:
        assert trial(engine_for(server, sign_in="service-account"))[0]
        (tmp_path / "token").unlink()
        engine = engine_for(server, sign_in="service-account")
        ok, step, message, _ = trial(engine)
        assert (ok, step) == (False, "Sign-in") and "token can't be read: No such file" in message
        assert engine.problem() == "sign in first: its settings name no credential that is there"


@pytest.mark.slow
@pytest.mark.parametrize("gate", ["dex-authservice", "dex-oauth2-proxy"])
@pytest.mark.parametrize("unauthorized", [302, 403])
def test_a_user_of_dex_is_signed_in_and_again_when_the_session_has_ended(tmp_path, monkeypatch, gate, unauthorized):
    if gate == "dex-authservice" and unauthorized == 403:
        pytest.skip("the older gate always redirects")
    monkeypatch.setenv("KF_PASSWORD", SECRET)
    user, namespace = "ada@example.com", "ada"
    options = {"users": {user: SECRET}, "user_namespaces": {user: [namespace]}, "multi_user": True}
    with KfpServer(tmp_path / "kfp", auth=gate, unauthorized=unauthorized, prefix="/pipeline", **options) as server:
        known = {"sign_in": "dex", "user": user, "credential_from": "environment", "credential_name": "KF_PASSWORD"}
        engine = engine_for(server, namespace=namespace, **known)
        assert trial(engine) == (True, None, None, None)
        run = send(engine, hello(tmp_path, "sleep 1"))
        server.cluster.sign_in.expire()
        assert followed(engine, run).state == "COMPLETE"
        ok, step, message, _ = trial(engine, credential="wrong")
        assert (ok, step) == (False, "Sign-in") and "does not accept the user or the password" in message
        ok, step, message, _ = trial(engine_for(server, namespace="", **known))
        assert (ok, step) == (False, "Namespace") and "several users" in message
        ok, step, message, _ = trial(engine_for(server, namespace="bob", **known))
        assert (ok, step) == (False, "Namespace")


@pytest.mark.slow
def test_a_session_s_cookie_lets_in(tmp_path, monkeypatch):
    with KfpServer(tmp_path / "kfp", auth="dex-authservice") as server:
        engine = engine_for(server, sign_in="cookie", credential_from="environment", credential_name="KF_COOKIE")
        assert trial(engine)[2] == "the environment variable KF_COOKIE is empty"
        monkeypatch.setenv("KF_COOKIE", "authservice_session=nonsense")
        ok, step, message, hint = trial(engine)
        assert (ok, step, message) == (False, "Sign-in", "it wants a sign-in") and "settings" in hint


@pytest.mark.slow
def test_a_certificate_is_verified_by_the_authority_of_the_settings(tmp_path):
    with KfpServer(tmp_path / "kfp", tls="trusted") as server:
        ok, step, message, hint = trial(engine_for(server))
        assert (ok, step) == (False, "TLS") and "nobody known here" in message and "CA certificates" in hint
        engine = engine_for(server, ca_file=str(server.ca))
        assert trial(engine)[0]
        assert followed(engine, send(engine, hello(tmp_path))).state == "COMPLETE"
        assert trial(engine_for(server, ca_file="", verify_tls=False))[0]
        ok, step, message, _ = trial(engine, values={"endpoint": server.url.replace("https", "http")})
        assert not ok
        ok, step, message, _ = trial(engine_for(server, ca_file=str(tmp_path / "none.pem")))
        assert (ok, step) == (False, "TLS") and "none.pem" in message


@pytest.mark.parametrize(("tls", "words"), [("wrong-host", "another name"), ("expired", "has expired")])
def test_a_certificate_that_is_not_right_says_why(tmp_path, tls, words):
    with KfpServer(tmp_path / "kfp", tls=tls) as server:
        ok, step, message, _ = trial(engine_for(server, ca_file=str(server.ca)))
        assert (ok, step) == (False, "TLS") and words in message


@pytest.mark.parametrize(
    ("endpoint", "step", "words"),
    [
        ("http://no-such-machine.invalid", "Address", "there is no machine"),
        ("http://127.0.0.1:9", "Connection", "nothing listens there"),
        ("https://127.0.0.1:9", "Connection", "nothing listens there"),
    ],
)
def test_an_address_that_leads_nowhere_says_at_which_step(endpoint, step, words):
    from claimed_jlab.run.kubeflow.offer import KubeflowEngine

    engine = KubeflowEngine({"endpoint": endpoint})
    found = trial(engine)
    assert found[:2] == (False, step) and words in found[2]


def test_a_wrong_path_and_an_old_api_say_so(tmp_path):
    with KfpServer(tmp_path / "kfp", prefix="/pipeline") as server:
        ok, step, message, hint = trial(engine_for(server), values={"endpoint": server.url.removesuffix("/pipeline")})
        assert (ok, step) == (False, "API") and "/pipeline" in hint
    with KfpServer(tmp_path / "old", version="v1") as server:
        ok, step, message, _ = trial(engine_for(server))
        assert (ok, step) == (False, "API") and message


def test_a_slow_cluster_is_given_up_after_the_patience_of_the_settings(tmp_path):
    with KfpServer(tmp_path / "kfp") as server:
        server.fail("timeout", "healthz", seconds=5)
        ok, step, message, _ = trial(engine_for(server, timeout_seconds=1))
        assert (ok, step, message) == (False, "Connection", "it did not answer in time")


def test_without_a_keyring_the_way_out_is_named(tmp_path):
    before = keyring.get_keyring()
    keyring.set_keyring(fail.Keyring())
    try:
        with KfpServer(tmp_path / "kfp") as server:
            engine = engine_for(server, sign_in="token")
            with pytest.raises(ClaimedError, match="no keyring: keep it in an environment variable or a file"):
                engine.configure({}, credential=SECRET)
            assert not engine.credential().storable and "no keyring" in engine.credential().why_not
            keyring.set_keyring(null.Keyring())
            assert trial(engine)[2] == "the keyring has none for this cluster"
    finally:
        keyring.set_keyring(before)


def test_no_answer_or_error_holds_the_credential(tmp_path, monkeypatch):
    monkeypatch.setenv("KF_TOKEN", SECRET)
    with KfpServer(tmp_path / "kfp", auth="bearer") as server:
        engine = engine_for(server, sign_in="token", credential_from="environment", credential_name="KF_TOKEN")
        with pytest.raises(ClaimedError) as caught:
            send(engine, hello(tmp_path))
        told = [str(caught.value), json.dumps(engine.settings()), engine.credential().model_dump_json()]
        assert not any(SECRET in text for text in [*told, engine.test().model_dump_json()])
