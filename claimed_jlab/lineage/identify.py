"""From what a person has in hand (an id, a file, a digest, a run's output) to the artifact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from blake3 import blake3
from sqlalchemy import ColumnElement, Connection, or_, select

from claimed_jlab.lineage import names, schema, shapes
from claimed_jlab.lineage.errors import UnknownArtifact
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.store import Store
from claimed_jlab.lineage.values import clean
from claimed_jlab.lineage.write import by_external_id

_SHORTEST_DIGEST = 8
_SHOWN = 200
_PARTS = 3
# A digest may be given without the name of its hash.
_SCHEMES = ("blake3", "sha256")


def find_artifact(store: Store, text: str) -> int:
    """The id of the artifact that the text names.

    text: `12` or `artifact/12`, a URI, a file (by its place, else by its content), a content digest (eight
    characters of it are enough), `<run id>/<task>/<output>` (`/<output>` may be left out when there is one),
    `execution/5` that made one artifact, or a name that only one artifact has. Of several artifacts with the same URI
    or digest the newest is meant.
    Raises UnknownArtifact when there is none, or a name could mean several.
    """
    text = text.strip()
    ways: tuple[Callable[[Connection, str], int | None], ...] = (
        _by_id,
        _by_uri,
        _by_output,
        _by_execution,
        _by_content,
        _by_digest,
        _by_name,
    )
    with store.read() as connection:
        for way in ways:
            found = way(connection, text)
            if found is not None:
                return found
        hint = _hint(connection, text)
    raise UnknownArtifact(
        f"no artifact answers to {text[:_SHOWN]!r}{'…' * (len(text) > _SHOWN)}", where=store.location, hint=hint
    )


def find_run_context(store: Store, text: str) -> int | None:
    """The id of the context of a run, named by its id, with `run:` before it or not; None when there is none."""
    with store.read() as connection:
        return _run_context(connection, text.strip())


def _run_context(connection: Connection, text: str) -> int | None:
    run = text.removeprefix("run:")
    context, node_type = schema.context.c, schema.node_type.c
    types = select(node_type.id).where(node_type.name == names.PIPELINE_RUN)
    query = select(context.id).where(context.name == clean(run), context.type_id.in_(types))
    found: int | None = connection.execute(query).scalar()
    return found if run else None


def _hint(connection: Connection, text: str) -> str:
    """What to give instead."""
    if _run_context(connection, text) is not None:
        run = text.removeprefix("run:")
        return f"it is a run: give one of its artifacts, which `jupyter claimed lineage find run:{run}` lists"
    if parts := _parts(connection, text):
        return f"it ran for each item of a list, or is a pipeline; give one of its parts: {', '.join(parts)}"
    try:
        is_file = Path(text).expanduser().is_file()
    except (OSError, RuntimeError, ValueError):
        is_file = False
    if is_file:
        return "no run that the store knows read or wrote this file, or one with its content"
    return "give an id, a file, a URI, a digest, or <run id>/<task>/<output>; `jupyter claimed lineage find` lists them"


def _parts(connection: Connection, text: str) -> list[str]:
    """Some tasks that are parts of the one that the text names, as `run/each.0`; with the output, where it is named."""
    run, _, rest = clean(text).partition("/")
    task, _, output = rest.partition("/")
    if not task:
        return []
    key, begin = schema.execution.c.external_id, f"{names.task_key(run, task)}."
    query = select(key).where(key.between(begin, f"{begin}~")).order_by(schema.execution.c.id).limit(_PARTS)
    return [f"{found.removeprefix('claimed:')}{output and '/'}{output}" for found in connection.scalars(query)]


def _by_id(connection: Connection, text: str) -> int | None:
    match = re.fullmatch(r"(?:artifact/)?(\d{1,18})", text)
    if not match:
        return None
    table = schema.artifact
    found: int | None = connection.execute(select(table.c.id).where(table.c.id == int(match[1]))).scalar()
    return found


def _by_uri(connection: Connection, text: str) -> int | None:
    table = schema.artifact
    for uri in map(clean, _uris(text)):
        query = select(table.c.id).where(table.c.uri == uri).order_by(table.c.id.desc()).limit(1)
        found: int | None = connection.execute(query).scalar()
        if found is not None:
            return found
    return None


def _uris(text: str) -> Iterator[str]:
    if not text:
        return
    yield text
    if "://" in text:
        return
    try:
        path = Path(text).expanduser().absolute()
        yield path.as_uri()
        yield str(path)
        yield path.resolve().as_uri()
    except (OSError, RuntimeError, ValueError):  # no such user, a loop of links, a NUL: not a path
        return


def _by_output(connection: Connection, text: str) -> int | None:
    direct = by_external_id(connection, Kind.ARTIFACT, f"claimed:{text}")
    if direct is not None:
        return direct
    # A cached task's artifacts carry the id of the run that made them; its events know.
    task, _, output = text.rpartition("/")
    named = _outputs(connection, task).get(output)
    if named is not None:
        return named
    outputs = _outputs(connection, text)
    if len(set(outputs.values())) > 1:
        choice = ", ".join(f"{text}/{name}" for name in outputs)
        raise UnknownArtifact(f"task {text!r} has several outputs", hint=f"choose one: {choice}")
    return next(iter(outputs.values()), None)


def _by_execution(connection: Connection, text: str) -> int | None:
    match = re.fullmatch(r"execution/(\d{1,18})", text)
    outputs = shapes.outputs_of(connection, int(match[1])) if match else {}
    if len(set(outputs.values())) > 1:
        choice = ", ".join(f"artifact/{id_} ({name})" for name, id_ in outputs.items())
        raise UnknownArtifact(f"{text} made several artifacts", hint=f"choose one: {choice}")
    return next(iter(outputs.values()), None)


def _outputs(connection: Connection, task: str) -> Mapping[str, int]:
    execution = by_external_id(connection, Kind.EXECUTION, f"claimed:{task}") if task else None
    return {} if execution is None else shapes.outputs_of(connection, execution)


def _by_content(connection: Connection, text: str) -> int | None:
    try:
        with Path(text).expanduser().open("rb") as file:
            hasher = blake3()
            while block := file.read(1 << 20):
                hasher.update(block)
    except (OSError, RuntimeError, ValueError):  # no file, or no path at all
        return None
    return _newest(connection, schema.artifact_property.c.string_value == f"blake3:{hasher.hexdigest()}")


def _by_digest(connection: Connection, text: str) -> int | None:
    value = schema.artifact_property.c.string_value
    text = clean(text)
    spellings = [text, *(f"{scheme}:{text}" for scheme in _SCHEMES)]
    exact = _newest(connection, value.in_(spellings))
    if exact is not None or len(text.partition(":")[2] or text) < _SHORTEST_DIGEST:
        return exact
    # Ranges and not LIKE: they use the index, and no letter of a digest is above "~".
    return _newest(connection, or_(*(value.between(spelling, f"{spelling}~") for spelling in spellings)))


def _newest(connection: Connection, condition: ColumnElement[bool]) -> int | None:
    table = schema.artifact_property
    query = (
        select(table.c.artifact_id)
        .where(table.c.name == names.DIGEST, table.c.is_custom_property, condition)
        .order_by(table.c.artifact_id.desc())
        .limit(1)
    )
    found: int | None = connection.execute(query).scalar()
    return found


def _by_name(connection: Connection, text: str) -> int | None:
    table = schema.artifact_property
    query = (
        select(table.c.artifact_id)
        .where(table.c.name == names.DISPLAY_NAME, table.c.is_custom_property, table.c.string_value == clean(text))
        .order_by(table.c.artifact_id.desc())
        .limit(6)
    )
    found = list(connection.scalars(query))
    if len(found) > 1:
        some = ", ".join(f"artifact/{id_}" for id_ in found[:5])
        raise UnknownArtifact(f"several artifacts are called {text!r}", hint=f"choose one: {some}")
    return found[0] if found else None
