"""A stand-in for Kubeflow Pipelines' API (v2beta1) that really runs what it is given, on this machine. For tests only.

    with KfpServer(folder) as server:
        client = kfp.Client(server.url)

It answers as the API server, the UI server (logs, artifacts) and the metadata proxy of KFP 2.0 to 2.16 do, keeps its
state in a folder, and can be told to fail (`server.faults`). `python -m tests.kfp_server --help` for use by hand.
"""

from __future__ import annotations

from tests.kfp_server.faults import Fault, PodFault
from tests.kfp_server.options import Options
from tests.kfp_server.server import KfpServer

__all__ = ["Fault", "KfpServer", "Options", "PodFault"]
