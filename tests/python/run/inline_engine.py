"""A third engine, of another team: it runs a plan's functions one by one in this process, and can little else."""

from __future__ import annotations

import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any, ClassVar

from pydantic import BaseModel, Field

from claimed_jlab.paths import writable_home
from claimed_jlab.run import engine_settings
from claimed_jlab.run.engines import Engine, Work
from claimed_jlab.run.eventlog import EventLog
from claimed_jlab.run.runs import Run, create_run


class InlineSettings(BaseModel):
    """Its one setting."""

    greeting: str = Field("hello", title="Greeting", max_length=20)


class InlineEngine(Engine):
    """Executes the cells of notebooks with `exec`, in their order."""

    name: ClassVar[str] = "inline"
    title: ClassVar[str] = "Inline"
    features: ClassVar[frozenset[Any]] = frozenset({"cache", "archive"})
    Settings: ClassVar[type[BaseModel] | None] = InlineSettings

    def submit(self, work: Work) -> Run:
        return self._run(work.plan)

    def rerun(self, run: Run, *, jobs: int | None = None, cache: bool = False) -> Run:
        return self._run(run.order.plan)

    def settings(self) -> dict[str, Any]:
        return engine_settings.load(self.name, InlineSettings, self.site).model_dump()

    def configure(self, values: Any, **credential: str | None) -> None:
        engine_settings.save(self.name, InlineSettings, self.site, values)

    def _run(self, plan: Any) -> Run:
        run = create_run(writable_home(), plan, engine=self.name)
        log, gave = EventLog(run.events), {}
        log.append(kind="run", state="RUNNING")
        for task in plan.tasks:
            names = {
                name: gave[source.output[0]][source.output[1]] if source.output else source.value
                for name, source in task.inputs.items()
            }
            log.append(kind="task", task=task.name, state="RUNNING", inputs=names)
            cells = [
                cell for cell in json.loads(open(task.component.path).read())["cells"] if cell["cell_type"] == "code"
            ]
            for number, cell in enumerate(cells):
                given = dict(names)
                with redirect_stdout(StringIO()):
                    exec("".join(cell["source"]), names)
                names |= given if number == 0 else {}  # the defaults count only where nothing was given
            gave[task.name] = {port.name: names[port.name] for port in task.component.outputs}
            log.append(kind="task", task=task.name, state="COMPLETE", outputs=gave[task.name])
        log.append(kind="run", state="COMPLETE")
        return run
