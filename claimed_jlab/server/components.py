"""`/claimed/components`: what the palette shows."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.server.handler import ClaimedHandler


class ComponentsHandler(ClaimedHandler):
    """All components in one answer. Tornado gives it an ETag, and 304 when nothing changed."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        catalog = self.claimed.catalog
        found = await self.work(catalog.listing)
        self.finish(
            {
                "components": [spec.model_dump(mode="json") for spec in found],
                "diagnostics": [item.model_dump(mode="json") for item in catalog.diagnostics],
            }
        )


class ComponentHandler(ClaimedHandler):
    """One component, in the version asked for or the newest."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        from claimed_jlab.component.catalog import listed

        version = self.get_query_argument("version", None)
        reference = f"{name}@{version}" if version else name
        spec = await self.work(lambda: listed(self.claimed.catalog.resolve(reference)))
        self.finish(spec.model_dump(mode="json"))
