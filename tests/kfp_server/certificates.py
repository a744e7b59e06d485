"""Certificates of an authority of our own: a good one, one for another host, one that has expired."""

from __future__ import annotations

import ssl
from datetime import datetime, timedelta, timezone
from pathlib import Path

import trustme


class Certificates:
    """ca: the file to trust.  kind: "trusted", "wrong-host" or "expired"."""

    def __init__(self, folder: Path, kind: str) -> None:
        authority = trustme.CA()
        self.ca = folder / "ca.pem"
        authority.cert_pem.write_to_path(str(self.ca))
        names = ["kubeflow.example.com"] if kind == "wrong-host" else ["localhost", "127.0.0.1"]
        past = datetime.now(timezone.utc) - timedelta(days=1)
        self._certificate = authority.issue_cert(*names, not_after=past if kind == "expired" else None)

    def use(self, context: ssl.SSLContext) -> None:
        self._certificate.configure_cert(context)
