"""Lists of resources: filters, order and pages, as KFP's API has them."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from tests.kfp_server.refusals import invalid
from tests.kfp_server.wire import seconds_of

DEFAULT_SIZE, LARGEST_SIZE = 20, 200
_VALUES = ("string_value", "int_value", "long_value", "timestamp_value")
_LISTS = ("string_values", "int_values", "long_values")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "EQUALS": lambda have, want: _text(have) == _text(want),
    "NOT_EQUALS": lambda have, want: _text(have) != _text(want),
    "GREATER_THAN": lambda have, want: have > want,
    "GREATER_THAN_EQUALS": lambda have, want: have >= want,
    "LESS_THAN": lambda have, want: have < want,
    "LESS_THAN_EQUALS": lambda have, want: have <= want,
    "IN": lambda have, want: _text(have) in [_text(one) for one in want],
    "IS_SUBSTRING": lambda have, want: _text(want) in _text(have),
}
_CAMEL = {
    "stringValue": "string_value",
    "intValue": "int_value",
    "longValue": "long_value",
    "timestampValue": "timestamp_value",
    "stringValues": "string_values",
    "intValues": "int_values",
    "longValues": "long_values",
}


def page_of(
    items: Iterable[dict[str, Any]], query: dict[str, str], keys: dict[str, str], name: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """(items of the page, the rest of the answer). keys: the API's field names to those of the items."""
    filter_, sort = query.get("filter", ""), query.get("sort_by", "")
    start = 0
    if query.get("page_token"):
        token = _token(query["page_token"])
        if (filter_ or sort) and (token["filter"], token["sort"]) != (filter_, sort):
            raise invalid(
                "page token does not match the supplied sort by and/or filtering criteria. Either specify the same"
                " criteria or leave the latter empty if page token is specified."
            )
        filter_, sort, start = token["filter"], token["sort"], token["start"]
    predicates = _predicates(filter_, keys)
    found = _sorted([item for item in items if all(one.holds(item) for one in predicates)], sort, keys)
    size = _size(query.get("page_size"))
    rest: dict[str, Any] = {"total_size": len(found)} if found else {}
    if start + size < len(found):
        token = {"start": start + size, "filter": filter_, "sort": sort, "kind": name}
        rest["next_page_token"] = base64.b64encode(json.dumps(token).encode()).decode()
    return found[start : start + size], rest


def _size(text: str | None) -> int:
    try:
        size = int(text or 0)
    except ValueError as error:
        raise invalid(f'type mismatch, parameter: page_size, error: strconv.ParseInt: parsing "{text}"') from error
    if size < 0:
        raise invalid(f"The page size should be greater than 0. Got {size}")
    return min(size or DEFAULT_SIZE, LARGEST_SIZE)


def _token(text: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(base64.b64decode(text))
        return found
    except ValueError as error:
        raise invalid("Invalid package token.") from error


def _sorted(items: list[dict[str, Any]], sort: str, keys: dict[str, str]) -> list[dict[str, Any]]:
    words = sort.lower().split()
    if len(words) > 2 or (len(words) == 2 and words[1] not in ("asc", "desc")):
        raise invalid(f'Received invalid sort by format "{sort}". Supported format: "field_name", "field_name desc"')
    field = words[0] if words else "created_at"
    if field not in keys:
        raise invalid(f'Invalid sorting field: "{field}": cannot be sorted on')
    return sorted(items, key=lambda item: (item.get(keys[field]) or 0, item["order"]), reverse=words[1:] == ["desc"])


@dataclass(frozen=True)
class Predicate:
    """One condition of a filter, checked. field: the item's."""

    field: str
    operation: str
    want: Any

    def holds(self, item: dict[str, Any]) -> bool:
        return _COMPARE[self.operation](item.get(self.field) or "", self.want)


def _predicates(filter_: str, keys: dict[str, str]) -> list[Predicate]:
    if not filter_:
        return []
    try:
        wanted = json.loads(unquote(filter_) if "%" in filter_ else filter_)
        given = wanted.get("predicates") or []
    except (ValueError, AttributeError) as error:
        raise invalid(f'failed to parse valid filter from "{filter_}": {error}') from error
    return [_predicate(one, keys) for one in given]


def _predicate(given: dict[str, Any], keys: dict[str, str]) -> Predicate:
    predicate = {_CAMEL.get(name, name): value for name, value in given.items()}
    key, operation = predicate.get("key", ""), predicate.get("operation", "OPERATION_UNSPECIFIED")
    if isinstance(operation, int):
        operation = ["OPERATION_UNSPECIFIED", *_COMPARE][operation]
    if not key:
        raise invalid(f"Predicate key cannot be empty for operation {operation}")
    if key not in keys:
        raise invalid(f'no support for filtering on unrecognized field "{key}"')
    if operation not in _COMPARE:
        raise invalid(f"invalid predicate operation: {operation}")
    want = next((predicate[name] for name in _VALUES if name in predicate), None)
    lists = next((predicate[name].get("values", []) for name in _LISTS if name in predicate), None)
    if operation == "IN":
        if lists is None:
            raise invalid("cannot use IN operator with scalar type string")
        want = lists
    elif lists is not None:
        raise invalid(f"cannot use scalar operator {operation} on array type")
    if "timestamp_value" in predicate:
        want = seconds_of(str(want))
    return Predicate(keys[key], operation, want)


def _text(value: Any) -> str:
    return str(value).lower()
