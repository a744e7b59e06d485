"""Downloads one file over http or https, or reads it from file:// or a path; bounded in time and size."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from claimed_jlab import __version__
from claimed_jlab.component.catalogs.errors import FetchFailed

TIMEOUT_SECONDS = 30.0
TOTAL_SECONDS = 300.0
LARGEST_ARCHIVE = 256 * 1024**2
LARGEST_FILE = 2 * 1024**2
_CHUNK = 256 * 1024
_HINT = "check the address and the network, then try again"


def download(location: str, target: BinaryIO, *, limit: int) -> str:
    """Copies what stands at a URL or path into `target`; returns its sha256 in hexadecimal.

    limit: bytes.  Raises FetchFailed, also when it takes more than five minutes.
    """
    try:
        with _opened(location) as source:
            return _copy(source, target, limit, location)
    except urllib.error.HTTPError as error:
        asks = error.code in (401, 403, 407)
        hint = "it asks who you are: download it yourself and add the file" if asks else _HINT
        raise FetchFailed(f"the server answers {error.code} {error.reason}", where=location, hint=hint) from None
    except urllib.error.URLError as error:
        raise FetchFailed(f"can't be reached: {_words(error.reason)}", where=location, hint=_HINT) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise FetchFailed(f"can't be read: {_words(error)}", where=location, hint=_HINT) from None


def _opened(location: str) -> Any:
    parts = urlsplit(location)
    if parts.scheme in ("http", "https"):
        request = urllib.request.Request(location, headers={"User-Agent": f"claimed-jlab/{__version__}"})
        return _opener().open(request, timeout=TIMEOUT_SECONDS)
    path = Path(unquote(parts.path)) if parts.scheme == "file" else Path(location)
    return path.open("rb")


class _NoDowngrade(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but not from https to anything less."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        scheme = urlsplit(newurl).scheme
        if scheme != "https" and (scheme != "http" or urlsplit(req.full_url).scheme == "https"):
            raise urllib.error.URLError(f"it redirects to {scheme or 'nowhere'}://, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> urllib.request.OpenerDirector:
    # Not `build_opener`, which also opens ftp: and file:.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        _NoDowngrade(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _copy(source: Any, target: BinaryIO, limit: int, location: str) -> str:
    digest, size, end = hashlib.sha256(), 0, time.monotonic() + TOTAL_SECONDS
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise FetchFailed(f"is larger than {limit // 1024**2} MB, which is the limit", where=location)
        if time.monotonic() > end:
            raise FetchFailed(f"takes more than {TOTAL_SECONDS / 60:.0f} minutes", where=location, hint=_HINT)
        digest.update(chunk)
        target.write(chunk)
    promised = getattr(source, "headers", {}).get("Content-Length")
    if promised is not None and promised.isdigit() and int(promised) != size:
        raise FetchFailed("the answer broke off", where=location, hint=_HINT)
    return digest.hexdigest()


def _words(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return "no answer in time"
    text = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
    return " ".join(text.split())[:200] or type(reason).__name__
