"""Property values come back as they went in, and what no database or library keeps is mended without loss."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest
from google.protobuf import struct_pb2
from hypothesis import given, settings
from hypothesis import strategies as st

from claimed_jlab.lineage import LineageError, Store, open_store, read, write
from claimed_jlab.lineage.model import Artifact, Kind
from claimed_jlab.lineage.values import (
    STRUCT_PREFIX,
    Proto,
    Struct,
    Value,
    from_columns,
    from_json,
    metadata_value,
    to_columns,
    to_json,
)

# What a database keeps: no NUL, no lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
plain_numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
jsons = st.recursive(
    st.none() | st.booleans() | plain_numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
structs = st.dictionaries(texts, jsons, max_size=4).map(Struct)
protos = st.builds(Proto, texts, st.binary(max_size=30))
values = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts.filter(lambda text: not text.startswith(STRUCT_PREFIX))
    | structs
    | protos
)


@contextmanager
def a_store() -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "lineage.db")
        yield store
        store.close()


def round_trip(store: Store, properties: dict[str, Value], custom: dict[str, Value]) -> Artifact:
    def put(connection: Any) -> int:
        type_ = write.ensure_type(connection, Kind.ARTIFACT, "T")
        return write.put_artifact(connection, type_, "u", properties=properties, custom=custom)

    id_ = store.write(put)
    with store.read() as connection:
        return read.artifacts(connection, ids=[id_])[0]


def test_every_value_comes_back_as_it_went_in() -> None:
    with a_store() as store:

        @settings(deadline=None, max_examples=150)
        @given(
            st.dictionaries(texts.filter(bool), values, max_size=4),
            st.dictionaries(texts.filter(bool), values, max_size=4),
        )
        def check(properties: dict[str, Value], custom: dict[str, Value]) -> None:
            found = round_trip(store, properties, custom)
            assert found.properties == properties
            assert found.custom_properties == custom
            for name, value in custom.items():
                assert type(found.custom_properties[name]) is type(value)

        check()


@given(jsons)
def test_any_json_comes_back_as_it_went_in(value: Any) -> None:
    held = from_json(value)
    if held is None:
        assert value is None
        return
    assert to_json(read_back(held)) == value


def read_back(value: Value) -> Value | None:
    return from_columns(SimpleNamespace(**to_columns(value)))


def test_kubeflows_shapes_of_metadata() -> None:
    assert metadata_value(True) == 1 and metadata_value(True) is not True
    assert metadata_value(3) == 3.0 and isinstance(metadata_value(3), float)
    assert metadata_value([1, "a"]) == Struct({"list": [1, "a"]})
    assert metadata_value({"a": 1}) == Struct({"struct": {"a": 1}})
    assert metadata_value(None) is None


def test_the_struct_text_is_the_librarys() -> None:
    # As ml-metadata 1.17.1 wrote it for {"a": [1, {"b": null}]}.
    assert to_columns(Struct({"a": [1, {"b": None}]}))["string_value"] == (
        "mlmd-struct::Ch8KAWESGjIYCgkRAAAAAAAA8D8KCyoJCgcKAWISAggA"
    )
    assert to_columns(Struct({}))["string_value"] == "mlmd-struct::"


def test_a_text_that_looks_like_a_struct_comes_back_as_the_text() -> None:
    text = "mlmd-struct::abc"

    assert to_columns(text)["string_value"] != text, "the library would fail on the whole node"
    assert to_json(read_back(text)) == text


@pytest.mark.parametrize(("number", "word"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")])
def test_numbers_that_are_not_finite_become_words(number: float, word: str) -> None:
    assert read_back(number) == word
    assert read_back(Struct({"x": number})) == Struct({"x": word})


@pytest.mark.parametrize(("number", "word"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")])
def test_what_others_wrote_as_numbers_that_are_not_finite_reads_as_words(number: float, word: str) -> None:
    row = dict.fromkeys(("int_value", "string_value", "proto_value", "bool_value"))
    assert from_columns(SimpleNamespace(**row, double_value=number)) == word
    message = struct_pb2.Struct()
    message.fields["x"].list_value.values.add().number_value = number
    text = "mlmd-struct::" + base64.b64encode(message.SerializeToString()).decode()
    assert from_columns(SimpleNamespace(**{**row, "string_value": text}, double_value=None)) == Struct({"x": [word]})


def test_integers_that_a_double_would_change_keep_all_digits() -> None:
    huge = 2**53 + 1
    assert read_back(Struct({"x": huge})) == Struct({"x": str(huge)})
    assert read_back(2**64) == str(2**64)
    assert metadata_value(huge) == str(huge)


def test_what_no_database_keeps_in_a_text_becomes_visible() -> None:
    assert read_back("a\0b") == "a␀b"
    assert read_back("name-\udcff") == "name-\\udcff"
    assert read_back(Struct({"k\0": "\udc80"})) == Struct({"k␀": "\\udc80"})


def test_json_deeper_than_protobuf_reads_becomes_text() -> None:
    deep: Any = "bottom"
    for _ in range(200):
        deep = {"x": deep}

    found = read_back(Struct(deep))

    assert isinstance(found, Struct)
    level: Any = found.fields
    for _ in range(30):
        level = level["x"]
    while isinstance(level, dict):
        level = level["x"]
    assert json.loads(level)["x"]


def test_a_value_without_a_kind_is_refused_with_its_type() -> None:
    with pytest.raises(LineageError, match="can't hold a object"):
        from_json(object())  # type: ignore[arg-type]
    with pytest.raises(LineageError, match="can't hold a set"):
        to_columns(Struct({"x": {1}}))  # type: ignore[dict-item]


def test_a_row_without_a_value_and_a_damaged_struct_do_not_stop_the_reader(store: Store) -> None:
    id_ = round_trip(store, {}, {}).id

    def damage(connection: Any) -> None:
        for name, text in (("empty", "NULL"), ("damaged", "'mlmd-struct::%%%'")):
            connection.exec_driver_sql(
                "INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, string_value)"
                f" VALUES ({id_}, '{name}', 1, {text})"
            )

    store.write(damage)
    with store.read() as connection:
        assert read.artifacts(connection)[0].custom_properties == {"empty": None, "damaged": "mlmd-struct::%%%"}


def test_a_name_longer_than_every_database_takes_keeps_its_head_and_stays_unique(store: Store) -> None:
    long = "x" * 300
    found = round_trip(store, {}, {long: 1, long + "y": 2})

    assert sorted(map(len, found.custom_properties)) == [233, 233]
