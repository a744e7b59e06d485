"""Kubeflow Pipelines as an engine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import quote

from pydantic import BaseModel

from claimed_jlab.component.catalogs.trust import refuse_untrusted
from claimed_jlab.component.spec import Diagnostic
from claimed_jlab.errors import ClaimedError
from claimed_jlab.paths import writable_home
from claimed_jlab.pipeline.validate import Checked
from claimed_jlab.run import engine_settings
from claimed_jlab.run.engines import ConnectionTest, Credential, Engine, Work
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.features import FEATURES, Feature, cant
from claimed_jlab.run.forecast import earlier_seconds
from claimed_jlab.run.kubeflow import credentials, schedules, state
from claimed_jlab.run.kubeflow.client import Client
from claimed_jlab.run.kubeflow.compile import Compiled, CompileOptions, compile_pipeline, spec_text
from claimed_jlab.run.kubeflow.faults import ClusterError
from claimed_jlab.run.kubeflow.findings import findings
from claimed_jlab.run.kubeflow.following import refresh
from claimed_jlab.run.kubeflow.home import Courier, file_name_of
from claimed_jlab.run.kubeflow.probe import probe
from claimed_jlab.run.kubeflow.sending import (
    experiment_of,
    refuse_large,
    send_files,
    start,
    version_of,
    without_caching,
)
from claimed_jlab.run.kubeflow.settings import KubeflowSettings
from claimed_jlab.run.kubeflow.spec import spec_of
from claimed_jlab.run.plan import OF_HERE, InvalidPipeline
from claimed_jlab.run.planned import Plan
from claimed_jlab.run.record import ArtifactValue, RunRecord
from claimed_jlab.run.remote import mark, unmark
from claimed_jlab.run.removal import remove_folder
from claimed_jlab.run.runs import Run, create_run
from claimed_jlab.run.schedules import Schedule, Timing


class KubeflowEngine(Engine):
    """Runs pipelines on a Kubernetes cluster that has Kubeflow Pipelines 2."""

    name: ClassVar[str] = "kubeflow"
    title: ClassVar[str] = "Kubeflow Pipelines"
    description: ClassVar[str] = "Runs on a Kubernetes cluster, each task in a pod of its own"
    features: ClassVar[frozenset[Feature]] = FEATURES - {"jobs", "parts", "retry_on", "run_timeout", "environment"}
    remote: ClassVar[bool] = True
    Settings: ClassVar[type[BaseModel] | None] = KubeflowSettings

    def __init__(self, site: Mapping[str, Any] | None = None) -> None:
        super().__init__(site)
        self._lock = threading.Lock()
        self._client: Client | None = None

    def problem(self) -> str | None:
        try:
            settings = self._settings()
        except ClaimedError as error:
            return str(error)
        if not settings.endpoint:
            return "set the address of a cluster first"
        if settings.sign_in != "none" and not credentials.describe(settings).is_set:
            return "sign in first: its settings name no credential that is there"
        return None

    def findings(self, checked: Checked) -> list[Diagnostic]:
        theirs = [item for item in checked.diagnostics if item.code not in OF_HERE]
        return [*theirs, *cant(checked, self.title, self.features), *findings(checked, self._options())]

    def submit(self, work: Work) -> Run:
        return self._send(work.plan, self._compiled(work))

    def rerun(self, run: Run, *, jobs: int | None = None, cache: bool = False) -> Run:
        try:
            sent = spec_of(state.spec(run))
        except (OSError, ValueError) as error:
            raise ClaimedError(f"what it ran is gone: {error}", where=run.run_id) from None
        return self._send(run.order.plan, Compiled(sent["spec"], sent["platform"], {}))

    def cancel(self, run: Run) -> None:
        run.request_cancel()
        self.refresh(run)

    def retry(self, run: Run) -> None:
        remote = self._remote(run)
        if run.record().state != "FAILED":
            raise ClaimedError("only a run that failed can be tried again", where=run.run_id, code="not-failed")
        self._connected().call("POST", f"/runs/{remote.remote_id}:retry")
        remote.ended, remote.cancel_sent, remote.missing = "", False, {}
        run.cancel_request.unlink(missing_ok=True)
        state.save(run, remote)
        EventLog(run.events).append(kind="run", state="RUNNING", error=None, finished=None, seconds=None)
        mark(run)

    def archive(self, run: Run, archived: bool) -> None:
        remote = self._remote(run)
        verb = "archive" if archived else "unarchive"
        try:
            self._connected().call("POST", f"/runs/{remote.remote_id}:{verb}")
        except ClusterError as error:
            if error.status != 404:  # one that is no longer there is put away here all the same
                raise
        run.archive(archived)

    def refresh(self, run: Run) -> bool:
        try:
            client = self._connected()
        except ClaimedError as error:
            remote = state.load(run)
            if remote is not None:
                state.save(run, remote.model_copy(update={"notice": str(error)}))
            return False
        return refresh(run, client)

    def fetch(self, run: Run, task: str, output: str) -> None:
        record = run.record().tasks[task]
        value = ArtifactValue.model_validate(record.outputs[output])
        spec = next(one.component for one in run.order.plan.work() if one.name == task)
        fetched = Courier(run, self._remote(run), self._connected()).fetch(value, file_name_of(spec, output))
        outputs = {**record.outputs, output: fetched.model_dump(mode="json")}
        EventLog(run.events).append(kind="task", task=task, state=record.state, outputs=outputs)

    def standing(self, run: Run, record: RunRecord) -> dict[str, Any]:
        remote = state.load(run)
        if remote is None:
            return {}
        link = f"{self._browser()}/#/runs/details/{quote(remote.remote_id)}" if remote.remote_id else None
        notice = remote.notice if not record.ended else None
        return {"link": link, "notice": notice, "remote_id": remote.remote_id or None}

    def settings(self) -> dict[str, Any]:
        return self._settings().model_dump(mode="json")

    def credential(self) -> Credential:
        return credentials.describe(self._settings())

    def configure(self, values: Mapping[str, Any], **credential: str | None) -> None:
        settings = engine_settings.save(self.name, KubeflowSettings, self.site, values)
        if "credential" in credential:
            credentials.keep(settings, credential["credential"])
        with self._lock:
            self._client = None

    def test(self, values: Mapping[str, Any] | None = None, credential: str | None = None) -> ConnectionTest:
        settings = engine_settings.changed(KubeflowSettings, self._settings(), values)
        return probe(settings, credential)

    def link(self) -> str | None:
        return self._browser() or None

    def schedules(self) -> list[Schedule]:
        return schedules.listed(self._connected(), self._browser())

    def find_schedule(self, schedule: str) -> Schedule:
        return schedules.one(self._connected(), schedule, self._browser())

    def schedule(self, work: Work, timing: Timing) -> Schedule:
        compiled = self._compiled(work)
        sent = self._sent(work.plan, compiled)
        made = schedules.make(self._connected(), sent, timing, self._settings().service_account)
        schedules.keep(made["recurring_run_id"], work.plan, _kept(compiled), sent)
        return self.find_schedule(made["recurring_run_id"])

    def enable_schedule(self, schedule: str, enabled: bool) -> Schedule:
        schedules.enable(self._connected(), schedule, enabled)
        return self.find_schedule(schedule)

    def delete_schedule(self, schedule: str) -> None:
        schedules.delete(self._connected(), schedule)

    def discover(self) -> None:
        with suppress(ClaimedError):  # a cluster that is away has started nothing that could be seen now
            schedules.adopt(self._connected(), self.name)

    def _compiled(self, work: Work) -> Compiled:
        """The pipeline compiled, with what it needs beside it sent. Raises ClaimedError."""
        self._refuse_errors(work)
        refuse_untrusted(task.component for task in work.plan.work())
        compiled = compile_pipeline(work.checked, options=self._options())
        if not work.cache:
            compiled = Compiled(without_caching(compiled.spec), compiled.platform, compiled.uploads)
        send_files(compiled.uploads)
        return compiled

    def _sent(self, plan: Plan, compiled: Compiled) -> state.RemoteRun:
        """The pipeline's version, at the cluster. Raises ClusterError."""
        refuse_large(plan.parameters)
        client, settings = self._connected(), self._settings()
        experiment = experiment_of(client)
        about = compiled.spec["pipelineInfo"]
        pipeline, version = version_of(client, about["name"], about.get("description", ""), spec_text(compiled))
        return state.RemoteRun(
            endpoint=settings.endpoint,
            namespace=settings.namespace,
            experiment_id=experiment,
            name=about["name"],
            pipeline_id=pipeline,
            version_id=version,
            parameters=plan.parameters,
        )

    def _send(self, plan: Plan, compiled: Compiled) -> Run:
        client, settings, home = self._connected(), self._settings(), writable_home()
        remote = self._sent(plan, compiled)
        run = create_run(home, plan, engine=self.name, expected=earlier_seconds(plan.path), remote=True)
        state.spec(run).write_text(_kept(compiled), encoding="utf-8")
        remote.name, remote.sent = f"{remote.name} {run.run_id}", time.time()
        state.save(run, remote)
        mark(run)
        try:
            sent = start(client, remote, settings.pipeline_root, settings.service_account)
        except ClaimedError:  # the cluster surely has nothing of it, so nothing stays here either
            unmark(run)
            remove_folder(run)
            raise
        if sent is None:
            remote.notice = "the cluster did not answer: it is being looked for there"
        else:
            remote.remote_id, remote.step = sent, "sent"
        state.save(run, remote)
        return run

    def _refuse_errors(self, work: Work) -> None:
        errors = [item for item in self.findings(work.checked) if item.level == "error"]
        if errors:
            more = f" (and {len(errors) - 1} more: see `pipeline validate --engine kubeflow`)" if errors[1:] else ""
            raise InvalidPipeline(
                errors[0].message + more, where=f"{work.plan.path}: {errors[0].where}", code=errors[0].code
            )

    def _options(self) -> CompileOptions:
        settings = self._settings()
        return CompileOptions(
            image=settings.image or None,
            pipeline_root=settings.pipeline_root or None,
            image_pull_policy=settings.image_pull_policy or None,
            image_pull_secrets=tuple(settings.image_pull_secrets),
            carry_files=True,
        )

    def _settings(self) -> KubeflowSettings:
        return engine_settings.load(self.name, KubeflowSettings, self.site)

    def _connected(self) -> Client:
        settings = self._settings()
        with self._lock:
            if self._client is None or self._client.settings != settings:
                self._client = Client(settings)
            return self._client

    def _browser(self) -> str:
        with suppress(ClaimedError):
            return self._settings().browser
        return ""

    def _remote(self, run: Run) -> state.RemoteRun:
        remote = state.load(run)
        if remote is None or not remote.remote_id:
            raise ClaimedError("it is not on the cluster", where=run.run_id, code="not-on-cluster")
        return remote


def _kept(compiled: Compiled) -> str:
    """What of it is needed to follow it, and to send it again."""
    return json.dumps({"spec": compiled.spec, "platform": compiled.platform})
