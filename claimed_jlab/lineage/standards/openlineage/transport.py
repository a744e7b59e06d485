"""Sending events to a server that speaks OpenLineage, such as Marquez: one POST an event."""

from __future__ import annotations

import base64
import http.client
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote, urlsplit

from claimed_jlab.lineage.credentials import without_credentials
from claimed_jlab.lineage.errors import LineageError

_PATH = "/api/v1/lineage"
# What no request may be sent to.
_UNUSABLE = re.compile(r"[\x00-\x20\x7f]")
_TRIES = 5
_TIMEOUT_SECONDS = 20.0
_LONGEST_WAIT_SECONDS = 30.0
_FIRST_WAIT_SECONDS = 0.5


class NotSent(LineageError):
    """A server did not take all events."""

    code = "not-sent"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """urllib would follow with a GET that has no event, and take the key along to another host."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def send(url: str, events: Iterable[dict[str, Any]], *, first_wait: float = _FIRST_WAIT_SECONDS) -> int:
    """Send the events, in their order; returns how many went.

    url: `http://marquez:5000`. A key in OPENLINEAGE_API_KEY goes along, else the URL's user and password.
    first_wait: seconds before the second try of an event (on 429, 5xx and lost connections), doubled before each
    further one.
    Raises NotSent, which says how many went.
    """
    address, headers = _request_to(url)
    sent = 0
    for event in events:
        body = json.dumps(event).encode()
        problem = _post(urllib.request.Request(address, body, headers, method="POST"), first_wait)
        if problem is not None:
            went = "no event went" if not sent else f"{sent} {'event' if sent == 1 else 'events'} went"
            raise NotSent(f"{problem}; {went}", where=without_credentials(address))
        sent += 1
    return sent


def _request_to(url: str) -> tuple[str, dict[str, str]]:
    """The address that takes events, and the headers. A name and password in the URL become a header of theirs."""
    where = without_credentials(url)
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        hint = "in a password / is written %2F, @ %40, : %3A"
        raise NotSent("the address of the server can't be read", where=where, hint=hint) from None
    if not usable or _UNUSABLE.search(url):
        raise NotSent("the address of the server begins with http:// or https://", where=where)
    user, at, host = parts.netloc.rpartition("@")
    path = parts.path.rstrip("/")
    parts = parts._replace(netloc=host, path=path if path.endswith(_PATH) else path + _PATH, fragment="")
    headers = {"Content-Type": "application/json"}
    if at:
        name, _, password = user.partition(":")
        given = f"{unquote(name)}:{unquote(password)}".encode()
        headers["Authorization"] = f"Basic {base64.b64encode(given).decode()}"
    if key := os.environ.get("OPENLINEAGE_API_KEY", "").strip():
        headers["Authorization"] = f"Bearer {key}"
    return parts.geturl(), headers


def _post(request: urllib.request.Request, wait: float) -> str | None:
    """The last problem, or None when it went."""
    problem = None
    for left in reversed(range(_TRIES)):
        pause = wait
        try:
            with _OPENER.open(request, timeout=_TIMEOUT_SECONDS):
                return None
        except urllib.error.HTTPError as error:
            problem = f"the server answered {error.code} {error.reason}".rstrip()
            if error.code < 400:
                elsewhere = without_credentials(error.headers.get("Location", ""))
                return f"{problem}: give the address that it redirects to, {elsewhere}"
            if error.code != 429 and error.code < 500:
                detail = " ".join(error.read(300).decode(errors="replace").split())
                return without_credentials(f"{problem}: {detail}") if detail else problem
            after = error.headers.get("Retry-After", "")
            pause = max(wait, float(after)) if after.isdigit() else wait
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error or type(error).__name__
            problem = f"the server can't be reached: {reason}"
        if left:
            time.sleep(min(pause, _LONGEST_WAIT_SECONDS))
            wait *= 2
    return f"{problem} ({_TRIES} times)"
