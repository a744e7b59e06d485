"""The extension application: its settings, its routes, its watch over runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from tornado.ioloop import PeriodicCallback
from traitlets import Dict, List, Unicode

from claimed_jlab import __version__
from claimed_jlab.lineage.location import configure
from claimed_jlab.server.routes import ROUTES

if TYPE_CHECKING:
    from claimed_jlab.component.catalog import Catalog
    from claimed_jlab.run.engines import Engine

EVENTS = Path(__file__).parent / "events"


class ClaimedApp(ExtensionApp):
    """CLAIMED in a Jupyter server."""

    name = "claimed_jlab"
    extension_url = "/claimed"
    load_other_extensions = True
    version = __version__

    component_paths: List[str] = List(
        Unicode(), config=True, help="More folders with components, before the user's own and the installed ones."
    )

    lineage_store: Unicode[str, str | bytes] = Unicode(
        config=True,
        help="Where lineage is kept: a path or a URL (postgresql://user@host/database, mysql://user@host/database)."
        " By default lineage.db in the CLAIMED home; the environment variable CLAIMED_LINEAGE counts first.",
    )

    mlmd_python: Unicode[str, str | bytes] = Unicode(
        config=True,
        help="The python of the environment that has ml-metadata, for a cluster's metadata service and for upgrades.",
    )

    engines: Dict[str, Any] = Dict(
        config=True,
        help="Settings that the site fixes, by engine: {'kubeflow': {'endpoint': 'https://kubeflow.example.org/pipeline'}}",
    )

    _catalog: Catalog | None = None
    _found: dict[str, Engine]

    @property
    def catalog(self) -> Catalog:
        """The catalog, made when first asked for: a server that shows no palette pays nothing."""
        if self._catalog is None:
            from claimed_jlab.component.catalog import default_catalog

            # Not `Path.expanduser`, which raises for a user who is not there; a folder that is absent is said instead.
            folders = [Path(os.path.expanduser(path)) for path in self.component_paths]  # noqa: PTH111
            self._catalog = default_catalog(folders)
        return self._catalog

    def engine(self, name: str) -> Engine:
        """The engine of a name, made when first asked for. Raises UnknownEngine."""
        if name not in self._found:
            from claimed_jlab.run.engines import find_engine

            self._found[name] = find_engine(name, self.engines)
        return self._found[name]

    def engine_names(self) -> list[str]:
        """The names of the engines that are installed."""
        from claimed_jlab.run.engines import engine_names

        return engine_names()

    def initialize_settings(self) -> None:
        self.settings["claimed"] = self
        configure(self.lineage_store)
        self._found = {}

    def initialize_handlers(self) -> None:
        self.handlers.extend(ROUTES)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        from claimed_jlab.server.watch import RemoteWatch, RunWatch

        serverapp.event_logger.register_event_schema(EVENTS / "run.yaml")
        watch = RunWatch(serverapp.event_logger, Path(serverapp.root_dir))
        self._watching = PeriodicCallback(watch.look, watch.interval_ms)
        self._watching.start()
        remote = RemoteWatch(self.engine, self.engine_names)
        self._polling = PeriodicCallback(remote.look, remote.interval_ms)
        self._polling.start()

    async def stop_extension(self) -> None:
        for name in ("_watching", "_polling"):
            if hasattr(self, name):
                getattr(self, name).stop()
