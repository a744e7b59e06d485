"""CLAIMED for JupyterLab: trusted-AI components, pipelines and lineage. Imports nothing: it costs nothing."""

from __future__ import annotations

__version__ = "0.1.0"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "claimed-jlab"}]


def _jupyter_server_extension_points() -> list[dict[str, object]]:
    from claimed_jlab.server.app import ClaimedApp

    return [{"module": "claimed_jlab", "app": ClaimedApp}]
