"""What all our handlers share: who may call, how errors answer, where paths may lead."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from jupyter_core.paths import is_hidden
from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from jupyter_server.utils import ApiPath, to_os_path
from tornado.web import HTTPError

from claimed_jlab.errors import ClaimedError

T = TypeVar("T")
_STATUS = {
    "unknown-run": 404,
    "unknown-task": 404,
    "unknown-output": 404,
    "unknown-component": 404,
    "unknown-artifact": 404,
    "unknown-notebook": 404,
    "no-such-file": 404,
    "unknown-catalog": 404,
    "unknown-engine": 404,
    "unknown-schedule": 404,
    "cluster-refused": 502,
    "cluster-unreachable": 504,
    "cannot-reproduce": 409,
    "source-gone": 409,
    "component-exists": 409,
    "catalog-exists": 409,
    "already-added": 409,
    "not-removable": 409,
    "still-running": 409,
    "untrusted-component": 409,
    "home-unwritable": 507,
}


class ClaimedHandler(ExtensionHandlerMixin, APIHandler):
    """Base of every handler below `/claimed/`."""

    auth_resource = "claimed"

    @property
    def claimed(self) -> Any:
        """The ClaimedApp."""
        return self.settings["claimed"]

    @property
    def root(self) -> Path:
        """The folder that contents paths begin at."""
        return Path(self.settings["contents_manager"].root_dir).expanduser().absolute()

    def os_path(self, path: object) -> Path:
        """The file that a contents path names. Raises ClaimedError when it leaves the root or is hidden."""
        if not isinstance(path, str) or not path.strip("/"):
            raise ClaimedError("the path of a document is missing", where="path", code="bad-request")
        found = Path(os.path.normpath(to_os_path(ApiPath(path), str(self.root))))
        inside = found.is_relative_to(self.root)
        shown = self.settings["contents_manager"].allow_hidden
        if not inside or (not shown and is_hidden(str(found), str(self.root))):
            raise ClaimedError("there is no such file", where=path, code="no-such-file")
        return found

    def contents_path(self, path: str) -> str | None:
        """The contents path of a file; None when it is outside the root."""
        try:
            return Path(path).relative_to(self.root).as_posix()
        except ValueError:
            return None

    def body(self) -> dict[str, Any]:
        """The request's JSON object. Raises ClaimedError."""
        try:
            data = json.loads(self.request.body or b"{}")
        except ValueError as error:
            raise ClaimedError(f"the request is not JSON: {error}", code="bad-request") from None
        if not isinstance(data, dict):
            raise ClaimedError("the request must be a JSON object", code="bad-request")
        return data

    def number(self, name: str) -> int | None:
        """A whole number of the query, or None. Raises ClaimedError."""
        text = self.get_query_argument(name, None)
        if text is None:
            return None
        if not text.isdigit():
            raise ClaimedError(f"{text!r} is no whole number", where=name, code="bad-request")
        return int(text)

    def give(self, text: str | bytes) -> None:
        """Ends with a text that is JSON already."""
        self.set_header("Content-Type", "application/json")
        self.finish(text)

    async def work(self, call: Callable[[], T]) -> T:
        """Runs what reads files or computes away from the server's event loop."""
        return await asyncio.to_thread(call)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Errors as `{"error": {"code", "message", "where"}}`."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        code, message, where = "server-error", "the server failed: see its log", None
        if isinstance(error, ClaimedError):
            status_code = _STATUS.get(error.code, 400)
            code, where = error.code, error.where
            message = f"{error.message} ({error.hint})" if error.hint else error.message
        elif isinstance(error, HTTPError):
            code, message = "http", error.log_message or error.reason or str(error)
        self.set_status(status_code)
        self.set_header("Content-Type", "application/json")
        body: dict[str, Any] = {"code": code, "message": message, "where": where}
        body |= {"hint": error.hint} if isinstance(error, ClaimedError) and error.hint else {}
        components = getattr(error, "components", None)
        if components is not None:
            body["components"] = components
        self.finish(json.dumps({"error": body}))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """A user's mistake is no traceback in the server's log."""
        if not isinstance(value, ClaimedError):
            super().log_exception(typ, value, tb)
