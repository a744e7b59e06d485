"""Between URIs and the names that OpenLineage gives to datasets."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

# Their names in OpenLineage begin with the root's slash; those of objects in a bucket don't.
_ROOTED = ("file", "hdfs", "dbfs", "abfss", "abfs", "wasbs", "wasb")
NAMELESS = "claimed"
_STRAY = re.compile("%(?![0-9A-Fa-f]{2})")
_SIX = re.compile(r"\[[0-9A-Fa-f:.]+\]")
_PLAIN = "!$&'()*+,;=~%"


def dataset_of(uri: str, key: str) -> tuple[str, str]:
    """(namespace, name): of a local file `file` and its path, of an object its bucket and its key.

    key: the name in a namespace of our own, for what has no URI.
    """
    if not uri:
        return NAMELESS, key
    try:
        parts = urlsplit(uri)
    except ValueError:
        return "file", uri
    # One letter is a drive of Windows.
    if len(parts.scheme) < 2:
        return "file", uri
    tail = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
    if parts.scheme == "file":
        return (f"file://{parts.netloc}" if parts.netloc else "file"), (unquote(parts.path) + tail or uri)
    if not parts.netloc:
        return parts.scheme, (parts.path + tail or uri)
    path = parts.path if parts.scheme in _ROOTED else parts.path.removeprefix("/")
    return f"{parts.scheme}://{parts.netloc}", (path + tail) or "/"


def uri_of(namespace: str, name: str) -> str:
    """A URI for another producer's dataset."""
    if namespace == "file" or namespace.startswith("file://"):
        host = namespace.removeprefix("file").removeprefix("://")
        return f"file://{host}{quote(name)}" if name.startswith("/") else name
    if "://" in namespace:
        return f"{namespace.rstrip('/')}/{name.removeprefix('/')}"
    return f"{quote(namespace, safe=':')}:{quote(name)}"


def proper_uri(text: str) -> str:
    """What is used as a URI, `scheme://…` or `scheme:…`, with what none may hold percent-encoded."""
    scheme, mark, rest = _STRAY.sub("%25", text).partition("://")
    if not mark:
        return quote(scheme, safe=f"{_PLAIN}:@/?")
    authority, slash, path = rest.partition("/")
    user, at, place = authority.rpartition("@")
    host, colon, port = place.rpartition(":")
    if not colon or port.strip("0123456789"):
        host, colon, port = place, "", ""
    host = host if _SIX.fullmatch(host) else quote(host, safe=_PLAIN)
    return (
        f"{scheme}://{quote(user, safe=f'{_PLAIN}:')}{at}{host}{colon}{port}{slash}{quote(path, safe=f'{_PLAIN}:@/?')}"
    )
