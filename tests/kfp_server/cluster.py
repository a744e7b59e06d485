"""The cluster behind the API: its state, its machine, and the runs that run in it."""

from __future__ import annotations

import threading
import traceback
from pathlib import Path
from typing import Any

from tests.kfp_server import walk
from tests.kfp_server.argo import Workflow, workflow_name
from tests.kfp_server.faults import Faults
from tests.kfp_server.launcher import Machine
from tests.kfp_server.lineage import Lineage, StoredLineage
from tests.kfp_server.options import Options
from tests.kfp_server.resolve import Json, Values
from tests.kfp_server.running import Run
from tests.kfp_server.signin import SignIn
from tests.kfp_server.specs import spec_of
from tests.kfp_server.state import State
from tests.kfp_server.wire import now, stamp

FINAL = ("SUCCEEDED", "FAILED", "SKIPPED", "CANCELED")


class Cluster:
    """Everything but HTTP."""

    def __init__(self, folder: Path, options: Options) -> None:
        self.folder = folder.resolve()
        self.options = options
        self.state = State(self.folder)
        self.machine = Machine(self.folder, options.python, options.pods)
        self.faults = Faults()
        self.sign_in = SignIn(self)
        self.lineage: Lineage = StoredLineage(self.folder / "mlmd.db") if options.metadata else Lineage()
        self._live: dict[str, Run] = {}
        self._threads: list[threading.Thread] = []
        self._closed = False
        self.state.before_save = self._keep_nodes
        for record in self.state["runs"].values():
            if record["state"] not in FINAL:
                self.launch(record)

    def close(self) -> None:
        """Stops everything; what ran goes on when a cluster is made of the same folder."""
        self._closed = True
        for run in list(self._live.values()):
            run.stop.set()
        for thread in self._threads:
            thread.join(10)
        self.state.close()
        self.lineage.close()

    def expire(self) -> None:
        """Ends every token and session."""
        self.sign_in.expire()

    def launch(self, record: Json) -> None:
        """Starts a run, or goes on with one. Keeps the nodes of what is done."""
        spec = spec_of([record["spec"]])
        if record["id"] in self._live:
            record["nodes"] = self._live[record["id"]].workflow.dump()
        record.setdefault("workflow", workflow_name(spec.name))
        flow = Workflow(record["workflow"], record["created_at"], record.get("nodes"))
        done = record.setdefault("done", {})
        for path in [path for path in done if ".onExit." in path]:
            del done[path]
        flow.drop({name for kept in done.values() for name in kept["nodes"]})
        for node in flow.nodes.values():
            node.children = []
        run = Run(
            id=record["id"],
            spec=spec,
            workflow=flow,
            machine=self.machine,
            lineage=self.lineage,
            options=self.options,
            names=self._names(record),
            root=record.get("pipeline_root") or spec.pipeline.get("defaultPipelineRoot") or self.options.pipeline_root,
            namespace=record.get("namespace") or self.options.namespace,
            cache=self.state["cache"],
            done=done,
            fault=self.faults.of_pod,
            changed=self.state.touch,
        )
        self._live[record["id"]] = run
        thread = threading.Thread(target=self._follow, args=(record, run), daemon=True)
        self._threads.append(thread)
        thread.start()

    def terminate(self, run_id: str) -> None:
        run = self._live.get(run_id)
        if run is not None:
            run.stop.set()

    def details(self, record: Json) -> list[Json]:
        """The run's `task_details`."""
        return self.flow(record).details(record["id"])

    def flow(self, record: Json) -> Workflow:
        """The Argo workflow of a run, live or kept."""
        run = self._live.get(record["id"])
        if run is not None:
            return run.workflow
        return Workflow(record.get("workflow", ""), record["created_at"], record.get("nodes"))

    def forget(self, run_id: str) -> None:
        self.terminate(run_id)
        self._live.pop(run_id, None)

    def set_state(self, record: Json, state: str) -> None:
        with self.state.lock:
            record["state"] = state
            record["history"].append([now(), state])
            self.state.touch()

    def _names(self, record: Json) -> dict[str, str]:
        return {
            ".pipeline_job_name": record["display_name"],
            ".pipeline_job_resource_name": record["workflow"],
            ".pipeline_job_uuid": record["id"],
            ".pipeline_job_create_time_utc": stamp(record["created_at"]),
            ".pipeline_job_schedule_time_utc": stamp(record.get("scheduled_at") or record["created_at"]),
            ".pipeline_root": str(record.get("pipeline_root") or self.options.pipeline_root),
        }

    def _keep_nodes(self) -> None:
        for id_, run in list(self._live.items()):
            record = self.state["runs"].get(id_)
            if record is not None:
                record["nodes"] = run.workflow.dump()

    def _follow(self, record: Json, run: Run) -> None:
        self.set_state(record, "RUNNING")
        declared = run.spec.pipeline["root"].get("inputDefinitions", {}).get("parameters", {})
        given: dict[str, Any] = {
            name: one["defaultValue"] for name, one in declared.items() if "defaultValue" in one
        } | record["parameters"]
        try:
            phase = walk.walk(run, Values(given)).phase
        except Exception:
            traceback.print_exc()
            phase = "Error"
        if self._closed:
            return
        with self.state.lock:
            record["finished_at"] = now()
            self.set_state(record, "SUCCEEDED" if phase == "Succeeded" and not run.stop.is_set() else "FAILED")
