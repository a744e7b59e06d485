"""Calls of the KFP API, v2beta1, through its official client (`kfp_server_api`), and of the user interface's server.

Answers are JSON as they came: the client's models cost more to make than the rest of a look at a run. What is empty is
left out of an answer, so everything is asked for with `get`. Every failure is a ClusterError in one line.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.kubeflow.faults import ClusterError, no_json, refused, unreachable
from claimed_jlab.run.kubeflow.settings import KubeflowSettings
from claimed_jlab.run.kubeflow.signin import SignIn

_PAGE = 100
_TRIES = 3
_LONGEST_WAIT = 10.0
_LONGEST_REST = 60.0
_NO_METADATA_SECONDS = 300.0
_API = "/apis/v2beta1"
_NEVER = ("1970-01-01", "0001-01-01")


class Client:
    """One connection to one cluster. Threads may share it. credential: one that is not kept."""

    def __init__(self, settings: KubeflowSettings, credential: str | None = None) -> None:
        if not settings.endpoint:
            raise ClaimedError(
                "there is no cluster yet", where="endpoint", hint="set the address of its API", code="not-configured"
            )
        self.settings = settings
        self._sign_in = SignIn(settings, credential)
        self._made: Any = None
        self._lock = threading.Lock()
        self._away: tuple[float, str] | None = None
        self._rests = 0
        self._no_metadata = 0.0

    @property
    def away(self) -> str | None:
        """Why the cluster is not asked for what can wait, while it rests after it did not answer."""
        if self._away is not None and time.monotonic() < self._away[0]:
            return self._away[1]
        return None

    @property
    def has_no_metadata(self) -> bool:
        """Whether its ML Metadata could not be asked a short while ago."""
        return time.monotonic() < self._no_metadata

    def remember_no_metadata(self) -> None:
        """Its ML Metadata could not be asked: it is left alone for a while."""
        self._no_metadata = time.monotonic() + _NO_METADATA_SECONDS

    def rest(self, why: str) -> None:
        """The cluster did not answer: what can wait does so, longer each time."""
        self._rests += 1
        self._away = (time.monotonic() + min(_LONGEST_REST, 2.0**self._rests), why)

    def get(self, path: str, query: Mapping[str, Any] | None = None, *, tries: int = _TRIES) -> dict[str, Any]:
        """The answer to a question, asked again where that may help. Raises ClusterError."""
        return _again(lambda: self.call("GET", path, query), tries)

    def call(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        files: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """One request, once; a session that has ended is renewed. files: paths by their form field."""
        data = self.raw(method, _API + path, query, body, files)
        self._rests = 0
        if not data.strip():
            return {}
        try:
            found = json.loads(data)
        except ValueError:
            raise no_json(data, self.settings.endpoint) from None
        return found if isinstance(found, dict) else {}

    def raw(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        files: Mapping[str, str] | None = None,
        limit: int | None = None,
        headers: Mapping[str, str] | None = None,
        at_root: bool = False,
    ) -> bytes:
        """The bytes of an answer. limit: at most so many.  at_root: without the path of the API's address.

        Raises ClusterError, NoCredential.
        """
        asked = (method, path, query, body, files, limit, headers, at_root)
        try:
            return self._raw(*asked)
        except ClusterError as error:
            if error.status != 401 or not self._sign_in.renew():
                raise
        return self._raw(*asked)

    def pages(self, path: str, key: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
        """All items of a list. Raises ClusterError."""
        token = ""
        while True:
            answer = self.get(path, {**(query or {}), "page_size": _PAGE, **({"page_token": token} if token else {})})
            yield from answer.get(key, [])
            token = answer.get("next_page_token", "")
            if not token:
                return

    def named(self, path: str, key: str, name: str, query: Mapping[str, Any] | None = None) -> dict[str, Any] | None:
        """The newest item of a list that has this display name."""
        predicate = {"key": "name", "operation": "EQUALS", "string_value": name}
        asked = {"filter": json.dumps({"predicates": [predicate]}), "sort_by": "created_at desc", **(query or {})}
        return next((item for item in self.pages(path, key, asked) if item.get("display_name") == name), None)

    def _raw(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        body: Any,
        files: Mapping[str, str] | None,
        limit: int | None,
        headers: Mapping[str, str] | None,
        at_root: bool,
    ) -> bytes:
        given = {"Accept": "application/json", **self._sign_in.headers(), **(headers or {})}
        if body is not None and "Content-Type" not in given:
            given["Content-Type"] = "application/json"
        if files:
            given["Content-Type"] = "multipart/form-data"
        host, wait = self.settings.endpoint, self.settings.timeout_seconds
        try:
            answer = self._api().call_api(
                path,
                method,
                query_params=list((query or {}).items()),
                header_params=given,
                body=body,
                files=dict(files or {}),
                _preload_content=False,
                _request_timeout=(min(wait, 10.0), wait),
                _host=_root(host) if at_root else None,
            )
            return bytes(answer.read(limit) if limit is not None else answer.read())
        except ClaimedError:
            raise
        except Exception as error:  # the client lets urllib3's errors through, and fails itself on those of TLS
            refusal = _answered(error)
            if refusal is not None:
                raise refused(refusal.status, refusal.body, refusal.headers, host) from None
            raise unreachable(error, host) from None

    def _api(self) -> Any:
        """The official client, made when it is first needed: it takes a fifth of a second to import."""
        with self._lock:
            if self._made is None:
                try:
                    import kfp_server_api
                except ImportError:
                    raise ClaimedError(
                        "Kubeflow's client is not installed",
                        hint="pip install 'claimed_jlab[kubeflow]'",
                        code="missing-libraries",
                    ) from None
                if self.settings.ca_file and not Path(self.settings.ca_file).is_file():
                    raise ClusterError(
                        "there is no such file of CA certificates", step="TLS", where=self.settings.ca_file
                    )
                configuration = kfp_server_api.Configuration(host=self.settings.endpoint)
                configuration.verify_ssl = self.settings.verify_tls
                configuration.ssl_ca_cert = self.settings.ca_file or None
                configuration.retries = False  # a login page is no answer; what may be asked again is known here
                self._made = kfp_server_api.ApiClient(configuration)
            return self._made


def moment(text: str | None) -> str | None:
    """A time of an answer; None for a time that has not been, which is a zero there."""
    return None if not text or text.startswith(_NEVER) else text


def _root(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _answered(error: BaseException) -> Any:
    """The client's own error that an HTTP answer made, if it is one."""
    import kfp_server_api

    for one in (error, error.__context__):
        if isinstance(one, kfp_server_api.ApiException) and one.status:
            return one
    return None


def _again(ask: Callable[[], dict[str, Any]], tries: int) -> dict[str, Any]:
    for number in range(1, tries + 1):
        try:
            return ask()
        except ClusterError as error:
            if not error.passing or number == tries or (error.retry_after and error.retry_after > _LONGEST_WAIT):
                raise
            time.sleep(error.retry_after if error.retry_after is not None else 0.3 * 2**number)
    raise AssertionError("unreachable")
