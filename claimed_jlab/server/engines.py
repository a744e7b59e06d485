"""`/claimed/engines`: what runs pipelines, how it is set up, and what it runs by itself."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from claimed_jlab.errors import ClaimedError
from claimed_jlab.server.handler import ClaimedHandler


class EnginesHandler(ClaimedHandler):
    """The engines that are installed, the local one first."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        from claimed_jlab.run.engine_list import listed

        self.finish({"engines": await self.work(lambda: listed(self.claimed.engine_names(), self.claimed.engine))})


class SettingsHandler(ClaimedHandler):
    """An engine's settings, and what their form is made of. Never a credential."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        self.finish(await self.work(lambda: _settings(self.claimed.engine(name))))

    @web.authenticated
    @authorized
    async def put(self, name: str) -> None:
        """`values` changes settings; `credential` keeps one in the keyring, null forgets it."""
        body = self.body()
        given = {"credential": _text(body, "credential")} if "credential" in body else {}

        def change() -> dict[str, Any]:
            engine = self.claimed.engine(name)
            engine.configure(_values(body) or {}, **given)
            return _settings(self.claimed.engine(name))

        self.finish(await self.work(change))


class TestHandler(ClaimedHandler):
    """Tries a connection, with settings that are not kept yet where some are given."""

    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        body = self.body()
        credential = _text(body, "credential") or None
        found = await self.work(lambda: self.claimed.engine(name).test(_values(body), credential))
        self.finish(found.model_dump(mode="json"))


class SchedulesHandler(ClaimedHandler):
    """What an engine runs by itself again and again; and one more."""

    @web.authenticated
    @authorized
    async def get(self, name: str) -> None:
        found = await self.work(lambda: self.claimed.engine(name).schedules())
        self.finish({"schedules": [self.answer(item) for item in found]})

    @web.authenticated
    @authorized
    async def post(self, name: str) -> None:
        from claimed_jlab.run.preparing import prepare
        from claimed_jlab.run.schedules import timing_of

        body = self.body()
        path, parameters = self.os_path(body.get("path")), body.get("parameters") or {}
        if not isinstance(parameters, dict):
            raise ClaimedError("the parameters must be an object", where="parameters", code="bad-request")

        def make() -> Any:
            engine = self.claimed.engine(name)
            return engine.schedule(prepare(path, parameters, self.claimed.catalog, engine=engine), timing_of(body))

        found = await self.work(make)
        self.set_status(201)
        self.finish(self.answer(found))

    def answer(self, schedule: Any) -> dict[str, Any]:
        """A schedule's JSON, with the contents path of its document."""
        found: dict[str, Any] = schedule.model_dump(mode="json")
        return {**found, "path": self.contents_path(schedule.path) if schedule.path else None}


class ScheduleHandler(SchedulesHandler):
    """One schedule."""

    @web.authenticated
    @authorized
    async def get(self, name: str, schedule: str) -> None:
        found = await self.work(lambda: self.claimed.engine(name).find_schedule(schedule))
        self.finish(self.answer(found))

    @web.authenticated
    @authorized
    async def delete(self, name: str, schedule: str) -> None:
        await self.work(lambda: self.claimed.engine(name).delete_schedule(schedule))
        self.set_status(204)
        self.finish()


class EnableScheduleHandler(SchedulesHandler):
    """A schedule goes on, or rests."""

    enabled = True

    @web.authenticated
    @authorized
    async def post(self, name: str, schedule: str) -> None:
        found = await self.work(lambda: self.claimed.engine(name).enable_schedule(schedule, self.enabled))
        self.finish(self.answer(found))


class DisableScheduleHandler(EnableScheduleHandler):
    """A schedule rests."""

    enabled = False


def _settings(engine: Any) -> dict[str, Any]:
    if engine.Settings is None:
        raise ClaimedError(f"{engine.title} has no settings", code="unknown-engine")
    credential = engine.credential().model_dump(mode="json")
    credential["from"] = credential.pop("kept_in")
    return {
        "schema": engine.Settings.model_json_schema(),
        "values": engine.settings(),
        "fixed": engine.fixed(),
        "credential": credential,
    }


def _values(body: dict[str, Any]) -> dict[str, Any] | None:
    values = body.get("values")
    if values is not None and not isinstance(values, dict):
        raise ClaimedError("the values must be an object", where="values", code="bad-request")
    return values


def _text(body: dict[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ClaimedError("must be text", where=name, code="bad-request")
    return value
