"""`/claimed/catalogs`: where components come from; and `/claimed/components/trust`: which of them may run."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler


class CatalogsHandler(ClaimedHandler):
    """All catalogs, and a new one."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        views = await self.work(self.claimed.catalog.catalogs)
        self.finish({"catalogs": [view.model_dump(mode="json") for view in views]})

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Adds a catalog, and fetches it. A relative path begins at the contents root."""
        from claimed_jlab.component.catalogs.operations import add

        body = self.body()
        given = {name: _text(body, name) for name in ("location", "name", "kind", "ref")}
        location = given.pop("location") or ""
        catalog = self.claimed.catalog

        def adding() -> Any:
            taken = [source.name for source in catalog.sources]
            entry = add(location, **given, base=self.root, taken=taken)
            return catalog.catalog(entry.name)

        view = await self.work(adding)
        self.set_status(201)
        self.finish(view.model_dump(mode="json"))


class CatalogHandler(ClaimedHandler):
    """One catalog."""

    @web.authenticated
    @authorized
    async def delete(self, name: str) -> None:
        """Removes a catalog that was added."""
        from claimed_jlab.component.catalogs.operations import remove

        catalog = self.claimed.catalog
        await self.work(lambda: remove(catalog.catalog(name)))
        self.set_status(204)
        self.finish()


class CatalogActionHandler(ClaimedHandler):
    """What all changes of a catalog share: it is found, changed, and answered as it then is."""

    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        catalog = self.claimed.catalog

        def changing() -> Any:
            self.change(catalog.catalog(name))
            return catalog.catalog(name)

        view = await self.work(changing)
        self.finish(view.model_dump(mode="json"))

    def change(self, view: Any) -> None:
        raise NotImplementedError


class EnableHandler(CatalogActionHandler):
    """Switches a catalog on."""

    def change(self, view: Any) -> None:
        from claimed_jlab.component.catalogs.registry import enable

        enable(view.name)


class DisableHandler(CatalogActionHandler):
    """Switches a catalog off."""

    def change(self, view: Any) -> None:
        from claimed_jlab.component.catalogs.registry import disable

        disable(view.name)


class RefreshHandler(CatalogActionHandler):
    """Fetches a catalog anew; where that fails, it stays and its `problem` says why."""

    def change(self, view: Any) -> None:
        from claimed_jlab.component.catalogs.operations import refresh

        refresh(view)


class TrustHandler(ClaimedHandler):
    """Lets components from outside run, as they are now; with `keys`, only as they were when the user was asked."""

    @web.authenticated
    @authorized
    async def post(self) -> None:
        from claimed_jlab.component.catalogs.trust import trust

        body = self.body()
        references, keys = body.get("references"), body.get("keys")
        if keys is not None and not isinstance(keys, dict):
            raise ClaimedError("must be an object of references", where="keys", code="bad-request")
        if not isinstance(references, list) or not all(isinstance(item, str) for item in references):
            raise ClaimedError("must be a list of references", where="references", code="bad-request")
        catalog = self.claimed.catalog
        trusted = await self.work(lambda: trust(map(catalog.resolve, references), keys))
        self.finish({"trusted": trusted})


def _text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ClaimedError("must be text", where=name, code="bad-request")
    return value or None
