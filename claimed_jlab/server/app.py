"""The extension application: its settings, its routes, its watch over runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.extension.application import ExtensionApp
from tornado.ioloop import PeriodicCallback
from traitlets import List, Unicode

from claimed_jlab import __version__
from claimed_jlab.server.routes import ROUTES

if TYPE_CHECKING:
    from claimed_jlab.component.catalog import Catalog

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

    _catalog: Catalog | None = None

    @property
    def catalog(self) -> Catalog:
        """The catalog, made when first asked for: a server that shows no palette pays nothing."""
        if self._catalog is None:
            from claimed_jlab.component.catalog import default_catalog

            # Not `Path.expanduser`, which raises for a user who is not there; a folder that is absent is said instead.
            folders = [Path(os.path.expanduser(path)) for path in self.component_paths]  # noqa: PTH111
            self._catalog = default_catalog(folders)
        return self._catalog

    def initialize_settings(self) -> None:
        self.settings["claimed"] = self

    def initialize_handlers(self) -> None:
        self.handlers.extend(ROUTES)

    async def _start_jupyter_server_extension(self, serverapp: Any) -> None:
        from claimed_jlab.server.watch import RunWatch

        serverapp.event_logger.register_event_schema(EVENTS / "run.yaml")
        watch = RunWatch(serverapp.event_logger, Path(serverapp.root_dir))
        self._watching = PeriodicCallback(watch.look, watch.interval_ms)
        self._watching.start()

    async def stop_extension(self) -> None:
        if hasattr(self, "_watching"):
            self._watching.stop()
