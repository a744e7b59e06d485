"""A request and what is answered, apart from HTTP's machinery."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from tests.kfp_server.refusals import DENIED, Refused, invalid


@dataclass
class Request:
    """path: below the prefix.  namespaces: those that who asks may use; None is all.  parts: what the route found."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""
    namespaces: list[str] | None = None
    parts: dict[str, str] = field(default_factory=dict)
    origin: str = ""

    def json(self, allowed: frozenset[str]) -> dict[str, Any]:
        """The body, its names in snake case. Refuses names that are not allowed, as protobuf's JSON does."""
        try:
            found = json.loads(self.body or b"{}")
        except ValueError as error:
            raise invalid(f"invalid character in JSON: {error}") from error
        if not isinstance(found, dict):
            raise invalid("json: cannot unmarshal into a message")
        fields = {snake(name): value for name, value in found.items() if value is not None}
        unknown = sorted(set(fields) - allowed)
        if unknown:
            raise invalid(f'proto: (line 1:2): unknown field "{unknown[0]}"')
        return fields

    def check_namespace(self, namespace: str) -> None:
        """Refuses a namespace that is not one's own."""
        if self.namespaces is not None and namespace not in self.namespaces:
            raise Refused(
                DENIED,
                f"User is not authorized with reason: (request: &ResourceAttributes{{Namespace:{namespace},"
                "Group:pipelines.kubeflow.org,Version:v1beta1})",
                "PermissionDenied",
            ).wrapped("Failed to authorize with API")


@dataclass
class Answer:
    """What goes back. body: JSON when it is no bytes."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"

    def bytes(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps({} if self.body is None else self.body).encode()


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)
