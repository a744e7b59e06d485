"""The drawn lineage: its layout against dagre and ELK, and its pictures in Chromium."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.figures import BIN, Figure

_ROOT = Path(__file__).parents[2]

_LAYOUTS = {5000: 100, 50_000: 600}
"""Milliseconds that are promised for so many nodes."""

_PEERS = {"dagre": 1000, "elk": 1000}
"""The largest graph that each of them is asked for: beyond, they take too long to be waited for."""

_KINDS = {"runs": "runs of a pipeline", "random": "of no order"}


def layout() -> list[Figure]:
    """Pure layout, from typed arrays to typed arrays, in node; dagre and ELK lay out the same graphs."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "layouts.json"
        _jlpm("bench:ts", "lineage-graph.bench", f"--outputJson={out}")
        groups = json.loads(out.read_text(encoding="utf-8"))["files"][0]["groups"]
    figures = []
    for group in groups:
        kind = group["fullName"].rsplit(" ", 1)[-1]
        took = {bench["name"]: bench["median"] for bench in group["benchmarks"]}
        about = _KINDS[kind]
        figures += [
            Figure(f"lineage: lay out {count:,} nodes, {about}", took[f"ours {count}"], bound, "ms", "promise")
            for count, bound in _LAYOUTS.items()
        ]
        figures += [
            Figure(
                f"lineage: lay out {count:,} nodes, {about}", took[f"ours {count}"], took[f"{peer} {count}"], "ms", peer
            )
            for peer, count in _PEERS.items()
        ]
    return figures


def pictures() -> list[Figure]:
    """In JupyterLab at rest: from the graph that is set, with its layout, to its picture; frames while one pans."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "figures.json"
        _jlpm("test:ui", "lineage-graph.bench", CLAIMED_FIGURES=str(out))
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return [
        Figure("lineage: first paint of 200 nodes", found["small"], 150, "ms", "promise"),
        Figure("lineage: first paint of 10,000 nodes", found["large"], 500, "ms", "promise"),
        *(
            Figure(f"lineage: pan at 10,000 nodes, {about}, longest frame", found[name], 50, "ms", "promise")
            for name, about in (("near", "near"), ("between", "names"), ("whole", "whole"))
        ),
    ]


def _jlpm(*words: str, **environment: str) -> None:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        ["jlpm", *words], cwd=_ROOT, env={**os.environ, "PATH": path, **environment}, check=True, capture_output=True
    )
