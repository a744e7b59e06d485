"""Who asks: nobody in particular, a bearer of a token, or somebody who signed in through Dex.

Dex stands in front of the whole host, not below the API's prefix. Kubeflow up to 1.8 keeps the session in
`authservice_session` (oidc-authservice), from 1.9 in `oauth2_proxy_kubeflow` (oauth2-proxy).
"""

from __future__ import annotations

import html
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from tests.kfp_server.refusals import UNAUTHENTICATED, Refused
from tests.kfp_server.request import Answer, Request

if TYPE_CHECKING:
    from tests.kfp_server.cluster import Cluster

COOKIES = {"dex-authservice": "authservice_session", "dex-oauth2-proxy": "oauth2_proxy_kubeflow"}
PAGE = """<!DOCTYPE html><html><head><title>dex</title></head><body><div class="theme-panel">
<h2 class="theme-heading">Log in to Your Account</h2>{}
<form method="post" action="{}"><input name="login" type="text" placeholder="email address">
<input name="password" type="password"><button type="submit" id="submit-login">Login</button></form>
</div></body></html>"""
SIGN_IN = """<!DOCTYPE html><html><head><title>Sign In</title></head><body>
<form method="GET" action="/oauth2/start"><input type="hidden" name="rd" value="{}">
<button type="submit">Sign in with dex</button></form></body></html>"""


class SignIn:
    """The gate. tokens and sessions can be taken back while it stands."""

    def __init__(self, cluster: Cluster) -> None:
        self._options = cluster.options
        self._sessions = cluster.state["sessions"]
        self.tokens: dict[str, list[str]] = dict(cluster.options.tokens)
        self._codes: dict[str, str] = {}

    def expire(self) -> None:
        """Every token and every session ends now."""
        self.tokens.clear()
        self._sessions.clear()

    def let_in(self, request: Request) -> Answer | None:
        """None for who may go on, with `request.namespaces` set; else what is answered. Raises Refused."""
        if self._options.auth == "none":
            return None
        if self._options.auth == "bearer":
            request.namespaces = self._of_token(request.headers.get("authorization", ""))
            return None
        session = self._sessions.get(self._cookie(request))
        if session and session["until"] > time.time():
            request.namespaces = self._options.user_namespaces.get(session["user"], [])
            return None
        if self._options.auth == "dex-authservice":
            state = secrets.token_urlsafe(8)
            self._codes[state] = request.path
            return _to(f"/dex/auth?client_id=kubeflow-oidc-authservice&redirect_uri=%2Flogin%2Foidc&state={state}")
        if self._options.unauthorized == 403:
            return Answer(SIGN_IN.format(html.escape(request.path)).encode(), 403, {}, "text/html; charset=utf-8")
        return _to(f"/oauth2/start?rd={quote(request.path)}")

    def page(self, request: Request) -> Answer | None:
        """The pages of Dex and of its proxies; None for every other path."""
        if not self._options.auth.startswith("dex"):
            return None
        path = request.path
        if path == "/oauth2/start":
            state = secrets.token_urlsafe(8)
            self._codes[state] = request.query.get("rd", "/")
            return _to(
                f"/dex/auth?client_id=kubeflow-oidc-oauth2-proxy&redirect_uri=%2Foauth2%2Fcallback&state={state}"
            )
        if path == "/dex/auth":
            return _to(f"/dex/auth/local?{_query(request)}")
        if path == "/dex/auth/local":
            return _to(f"/dex/auth/local/login?back=&{_query(request)}")
        if path == "/dex/auth/local/login":
            return self._login(request)
        if path in ("/oauth2/callback", "/login/oidc"):
            return self._callback(request)
        return None

    def _login(self, request: Request) -> Answer:
        action = html.escape(f"/dex/auth/local/login?{_query(request)}")
        if request.method == "GET":
            return Answer(PAGE.format("", action).encode(), 200, {}, "text/html; charset=utf-8")
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        user = form.get("login", "")
        if not user or self._options.users.get(user) != form.get("password"):
            wrong = '<div id="login-error" class="dex-error-box">Invalid Email Address and password.</div>'
            return Answer(PAGE.format(wrong, action).encode(), 401, {}, "text/html; charset=utf-8")
        code = secrets.token_urlsafe(12)
        self._codes[code] = user
        back = request.query.get("redirect_uri") or "/oauth2/callback"
        return _to(f"{back}?code={code}&state={request.query.get('state', '')}", 303)

    def _callback(self, request: Request) -> Answer:
        user = self._codes.pop(request.query.get("code", ""), None)
        after = self._codes.pop(request.query.get("state", ""), None)
        if user is None or after is None:
            return Answer(b"<html><body>Unable to find a valid CSRF token</body></html>", 403, {}, "text/html")
        session = secrets.token_urlsafe(24)
        self._sessions[session] = {"user": user, "until": time.time() + self._options.session_seconds}
        name = COOKIES[self._options.auth]
        answer = _to(after)
        answer.headers["Set-Cookie"] = f"{name}={session}; Path=/; HttpOnly; SameSite=Lax"
        return answer

    def _cookie(self, request: Request) -> str:
        wanted = COOKIES[self._options.auth]
        for part in request.headers.get("cookie", "").split(";"):
            name, _, value = part.strip().partition("=")
            if name == wanted:
                return value
        return ""

    def _of_token(self, header: str) -> list[str] | None:
        kind, _, token = header.partition(" ")
        if kind.lower() != "bearer" or token not in self.tokens:
            message = "Request header error: there is no user identity header."
            words = ["Failed to authorize with API", "Failed to authenticate"]
            raise Refused(UNAUTHENTICATED, message, "Unauthenticated").wrapped(*words)
        return self.tokens[token] or None


def _to(place: str, status: int = 302) -> Answer:
    return Answer(b"", status, {"Location": place}, "text/html; charset=utf-8")


def _query(request: Request) -> str:
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in request.query.items() if name != "back")
