"""`/claimed/components`: what the palette shows, and making a component of a notebook."""

from __future__ import annotations

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler


class ComponentsHandler(ClaimedHandler):
    """All components in one answer, with an ETag; 304 when nothing changed."""

    _mark: str | None = None

    @web.authenticated
    @authorized
    async def get(self) -> None:
        catalog = self.claimed.catalog
        found = await self.work(catalog.answer)
        self._mark = found.mark
        self.set_etag_header()
        if self.check_etag_header():
            self.set_status(304)
            return
        self.set_header("Content-Type", "application/json")
        self.finish(f'{{"components": {found.components}, "diagnostics": {found.diagnostics}}}')

    def compute_etag(self) -> str | None:
        """The catalog's own mark: the answer of a thousand components is not hashed for every request."""
        return f'"{self._mark}"' if self._mark else super().compute_etag()

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Makes a component of a notebook, among the user's own."""
        from claimed_jlab.component.create import create_component
        from claimed_jlab.paths import writable_home

        body = self.body()
        path, force = self.os_path(body.get("path")), bool(body.get("force", False))
        sampled = bool(body.get("sample", True))
        folder = writable_home() / "components"
        spec = await self.work(lambda: create_component(path, folder, force=force, with_sample=sampled))
        self.set_status(201)
        self.finish(spec.model_dump(mode="json"))


class InspectHandler(ClaimedHandler):
    """A notebook as a component, saved or not, beside the component that is there."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        from claimed_jlab.component.inspection import inspect_notebook
        from claimed_jlab.paths import home

        body = self.body()
        path, source = self.os_path(body.get("path")), body.get("source")
        if source is not None and not isinstance(source, str):
            raise ClaimedError("the source must be text", where="source", code="bad-request")
        answer = await self.work(lambda: inspect_notebook(path, home() / "components", source))
        self.finish(answer.model_dump(mode="json"))


class ComponentHandler(ClaimedHandler):
    """One component, in the version asked for or the newest."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        version = self.get_query_argument("version", None)
        reference = f"{name}@{version}" if version else name
        catalog = self.claimed.catalog
        spec = await self.work(lambda: catalog.listed(catalog.resolve(reference)))
        self.finish(spec.model_dump(mode="json"))
