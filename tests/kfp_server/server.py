"""The stand-in as a thing that is started and stopped."""

from __future__ import annotations

import ssl
import threading
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.kfp_server.certificates import Certificates
from tests.kfp_server.cluster import Cluster
from tests.kfp_server.faults import Fault, Faults, PodFault
from tests.kfp_server.options import Options
from tests.kfp_server.recurring import Scheduler
from tests.kfp_server.web import Web


class KfpServer:
    """A Kubeflow Pipelines that keeps all it has in a folder.

    options: the fields of `Options`. `url` is the base of the API and of the UI server, `ca` the certificate to trust.
    """

    def __init__(self, folder: Path | str, **options: Any) -> None:
        self.folder = Path(folder)
        self.options = Options(**options)
        self.ca: Path | None = None

    def start(self) -> KfpServer:
        """Starts it; a port that was given or found before is used again."""
        self.cluster = Cluster(self.folder, self.options)
        self._web = Web((self.options.host, self.options.port), self.cluster)
        self.options = replace(self.options, port=self._web.server_address[1])
        if self.options.tls:
            made = Certificates(self.folder, self.options.tls)
            self.ca = made.ca
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            made.use(context)
            self._web.socket = context.wrap_socket(self._web.socket, server_side=True, do_handshake_on_connect=False)
        self._scheduler = Scheduler(self.cluster)
        self._scheduler.start()
        self._thread = threading.Thread(target=self._web.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stops it. What ran goes on when a server is started on the same folder."""
        self._web.closing.set()
        self._scheduler.stop()
        self._web.shutdown()
        self._web.close_all()
        self._web.server_close()
        self.cluster.close()

    def restart(self) -> None:
        """Stops it and starts it again, at the same address."""
        self.stop()
        self.start()

    @property
    def url(self) -> str:
        scheme = "https" if self.options.tls else "http"
        host = "localhost" if self.options.tls else self.options.host
        return f"{scheme}://{host}:{self.options.port}{self.options.prefix}"

    @property
    def faults(self) -> Faults:
        return self.cluster.faults

    @property
    def requests(self) -> list[tuple[str, str]]:
        """(method, path with query) of every request so far."""
        return self._web.requests

    def fail(self, kind: str, path: str = "", **more: Any) -> None:
        """Adds a rule for requests; see `Fault`."""
        self.faults.add(Fault(kind, path, **more))

    def fail_pod(self, kind: str, task: str = ".*", **more: Any) -> None:
        """Adds a rule for pods; see `PodFault`."""
        self.faults.add(PodFault(kind, task, **more))

    def expire(self) -> None:
        """Ends every token and every session."""
        self.cluster.expire()

    def blob(self, uri: str) -> Path:
        """Where the bytes of a URI are."""
        found = self.cluster.machine.blob(uri)
        assert found is not None, uri
        return found

    def __enter__(self) -> KfpServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
