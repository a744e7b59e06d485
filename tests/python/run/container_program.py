#!/usr/bin/env python3
"""Imitates `docker` and `podman` for tests, where there is neither: what is asked of it is held to their documentation.

`run` executes the command on this machine, in a folder that imitates the container's: each mount is a link below it,
and where a mount's target stands in the command or in the environment, that link stands instead. Of the environment
of this process, only what `--env` says comes in. The folder $FAKE_CONTAINERS keeps what was asked, and what runs.

Options: docs.docker.com/reference/cli/docker/container/run, docs.podman.io/en/latest/markdown/podman-run.1.html
"""

import argparse
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

STATE = Path(os.environ["FAKE_CONTAINERS"])
PODMAN = Path(sys.argv[0]).name == "podman"


def main(words):
    command, rest = words[0], words[1:]
    with (STATE / "asked.jsonl").open("a") as asked:
        asked.write(json.dumps([Path(sys.argv[0]).name, *words]) + "\n")
    return {"run": run, "stop": stop, "rm": remove}[command](rest)


def run(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for option in ("--name", "--user", "--cpus", "--memory", "--gpus", "--entrypoint"):
        parser.add_argument(option)
    if PODMAN:
        parser.add_argument("--userns", choices=["keep-id"])
        parser.add_argument("--security-opt", choices=["label=disable"])
    parser.add_argument("--rm", action="store_true", required=True)
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--mount", action="append", default=[])
    parser.add_argument("image")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args(words)
    assert re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+", asked.name), asked.name
    assert asked.cpus is None or 0.01 <= float(asked.cpus) <= os.cpu_count()
    assert asked.memory is None or re.fullmatch(r"\d+[bkmg]?", asked.memory)
    if asked.image.startswith("absent/"):
        print(f"Unable to find image '{asked.image}' locally\npull access denied for {asked.image}", file=sys.stderr)
        return 125
    return _execute(asked)


def _execute(asked):
    root = STATE / asked.name
    root.mkdir()
    moved = dict(_mounted(root, mount) for mount in asked.mount)

    def inside(text):
        for target in sorted(moved, key=len, reverse=True):
            text = text.replace(target, moved[target])
        return text

    environment = {"PATH": os.environ["PATH"]}
    for item in asked.env:
        name, given, value = item.partition("=")
        environment[name] = inside(value if given else os.environ[name])
    entry = [asked.entrypoint] if asked.entrypoint else ["python3", "-c", "import sys; print('image:', *sys.argv[1:])"]
    command = [inside(word) for word in [*entry, *asked.command]]
    process = subprocess.Popen(command, cwd=root, env=environment, start_new_session=True)
    (root / "pid").write_text(str(process.pid))
    code = process.wait()
    shutil.rmtree(root, ignore_errors=True)  # --rm
    return 128 - code if code < 0 else code


def _mounted(root, text):
    (fields,) = csv.reader([text])
    options = dict(part.partition("=")[::2] for part in fields)
    assert options.keys() <= {"type", "source", "target", "readonly"} and options["type"] == "bind", options
    assert Path(options["source"]).is_absolute() and Path(options["target"]).is_absolute(), options
    assert Path(options["source"]).exists(), f"bind source path does not exist: {options['source']}"
    place = root / options["target"].lstrip("/")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(options["source"])
    return options["target"], str(place)


def stop(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("-t", type=int)
    parser.add_argument("name")
    return _kill(parser.parse_args(words).name, signal.SIGTERM)


def remove(words):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--force", action="store_true")
    parser.add_argument("name")
    return _kill(parser.parse_args(words).name, signal.SIGKILL)


def _kill(name, number):
    try:
        os.killpg(int((STATE / name / "pid").read_text()), number)
    except (OSError, ValueError):
        print(f"Error: No such container: {name}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
