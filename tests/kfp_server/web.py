"""HTTP: requests in, answers out, and what goes wrong on the way because it was told to."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.kfp_server.cluster import Cluster
from tests.kfp_server.faults import Fault
from tests.kfp_server.refusals import HTTP_STATUS, Refused
from tests.kfp_server.request import Answer, Request
from tests.kfp_server.routes import PAGE, found

_CODES = {400: 3, 401: 16, 403: 7, 404: 5, 409: 6, 429: 8, 500: 13, 503: 14, 504: 4}
_LOGIN = b"<!DOCTYPE html><html><head><title>dex</title></head><body><h2>Log in to Your Account</h2></body></html>"
_NOT_HERE = b"404 page not found\n"


class Web(ThreadingHTTPServer):
    """The server. `closing` is set when it goes, so that nobody waits for it."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], cluster: Cluster) -> None:
        self.cluster = cluster
        self.closing = threading.Event()
        self.requests: list[tuple[str, str]] = []
        self._connections: set[socket.socket] = set()
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def close_all(self) -> None:
        """Cuts the connections that clients keep, as a server's end does."""
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no matter."""


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: Web
    timeout = 120
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is written."""

    def _handle(self) -> None:
        request = self._request()
        self.server.requests.append((self.command, self.path))
        fault = None
        if not request.path.startswith("/_control"):
            fault = self.server.cluster.faults.of_request(self.command, request.path)
        if fault is None:
            self._send(answered(self.server.cluster, request))
        else:
            self._fail(request, fault)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _handle

    def _request(self) -> Request:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
        )

    def _send(self, answer: Answer) -> None:
        body = answer.bytes()
        self.send_response(answer.status)
        for name, value in {"Content-Type": answer.kind, **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, request: Request, fault: Fault) -> None:
        kind, options = fault.kind, self.server.cluster.options
        if kind in ("timeout", "slow"):
            self.server.closing.wait(fault.seconds)
        if kind == "slow":
            self._send(answered(self.server.cluster, request))
        elif kind in ("timeout", "reset"):
            self._cut()
        elif kind == "lost":
            answered(self.server.cluster, request)
            self._cut()
        elif kind == "half":
            self._half(answered(self.server.cluster, request))
        elif kind == "login":
            there = {"Location": "/dex/auth?client_id=kubeflow"} if fault.status == 302 else {}
            status = fault.status if fault.status in (302, 401, 403) else 200
            self._send(Answer(_LOGIN, status, there, "text/html; charset=utf-8"))
        elif kind == "html":
            words = f"<html><body><h1>{fault.status} {fault.message or 'Bad Gateway'}</h1></body></html>"
            self._send(Answer(words.encode(), fault.status, {}, "text/html"))
        elif kind == "nonsense":
            self._send(Answer(["not", {"what": "you", "expect": 1}], 200 if fault.status == 500 else fault.status))
        else:
            self._send(_said(fault, options.gateway))

    def _half(self, answer: Answer) -> None:
        body = answer.bytes()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body) + 2))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self._cut()

    def _cut(self) -> None:
        self.wfile.flush()
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


def _said(fault: Fault, gateway: int) -> Answer:
    """An error that was ordered, as KFP would say it."""
    status = 404 if fault.kind == "gone" else fault.status
    words = {
        401: "Request header error: there is no user identity header.",
        403: "User is not authorized with reason: (request: &ResourceAttributes{...})",
        404: "Run not found.",
        409: "Already exist error: the name already exists",
        429: "rate limited",
        503: "upstream connect error or disconnect/reset before headers",
    }
    refused = Refused(_CODES.get(status, 13), fault.message or words.get(status, "Internal Server Error"))
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after is not None else {}
    return Answer(refused.body(gateway), status, headers)


def answered(cluster: Cluster, request: Request) -> Answer:
    """What the cluster answers when nothing goes wrong on the way."""
    options = cluster.options
    page = cluster.sign_in.page(request)
    if page is not None:
        return page
    below = options.prefix.rstrip("/")
    if request.path.startswith("/ml_metadata."):
        # The gateway has this path at its root, whatever stands below a prefix.
        request.path = below + request.path
    if below and not (request.path + "/").startswith(below + "/"):
        if options.dashboard or options.auth.startswith("dex"):
            return cluster.sign_in.let_in(request) or Answer(
                b"<html>Kubeflow Central Dashboard</html>", 200, {}, "text/html"
            )
        return Answer(_NOT_HERE, 404, {}, "text/plain; charset=utf-8")
    try:
        if not request.path.startswith(f"{below}/_control"):
            gate = cluster.sign_in.let_in(request)
            if gate is not None:
                return gate
        request.path = request.path[len(below) :] or "/"
        if options.version == "v1" and request.path.startswith("/apis/v2beta1"):
            return Answer({"error": "Not Found", "code": 5, "message": "Not Found", "details": []}, 404)
        handler = found(request) if options.ui or request.path.startswith(("/apis/", "/_control")) else 404
        if isinstance(handler, int):
            return _no_route(request, handler, page=options.ui)
        answer = handler(cluster, request)
        return answer if isinstance(answer, Answer) else Answer(answer)
    except Refused as error:
        return Answer(error.body(options.gateway), error.status)
    except Exception as error:
        return Answer({"error": f"Internal error: {error!r}", "code": 13, "message": repr(error), "details": []}, 500)


def _no_route(request: Request, status: int, *, page: bool) -> Answer:
    if not request.path.startswith("/apis/"):
        if page and request.method == "GET":
            return Answer(PAGE, 200, {}, "text/html; charset=utf-8")
        return Answer(_NOT_HERE, 404, {}, "text/plain; charset=utf-8")
    words = "Method Not Allowed" if status == 501 else "Not Found"
    code = 12 if status == 501 else 5
    return Answer({"error": words, "code": code, "message": words, "details": []}, HTTP_STATUS.get(code, status))
