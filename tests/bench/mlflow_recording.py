"""Times how MLflow records runs in SQLite, in an environment of its own. A script: mlflow_recording.py FOLDER COUNT.

A run is what its client offers for it: made, five parameters and five metrics in one batch, two inputs, two artifacts
named by tags, and ended. Milliseconds of each, as JSON.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunTag

logging.disable(logging.WARNING)


def main(folder: str, count: str) -> list[float]:
    client = MlflowClient(tracking_uri=f"sqlite:///{folder}/mlflow.db")
    experiment = client.create_experiment("Credit", artifact_location=folder)
    found = []
    for number in range(int(count)):
        began = time.perf_counter()
        _record(client, experiment, number)
        found.append((time.perf_counter() - began) * 1000)
    return found[1:]


def _record(client: Any, experiment: str, number: int) -> None:
    run = client.create_run(experiment).info.run_id
    now = int(time.time() * 1000)
    metrics = [Metric(name, 0.75, now, 0) for name in ("accuracy", "auc", "f1", "loss", "recall")]
    params = [Param(name, str(number)) for name in ("C", "seed", "depth", "rate", "folds")]
    tags = [RunTag(f"output.{at}", f"file:///{number}/{at}") for at in range(2)]
    client.log_batch(run, metrics=metrics, params=params, tags=tags)
    data = [Dataset(f"in{at}", f"d{at}", "local", f"file:///in{at}") for at in range(2)]
    client.log_inputs(run, [DatasetInput(one, tags=[]) for one in data])
    client.set_terminated(run)


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
