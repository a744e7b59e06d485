"""Words that other tools have for our fields: who writes one is told ours.

They stay free as names of properties (`status=1` compares a property), so that they are a mistake only where a field
must stand, or where nothing has such a property.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from claimed_jlab.lineage.query.fields import FIELDS, KINDS, meant
from claimed_jlab.lineage.query.syntax import And, Compare, Field, Not, Or, Query, Reach, value_text
from claimed_jlab.lineage.query.times import is_time

_FIELDS = {
    "name": "title display_name",
    "type": "class format",
    "state": "status outcome",
    "pipeline": "workflow dag experiment project",
    "run": "run_id runid",
    "task": "job step",
    "component": "notebook module operator",
    "user": "owner author creator by who person username",
    "engine": "backend executor runner platform cluster",
    "tag": "tags tagged label labels",
    "uri": "path file filename url location address",
    "digest": "hash checksum sha sha256 md5 blake3",
    "after": "since from newer",
    "before": "until till older",
}
# Another word -> the field.
WORDS: Mapping[str, str] = MappingProxyType({word: name for name, words in _FIELDS.items() for word in words.split()})
_MOMENTS = frozenset(
    ("created", "made", "date", "time", "when", "timestamp", "started", "began", "ended", "finished", "updated")
)
_STATES = {
    "COMPLETE": "success succeeded successful done ok finished passed",
    "FAILED": "error errored broken crashed",
    "CANCELED": "stopped aborted killed",
    "CACHED": "skipped reused",
    "RUNNING": "active started",
}
_STATE_WORDS = {word: state for state, words in _STATES.items() for word in words.split()}
_WAYS = {"upstream": "+{}", "ancestors": "+{}", "parents": "1+{}", "downstream": "{}+", "children": "{}+1"}


def for_field(word: str, value: str) -> str | None:
    """What to write in the place of `word:value`, where no field is called so."""
    known = word.lower()
    if known in _MOMENTS:
        shown = value if is_time(value) else "2026-01-31"
        return f"did you mean after:{shown} or before:{shown}?"
    if known in _WAYS:
        return f"write {_WAYS[known].format(value or 'artifact/12')}"
    if known == "id":
        kind, _, number = value.rpartition("/")
        return f"write {kind if kind in KINDS else 'artifact'}/{number if number.isdigit() else 12}"
    if known in WORDS:
        return f"did you mean {WORDS[known]}?"
    return meant(word, FIELDS)


def for_order(name: str, operator: str, value: str) -> str | None:
    """What to write in the place of a comparison like `created>2026-01-31`."""
    if not is_time(value):
        return None
    # What is older than a week was made before it.
    later = operator.startswith(">") != (name.lower() == "age")
    return f"to ask when something was made, write {'after' if later else 'before'}:{value}"


def for_value(field: str, value: str) -> str | None:
    """What to write in the place of `state:succeeded`, or of `kind:Model`."""
    if field == "state" and value.lower() in _STATE_WORDS:
        return f"did you mean {_STATE_WORDS[value.lower()]}?"
    if field == "kind" and meant(value, KINDS) is None:
        return f"kind is {', '.join(KINDS)}; did you mean type:{value[:40]}?"
    return None


def for_nothing(query: Query | None) -> list[str]:
    """What may have been meant by a query that found nothing: properties that are called as others call our fields."""
    said = []
    for term in _terms(query):
        if isinstance(term, Field):
            if "," in term.value:
                some = " or ".join(f"{term.name}:{value_text(one.strip())}" for one in term.value.split(","))
                said.append(f"a comma is part of the text; several are asked for by ({some})")
            elif term.name == "task" and "*" not in term.value:
                said.append(f"the items of a list, and the parts of a pipeline, are found by task:{term.value}.*")
            continue
        name = term.property.lower()
        if name in _MOMENTS:
            said.append(f"to ask when something was made, write after: or before:; {term.property} is a property")
        elif name in WORDS and term.operator in ("=", "!="):
            said.append(f"did you mean {WORDS[name]}:{value_text(term.value)}? {term.property} is a property")
    return list(dict.fromkeys(said))


def _terms(query: Query | None) -> Iterator[Compare | Field]:
    match query:
        case And(queries) | Or(queries):
            for one in queries:
                yield from _terms(one)
        case Not(one) | Reach(one):
            yield from _terms(one)
        case Compare() | Field():
            yield query
