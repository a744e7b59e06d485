"""What went wrong between here and the cluster, in one clear line."""

from __future__ import annotations

import json
import re
import socket
import ssl
from typing import Any

from claimed_jlab.errors import ClaimedError

_LONGEST = 300
_START = 4000


class ClusterError(ClaimedError):
    """The cluster could not be asked, or refused. status: of its HTTP answer; None where there was none.

    step: the part of a connection that failed.  unsure: whether what was asked for may have been done all the same.
    retry_after: seconds that the cluster asks to wait.
    """

    code = "cluster-refused"

    def __init__(
        self,
        message: str,
        *,
        step: str,
        status: int | None = None,
        hint: str | None = None,
        where: str | None = None,
        unsure: bool = False,
        retry_after: float | None = None,
    ) -> None:
        gone = status is None or status in (408, 429) or status >= 500
        super().__init__(message, hint=hint, where=where, code="cluster-unreachable" if gone else "cluster-refused")
        self.status = status
        self.step = step
        self.unsure = unsure
        self.retry_after = retry_after

    @property
    def is_gone(self) -> bool:
        """Whether the API is there, and what was asked for is not."""
        return self.status == 404 and self.hint is None

    @property
    def passing(self) -> bool:
        """Whether it may be over when asked again."""
        return self.code == "cluster-unreachable" and self.step not in ("TLS",)


def unreachable(error: BaseException, host: str) -> ClusterError:
    """Why no answer came from `host`."""
    chain = list(_chain(error))
    text = " ".join(str(one) for one in chain)
    for one in chain:
        if isinstance(one, socket.gaierror) or "NameResolution" in type(one).__name__:
            return ClusterError(
                f"there is no machine {host!r}", step="Address", where=host, hint="look at the endpoint's address"
            )
        if isinstance(one, ssl.SSLError) or "SSLError" in type(one).__name__ or "SSLError" in str(one)[:40]:
            return _tls(text, host)
    if any(isinstance(one, ConnectionRefusedError) for one in chain) or "refused" in text:
        return ClusterError(
            "nothing listens there: the connection was refused",
            step="Connection",
            where=host,
            hint="is Kubeflow running, and the port right?",
        )
    if any("ReadTimeout" in type(one).__name__ for one in chain):
        return ClusterError("it did not answer in time", step="Connection", where=host, unsure=True)
    if any("Timeout" in type(one).__name__ for one in chain):
        hint = "is a firewall or a VPN between?"
        return ClusterError("it can't be reached in time", step="Connection", where=host, hint=hint)
    names = {type(one).__name__ for one in chain}
    if names & {"IncompleteRead", "ProtocolError", "RemoteDisconnected", "ConnectionResetError", "BadStatusLine"}:
        return ClusterError("it cut the connection in the middle", step="Connection", where=host, unsure=True)
    return ClusterError(f"it can't be reached: {_short(str(chain[-1]))}", step="Connection", where=host, unsure=True)


def _tls(text: str, host: str) -> ClusterError:
    if "WRONG_VERSION_NUMBER" in text or "wrong version" in text:
        return ClusterError("it speaks no TLS", step="TLS", where=host, hint="is the address http:// instead?")
    if "expired" in text:
        return ClusterError("its certificate has expired", step="TLS", where=host, hint="tell the administrator")
    if "match" in text or "Hostname mismatch" in text:
        return ClusterError("its certificate is for another name", step="TLS", where=host, hint="look at the address")
    if "self-signed" in text or "self signed" in text or "unable to get" in text or "VERIFY_FAILED" in text:
        hint = "set the file of CA certificates in the engine's settings"
        return ClusterError("its certificate is signed by nobody known here", step="TLS", where=host, hint=hint)
    return ClusterError(f"TLS failed: {_short(text)}", step="TLS", where=host)


def refused(status: int, body: bytes | str | None, headers: Any, host: str) -> ClusterError:
    """Why the cluster answered with an HTTP error."""
    text = body.decode("utf-8", "replace") if isinstance(body, bytes) else body or ""
    said = message_of(text)
    if status == 403 and _asks_for_sign_in(text):  # oauth2-proxy shows its page so
        status = 401
    if status in (301, 302, 303, 307, 308, 401):
        return ClusterError(
            "it wants a sign-in" if status != 401 else "it does not accept the sign-in",
            step="Sign-in",
            status=401,
            where=host,
            hint="set it, or renew it, in the engine's settings",
        )
    if status == 403:
        hint = "are the namespace and the rights of this user right?"
        return ClusterError(said or "this user may not do that", step="Namespace", status=403, where=host, hint=hint)
    if status == 404 and not said:
        hint = "is the path of the address right? Kubeflow's is often …/pipeline"
        return ClusterError(
            "there is no Kubeflow Pipelines API at that path", step="API", status=404, where=host, hint=hint
        )
    if status == 429:
        return ClusterError(
            "it is asked too often", step="API", status=429, where=host, retry_after=_seconds(headers), hint="try later"
        )
    if status >= 500:
        message = f"it failed ({status}){': ' + said if said else ''}"
        return ClusterError(message, step="API", status=status, where=host, unsure=True, retry_after=_seconds(headers))
    return ClusterError(said or f"it refused ({status})", step="API", status=status, where=host)


def no_json(body: bytes, host: str) -> ClusterError:
    """Why an answer that is no JSON came: mostly a page that asks for a sign-in."""
    start = body[:_START].decode("utf-8", "replace").lower()
    if _is_page(start):
        if _asks_for_sign_in(start):
            hint = "set it in the engine's settings"
            return ClusterError("it wants a sign-in", step="Sign-in", status=401, where=host, hint=hint)
        hint = "is the path of the address right? Kubeflow's is often …/pipeline"
        return ClusterError("it answered with a web page", step="API", status=404, where=host, hint=hint)
    return ClusterError("it answered with something that is no JSON", step="API", status=502, where=host, unsure=True)


def _is_page(text: str) -> bool:
    start = text[:_START].lower()
    return "<html" in start or "<!doctype" in start


def _asks_for_sign_in(text: str) -> bool:
    """Whether an answer is a page to sign in, or Istio's word on a token."""
    start = text[:_START].lower()
    if _is_page(start):
        return any(word in start for word in ("login", "log in", "sign in", "sign-in", "dex"))
    return start.startswith("jwt ")


def message_of(text: str) -> str:
    """The words of a `google.rpc.Status`, without the chain of causes that KFP puts before them."""
    try:
        data = json.loads(text)
    except ValueError:
        return ""
    if not isinstance(data, dict):
        return ""
    said = data.get("message") or data.get("error_message") or data.get("error") or ""
    return _short(str(said))


def _short(text: str) -> str:
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def _seconds(headers: Any) -> float | None:
    value = (headers or {}).get("Retry-After")
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None


def _chain(error: BaseException) -> Any:
    seen: set[int] = set()
    waiting: list[Any] = [error]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        # urllib3 keeps the first cause in `reason`, or as an argument.
        waiting += [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
