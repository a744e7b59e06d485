"""Trying a connection step by step, so that a person reads which step fails and why."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.engines import ConnectionTest, TestedStep
from claimed_jlab.run.kubeflow.client import Client
from claimed_jlab.run.kubeflow.faults import unreachable
from claimed_jlab.run.kubeflow.settings import KubeflowSettings

_STEPS = ("Address", "Connection", "TLS", "API", "Sign-in", "Namespace", "Experiment")
_CONNECT_SECONDS = 10.0


def probe(settings: KubeflowSettings, credential: str | None = None) -> ConnectionTest:
    """Tries the connection, up to the first step that fails."""
    steps: list[TestedStep] = []
    try:
        for name, message in _try(settings, credential):
            steps.append(TestedStep(name=name, state="ok", message=message))
    except ClaimedError as error:
        wanted = "Sign-in" if error.code == "no-credential" else getattr(error, "step", None)
        failed = wanted if wanted in _STEPS else _next(steps)
        steps = [step for step in steps if step.name != failed]
        steps.append(TestedStep(name=failed, state="failed", message=_said(error, settings), hint=error.hint))
    order = {name: number for number, name in enumerate(_STEPS)}
    done = {step.name for step in steps}
    last = max((order[step.name] for step in steps), default=-1)
    state: dict[bool, Literal["ok", "skipped"]] = {True: "ok", False: "skipped"}
    steps += [TestedStep(name=name, state=state[order[name] < last]) for name in _STEPS if name not in done]
    steps.sort(key=lambda step: order[step.name])
    return ConnectionTest(ok=all(step.state != "failed" for step in steps), steps=steps)


def _said(error: ClaimedError, settings: KubeflowSettings) -> str:
    """The message, with its place where that is not the address that is being tried."""
    place = error.where if error.where not in (None, settings.endpoint, "credential", "credential_name") else None
    return f"{place}: {error.message}" if place else error.message


def _try(settings: KubeflowSettings, credential: str | None) -> Iterator[tuple[str, str]]:
    client = Client(settings, credential)
    parts = urlsplit(settings.endpoint)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        yield "Address", f"{host} is {found[0][4][0]}"
        with socket.create_connection((host, port), min(settings.timeout_seconds, _CONNECT_SECONDS)):
            yield "Connection", f"port {port} answers"
    except OSError as error:
        raise unreachable(error, settings.endpoint) from None
    health = client.get("/healthz", tries=1)
    if parts.scheme == "https":
        yield "TLS", "the certificate is right" if settings.verify_tls else "the certificate is not verified"
    else:
        yield "TLS", "not used: the address begins with http"
    several = bool(health.get("multi_user"))
    yield "API", f"Kubeflow Pipelines {_release(client)}".rstrip()
    if several and not settings.namespace:
        message = "this Kubeflow has several users, and no namespace is set"
        raise ClaimedError(message, where="namespace", hint="set your namespace", code="namespace")
    client.get("/experiments", {**settings.place, "page_size": 1}, tries=1)
    yield "Sign-in", "not needed" if settings.sign_in == "none" else "accepted"
    yield "Namespace", settings.namespace or "not needed"
    known = client.named("/experiments", "experiments", settings.experiment, settings.place)
    yield "Experiment", f"{settings.experiment!r} {'is there' if known else 'will be made with the first run'}"


def _release(client: Client) -> str:
    """The release, which only the older health check tells."""
    try:
        found = json.loads(client.raw("GET", "/apis/v1beta1/healthz"))
    except (ClaimedError, ValueError):
        return ""
    return str(found.get("tag_name") or "") if isinstance(found, dict) else ""


def _next(steps: list[TestedStep]) -> str:
    """The step after those that went well. That of the namespace, where an error says no other."""
    done = {step.name for step in steps}
    if "API" in done:
        return "Namespace"
    return next((name for name in _STEPS if name not in done), _STEPS[-1])
