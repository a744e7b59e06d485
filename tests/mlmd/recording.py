"""Times how Google's ml-metadata records runs, in an environment of its own (make_env.sh), at its best.

recording.py STORE COUNT   milliseconds of each run, as JSON. A run is one call: an execution with five parameters and
five metrics, two artifacts that it read, and two that it made. The file is in WAL mode, which the library keeps.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from typing import Any

from ml_metadata.metadata_store import metadata_store
from ml_metadata.proto import metadata_store_pb2 as pb


def main(path: str, count: str) -> list[float]:
    config = pb.ConnectionConfig()
    config.sqlite.filename_uri = path
    config.sqlite.connection_mode = pb.SqliteMetadataSourceConfig.READWRITE_OPENCREATE
    metadata_store.MetadataStore(config)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    store = metadata_store.MetadataStore(config)
    data = store.put_artifact_type(pb.ArtifactType(name="system.Dataset"))
    task = store.put_execution_type(pb.ExecutionType(name="system.ContainerExecution"))
    group = store.put_context_type(pb.ContextType(name="system.Pipeline"))
    (pipeline,) = store.put_contexts([pb.Context(type_id=group, name="Credit")])
    read = store.put_artifacts([pb.Artifact(type_id=data, uri=f"file:///in{number}") for number in range(2)])
    group_of = pb.Context(id=pipeline, type_id=group, name="Credit")
    found = []
    for number in range(int(count)):
        began = time.perf_counter()
        _record(store, task, data, group_of, read, number)
        found.append((time.perf_counter() - began) * 1000)
    return found


def _record(store: Any, task: int, data: int, pipeline: Any, read: list[int], number: int) -> None:
    execution = pb.Execution(type_id=task, last_known_state=pb.Execution.COMPLETE)
    for name in ("C", "seed", "depth", "rate", "folds"):
        execution.custom_properties[f"parameter.{name}"].double_value = number
    for name in ("accuracy", "auc", "f1", "loss", "recall"):
        execution.custom_properties[f"metric.{name}"].double_value = 0.75
    pairs = [
        (pb.Artifact(id=id_, type_id=data, uri=f"file:///in{at}"), _event(pb.Event.INPUT, f"in{at}"))
        for at, id_ in enumerate(read)
    ]
    pairs += [
        (pb.Artifact(type_id=data, uri=f"file:///{number}/{at}"), _event(pb.Event.OUTPUT, f"out{at}"))
        for at in range(2)
    ]
    store.put_execution(execution, pairs, [pipeline])


def _event(type_: int, name: str) -> Any:
    event = pb.Event(type=type_)
    event.path.steps.add().key = name
    return event


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
