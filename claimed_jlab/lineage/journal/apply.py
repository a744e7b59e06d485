"""Applying lines to the store: in order, all of a batch in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from claimed_jlab.errors import ClaimedError
from claimed_jlab.lineage import shapes
from claimed_jlab.lineage.errors import LineageError, StoreUnavailable
from claimed_jlab.lineage.journal.bulk import put_runs
from claimed_jlab.lineage.journal.entry import WHOLE, RecordedRun, record_of, run_of
from claimed_jlab.lineage.record import Recorder
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.write import at_moment

T = TypeVar("T")
Entry = tuple[int, dict[str, Any] | None]


class Refusal(NamedTuple):
    """Why a line could not be applied."""

    why: str


class _Within:
    """The transaction that is open already, in the place of a store."""

    def __init__(self, connection: Connection, location: str) -> None:
        self._connection = connection
        self.location = location

    def write(self, work: Callable[[Connection], T]) -> T:
        return work(self._connection)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self._connection


def apply(store: Store, entries: Sequence[Entry]) -> dict[int, Refusal]:
    """Apply lines (time, entry); returns why those were refused that could not be, by their number.

    Raises StoreUnavailable; then nothing is applied.
    """

    def work(connection: Connection) -> dict[int, Refusal]:
        refused: dict[int, Refusal] = {}
        types = shapes.TypeIds.ensure(connection)
        recorder = Recorder(_Within(connection, store.location), types)
        numbered = list(enumerate(entries))
        for whole, group in groupby(numbered, key=lambda one: one[1][1] is not None and one[1][1].get("op") == WHOLE):
            some = list(group)
            if whole:
                refused |= _put_whole(connection, recorder, types, some)
            else:
                refused |= _put_each(connection, recorder, some)
        return refused

    return store.write(work)


def _put_whole(
    connection: Connection, recorder: Recorder, types: shapes.TypeIds, some: Sequence[tuple[int, Entry]]
) -> dict[int, Refusal]:
    """Whole runs: together where the database allows it, and one by one where that meets anything unusual."""
    runs, refused = [], dict[int, Refusal]()
    for number, (_, entry) in some:
        assert entry is not None
        try:
            runs.append((number, run_of(entry)))
        except LineageError as error:
            refused[number] = Refusal(str(error))
    if connection.dialect.name == "sqlite":
        try:
            with connection.begin_nested():
                put_runs(connection, types, [run for _, run in runs])
            return refused
        except (ClaimedError, IntegrityError):
            pass
    for number, run in runs:
        why = _tried(connection, lambda run=run: _put_run(recorder, run))  # type: ignore[misc]
        if why is not None:
            refused[number] = Refusal(why)
    return refused


def _put_each(connection: Connection, recorder: Recorder, some: Sequence[tuple[int, Entry]]) -> dict[int, Refusal]:
    refused = {}
    for number, (at, entry) in some:
        if entry is None:
            refused[number] = Refusal("its check does not agree with it")
            continue
        with at_moment(at):
            why = _tried(connection, lambda entry=entry: _put(recorder, entry))  # type: ignore[misc]
        if why is not None:
            refused[number] = Refusal(why)
    return refused


def _tried(connection: Connection, work: Callable[[], None]) -> str | None:
    """Why it could not be done; what it wrote until then is taken back."""
    try:
        with connection.begin_nested():
            work()
    except StoreUnavailable:
        raise
    except (ClaimedError, IntegrityError, KeyError, TypeError, AttributeError) as error:
        return str(error) if isinstance(error, ClaimedError) else f"{type(error).__name__}: {error}"
    return None


def _put(recorder: Recorder, entry: Mapping[str, Any]) -> None:
    given = {name: value for name, value in entry.items() if name not in ("at", "op")}
    step = _STEPS.get(entry.get("op", ""))
    if step is None:
        raise LineageError(f"{entry.get('op')!r} is no step of a run")
    step(recorder, given)


def _start_task(recorder: Recorder, given: dict[str, Any]) -> None:
    artifacts = {
        name: one if isinstance(one, int) else recorder.import_artifact(given["run_id"], given["task"], record_of(one))
        for name, one in given.pop("artifacts").items()
    }
    recorder.start_task(given.pop("run_id"), given.pop("task"), artifacts=artifacts, **given)


def _finish_task(recorder: Recorder, given: dict[str, Any]) -> None:
    artifacts = {name: record_of(one) for name, one in given.pop("artifacts").items()}
    recorder.finish_task(given.pop("run_id"), given.pop("task"), artifacts=artifacts, **given)


_STEPS: Mapping[str, Callable[[Recorder, dict[str, Any]], object]] = {
    "start_run": lambda recorder, given: recorder.start_run(given.pop("run_id"), given.pop("pipeline"), **given),
    "import_artifact": lambda recorder, given: recorder.import_artifact(
        given["run_id"], given["task"], record_of(given["artifact"])
    ),
    "start_task": _start_task,
    "finish_task": _finish_task,
    "cancel_task": lambda recorder, given: recorder.cancel_task(given.pop("run_id"), given.pop("task"), **given),
    "finish_run": lambda recorder, given: recorder.finish_run(given["run_id"], given["state"], given.get("properties")),
    "fail_unfinished": lambda recorder, given: recorder.fail_unfinished(given["run_id"], given["message"]),
}


def _put_run(recorder: Recorder, run: RecordedRun) -> None:
    """The same rows as `put_runs` makes, by the recorder's steps."""
    with at_moment(run.started):
        recorder.start_run(run.run_id, run.pipeline, parameters=run.parameters, properties=run.run_properties)
        artifacts = {
            name: recorder.import_artifact(run.run_id, run.task, record) for name, record in run.inputs.items()
        }
        recorder.start_task(
            run.run_id,
            run.task,
            display_name=run.display_name,
            inputs=run.parameters,
            artifacts=artifacts,
            properties=run.properties,
        )
    with at_moment(run.finished):
        recorder.finish_task(
            run.run_id, run.task, state=run.state, outputs=run.metrics, artifacts=run.outputs, properties={}
        )
        recorder.finish_run(run.run_id, run.state)
