"""What a request to the cluster carries so that it is let in: a token, or the cookie of a session."""

from __future__ import annotations

import threading
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from claimed_jlab.run.kubeflow import credentials
from claimed_jlab.run.kubeflow.faults import ClusterError, unreachable
from claimed_jlab.run.kubeflow.settings import KubeflowSettings


class SignIn:
    """Gives the headers of a request. credential: one that is not kept; else it is read where it is kept.

    A session's cookie is kept in memory only; `renew` forgets it, so that the next request signs in again.
    """

    def __init__(self, settings: KubeflowSettings, credential: str | None = None) -> None:
        self._settings = settings
        self._credential = credential
        self._cookie: str | None = None
        self._lock = threading.Lock()

    def headers(self) -> dict[str, str]:
        """Raises NoCredential, ClusterError when Dex refuses."""
        kind = self._settings.sign_in
        if kind == "none":
            return {}
        if kind in ("token", "service-account"):
            # Read each time: Kubernetes writes a mounted token anew before it ends.
            return {"Authorization": f"Bearer {self._read()}"}
        if kind == "cookie":
            return {"Cookie": self._read()}
        with self._lock:
            if self._cookie is None:
                self._cookie = _session(self._settings, self._read())
            return {"Cookie": self._cookie}

    def renew(self) -> bool:
        """Forgets a session that was refused; whether signing in again may help."""
        with self._lock:
            had, self._cookie = self._cookie is not None, None
        return had or self._settings.sign_in in ("token", "service-account")

    def _read(self) -> str:
        return self._credential or credentials.read(self._settings)


def _session(settings: KubeflowSettings, password: str) -> str:
    """The cookie of a session of Dex's, by its login form, as a browser would. Raises ClusterError."""
    import requests  # comes with Jupyter

    session = requests.Session()
    session.verify = (settings.ca_file or True) if settings.verify_tls else False
    wait = settings.timeout_seconds
    try:
        page = session.get(f"{settings.endpoint}/", timeout=wait)
        form = _LoginForm.of(page.text)
        if form.action is None:
            page = session.get(urljoin(page.url, "/oauth2/start?rd=/"), timeout=wait)
            form = _LoginForm.of(page.text)
        if form.action is None:
            raise _refused("it shows no login form of Dex", settings, "is the address that of Kubeflow's gateway?")
        target = urljoin(page.url, form.action)
        answer = session.post(target, data={**form.hidden, "login": settings.user, "password": password}, timeout=wait)
        if "/approval" in answer.url:
            approval = _LoginForm.of(answer.text)
            session.post(answer.url, data={**approval.hidden, "approval": "approve"}, timeout=wait)
    except requests.RequestException as error:
        raise unreachable(error, settings.endpoint) from None
    cookies = [
        f"{cookie.name}={cookie.value}"
        for cookie in session.cookies
        if "csrf" not in cookie.name.lower() and "nonce" not in cookie.name.lower()
    ]
    if not cookies or "/auth/" in answer.url:
        raise _refused("Dex does not accept the user or the password", settings, "look at the sign-in settings")
    return "; ".join(cookies)


def _refused(message: str, settings: KubeflowSettings, hint: str) -> ClusterError:
    return ClusterError(message, step="Sign-in", status=401, where=settings.endpoint, hint=hint)


class _LoginForm(HTMLParser):
    """The first form of a page that asks for a login: where it goes, and its hidden fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.hidden: dict[str, str] = {}
        self._in_form = False
        self._found: str | None = None

    @classmethod
    def of(cls, page: str) -> _LoginForm:
        parser = cls()
        parser.feed(page)
        return parser

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._found = given.get("action", "")
        elif tag == "input" and self._found is not None and self.action is None:
            if given.get("name") == "login":
                self.action = self._found
            elif given.get("type") == "hidden" and given.get("name"):
                self.hidden[given["name"]] = given.get("value", "")
