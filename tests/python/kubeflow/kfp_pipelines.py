"""Pipelines for KFP's own compiler, of containers that end at once, and how tests run them.

KFP reads annotations as they stand: they must not become text.
"""

import time
import urllib.request
import warnings
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import kfp
    from kfp import compiler, dsl

IMAGE = "python:3.11-slim"
FINAL = ("SUCCEEDED", "FAILED", "CANCELED", "SKIPPED")


@dsl.container_component
def make(n: int, out: dsl.Output[dsl.Dataset], size: dsl.OutputPath(int)):  # type: ignore[valid-type]
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["sh", "-c", 'printf "%0*d" "$0" 0 > "$1"; printf "$0" > "$2"; echo "made $0 in $1"'],
        args=[n, out.path, size],
    )


@dsl.container_component
def count(data: dsl.Input[dsl.Dataset], word: str, said: dsl.OutputPath(str)):  # type: ignore[valid-type]
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["sh", "-c", 'printf "$1 $(wc -c < "$0" | tr -d " ")" > "$2"'],
        args=[data.path, word, said],
    )


@dsl.container_component
def total(numbers: list, said: dsl.OutputPath(str)):  # type: ignore[valid-type]
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["python3", "-c", "import sys, json; open(sys.argv[2], 'w').write(str(sum(json.loads(sys.argv[1]))))"],
        args=[numbers, said],
    )


@dsl.container_component
def fail_below(word: str, path: str):
    """Fails until it was called three times; keeps count in a file outside."""
    return dsl.ContainerSpec(
        image=IMAGE,
        command=["sh", "-c", 'echo "$0" >> "$1"; echo "try $(wc -l < "$1")" >&2; test $(wc -l < "$1") -ge 3'],
        args=[word, path],
    )


@dsl.container_component
def say(word: str):
    return dsl.ContainerSpec(image=IMAGE, command=["echo"], args=[word])


@dsl.container_component
def sleep(seconds: int):
    return dsl.ContainerSpec(image=IMAGE, command=["sleep"], args=[seconds])


def compiled(folder: Path, pipeline: Any) -> str:
    """The pipeline's file, as KFP's compiler writes it."""
    path = str(folder / f"{pipeline.name}.yaml")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiler.Compiler().compile(pipeline, path)
    return path


def client_of(server: Any, **more: Any) -> kfp.Client:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return kfp.Client(server.url, **more)


def run_file(client: kfp.Client, path: str, parameters: dict[str, Any] | None = None, **more: Any) -> Any:
    """Runs a file to its end; gives the run as the client's model."""
    run = client.create_run_from_pipeline_package(path, arguments=parameters or {}, **more)
    return ended(client, run.run_id)


def ended(client: kfp.Client, run_id: str, seconds: float = 30) -> Any:
    """The run, once it has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run = client.get_run(run_id)
        if run.state in FINAL:
            return run
        time.sleep(0.05)
    raise TimeoutError(f"run {run_id} is {run.state}")


def held_up(client: kfp.Client, run_id: str, seconds: float = 20) -> Any:
    """The run, once a pod of it waits, and still after a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run = client.get_run(run_id)
        if run.run_details and states(run).get("executor") == {"PENDING"}:
            time.sleep(0.3)
            return client.get_run(run_id)
        time.sleep(0.05)
    raise TimeoutError(f"run {run_id} is {run.state}")


def states(run: Any) -> dict[str, set[str | None]]:
    """The states of nodes by what they are called."""
    found: dict[str, set[str | None]] = {}
    for detail in run.run_details.task_details:
        found.setdefault(detail.display_name, set()).add(detail.state)
    return found


def given(server: Any, run: Any) -> dict[str, dict[str, Any]]:
    """The parameters that tasks gave, by the end of their node's name."""
    done = server.cluster.state["runs"][run.run_id]["done"]
    return {name.split(".root.")[1]: kept["values"]["parameters"] for name, kept in done.items()}


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        return bytes(answer.read())
