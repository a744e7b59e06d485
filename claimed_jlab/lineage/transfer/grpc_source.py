"""An ML Metadata service as the source of an import: Kubeflow's `metadata-grpc-service`, through the official library.

The service lists no events: those of new and changed executions are asked for, and of those that were not at their end
when they were last brought (an event may come without a change of its execution).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from claimed_jlab.lineage.credentials import without_credentials
from claimed_jlab.lineage.errors import LineageError, StoreUnavailable
from claimed_jlab.lineage.model import (
    Artifact,
    ArtifactState,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    NodeType,
)
from claimed_jlab.lineage.schema import BASE_TYPES
from claimed_jlab.lineage.transfer.source import Node, Pair
from claimed_jlab.lineage.values import PropertyKind, Value, from_columns

_COLUMNS = ("string_value", "int_value", "double_value", "bool_value", "proto_value")


class ServiceSource:
    """A service at an address, asked through a process of the official library's python."""

    def __init__(self, url: str, python: str) -> None:
        """url: grpc://host:port, or grpcs:// for TLS. Raises StoreUnavailable."""
        scheme, _, address = url.partition("://")
        self.where = without_credentials(f"{scheme}://{address.rstrip('/')}")
        plain = address.rstrip("/")
        self._process = subprocess.Popen(
            [
                python,
                "-I",
                str(Path(__file__).with_name("grpc_reader.py")),
                f"tls:{plain}" if scheme == "grpcs" else plain,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def close(self) -> None:
        """End the process."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def types(self) -> list[NodeType]:
        """All types, and the base types, which the service does not list, under ids below zero."""
        bases = {name: NodeType(-id_, name, Kind(kind)) for id_, name, kind in BASE_TYPES}
        found = [
            NodeType(
                one["id"],
                one["name"],
                Kind(one["kind"]),
                one["version"],
                one["description"],
                one["external_id"],
                {name: PropertyKind(kind) for name, kind in one["properties"].items()},
                bases[one["base"]].id if one["base"] in bases else None,
            )
            for one in self._ask("types")
        ]
        return [*bases.values(), *found]

    def nodes(self, kind: Kind, after: int, limit: int) -> Sequence[Node]:
        """Nodes in the order of their ids."""
        return [_node(kind, one) for one in self._ask("nodes", kind=int(kind), after=after, limit=limit)]

    def changed(self, kind: Kind, since: int, after: int, limit: int) -> Sequence[Node]:
        """Nodes that were updated at that time or later."""
        return [_node(kind, one) for one in self._ask("nodes", kind=int(kind), after=after, limit=limit, since=since)]

    def by_ids(self, kind: Kind, ids: Collection[int]) -> Sequence[Node]:
        """Those of the nodes that there are."""
        return [_node(kind, one) for one in self._ask("by_ids", kind=int(kind), ids=sorted(ids))] if ids else []

    def latest_update(self, kind: Kind) -> int:
        """When a node was last updated."""
        return int(self._ask("latest", kind=int(kind)))

    def events(self, after: int, touched: Iterable[int], limit: int) -> Iterator[tuple[int, list[Event]]]:
        """Those of the executions, as many executions at once as the limit says."""
        for some in _parts(touched, limit):
            given = self._ask("events", executions=some)
            yield 0, [
                Event(
                    0, one["artifact_id"], one["execution_id"], EventType(one["type"]), tuple(one["path"]),
                    one["milliseconds"],
                )
                for one in given
            ]  # fmt: skip

    def links(self, kind: Kind, after: int, touched: Iterable[int], limit: int) -> Iterator[tuple[int, list[Pair]]]:
        """Those of the nodes."""
        for some in _parts(touched, limit):
            yield 0, [(context, id_) for context, id_ in self._ask("contexts", kind=int(kind), ids=some)]

    def parents(self) -> list[Pair]:
        """All (child, parent) of contexts."""
        found: list[Pair] = []
        after = 0
        while contexts := self.nodes(Kind.CONTEXT, after, 500):
            after = contexts[-1].id
            found += [(child, parent) for child, parent in self._ask("parents", ids=[one.id for one in contexts])]
        return found

    def _ask(self, what: str, **more: Any) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None and stdout is not None
        try:
            stdin.write(json.dumps({"ask": what, **more}) + "\n")
            stdin.flush()
            line = stdout.readline()
        except OSError:
            line = ""
        if not line:
            raise StoreUnavailable("the official library's process ended", where=self.where)
        answer = json.loads(line)
        if "error" in answer:
            raise _explained(answer["error"], self.where)
        return answer["answer"]


def _explained(said: str, where: str) -> LineageError:
    code, _, details = said.partition(": ")
    if code == "UNAVAILABLE":
        hint = "is it forwarded? kubectl port-forward -n kubeflow svc/metadata-grpc-service 8080"
        return StoreUnavailable("the ML Metadata service can't be reached", where=where, hint=hint)
    if code == "UNIMPLEMENTED":
        return StoreUnavailable("there is no ML Metadata service there", where=where)
    return StoreUnavailable(
        f"the ML Metadata service failed: {details.splitlines()[0] if details else code}", where=where
    )


def _parts(ids: Iterable[int], limit: int) -> Iterator[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), limit):
        yield ordered[start : start + limit]


def _node(kind: Kind, given: dict[str, Any]) -> Node:
    for part in ("properties", "custom_properties"):
        given[part] = {name: _value(columns) for name, columns in given[part].items()}
    state = given.pop("state", None)
    if kind is Kind.ARTIFACT:
        return Artifact(**given, state=None if state is None else ArtifactState(state))
    if kind is Kind.EXECUTION:
        return Execution(**given, state=None if state is None else ExecutionState(state))
    return Context(**given)


def _value(columns: dict[str, Any] | None) -> Value | None:
    if columns is None:
        return None
    row = SimpleNamespace(**{**dict.fromkeys(_COLUMNS), **columns})
    return from_columns(row)
