"""The layers of a Keras model, and what lies in a TensorFlow SavedModel's folder."""

from __future__ import annotations

import json
import os
from itertools import islice
from pathlib import Path
from typing import Any

from claimed_jlab.run.previews.archives import archive, member
from claimed_jlab.run.previews.shown import Shown, facts, line, plain, table, weight
from claimed_jlab.run.previews.stream import Malformed

_LAYERS = 200
_FILES = 1000
_TOLD = ("units", "filters", "kernel_size", "activation", "rate", "batch_shape", "pool_size", "strides")


def keras(path: Path) -> Shown:
    """The layers of a .keras file by its config.json; the weights are not read."""
    size = weight(path.stat().st_size)
    try:
        with archive(path) as bundle:
            config = json.loads(member(bundle, "config.json"))
        inner = config["config"]
        layers = [_layer(entry) for entry in inner["layers"][:_LAYERS]]
        rows = [("Class", str(config["class_name"])), ("Name", str(inner.get("name", ""))), ("Size", size)]
        count = len(inner["layers"])
    except Malformed as error:
        return line(f"A Keras model, {size}; {error}.")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return line(f"A Keras model, {size}; its config.json is malformed, or has no layers.")
    many = count > _LAYERS
    caption = f"the first {_LAYERS} of {count:,} layers" if many else f"{count} layers"
    page = facts("Keras model", rows) + table(caption, [("layer", "class", "settings")], layers)
    text = [plain("Keras model", rows), *(f"{name}: {kind} {told}".rstrip() for name, kind, told in layers)]
    return Shown({"text/html": page, "text/plain": "\n".join(text)}, many)


def _layer(entry: dict[str, Any]) -> tuple[str, str, str]:
    config = entry["config"]
    told = ", ".join(
        f"{name} {config[name]}" for name in _TOLD if isinstance(config.get(name), str | int | float | list)
    )
    return str(config.get("name", ""))[:100], str(entry["class_name"])[:100], told[:200]


def saved_model(path: Path) -> Shown:
    """What lies in the folder of a SavedModel, links aside; its graph is not read."""
    with os.scandir(path) as entries:
        files = [entry for entry in islice(entries, _FILES) if entry.is_file(follow_symlinks=False)]
    weights = path / "variables"
    if weights.is_dir() and not weights.is_symlink():
        with os.scandir(weights) as entries:
            files += [entry for entry in islice(entries, _FILES) if entry.is_file(follow_symlinks=False)]
    rows = [
        (Path(entry.path).relative_to(path).as_posix(), weight(entry.stat(follow_symlinks=False).st_size))
        for entry in sorted(files, key=lambda entry: entry.path)
    ]
    title = "TensorFlow SavedModel"
    return Shown({"text/html": facts(title, rows), "text/plain": plain(title, rows)})
