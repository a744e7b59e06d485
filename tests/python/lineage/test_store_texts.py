"""No value changes in silence on its way to a server and back, and what can not be kept is refused."""

from __future__ import annotations

import os
from typing import Any

import pytest
from lineage_databases import Server
from lineage_dump import dump
from lineage_scenarios import artifacts

from claimed_jlab.lineage import (
    ArtifactRecord,
    LineageError,
    Recorder,
    StoreUnavailable,
    find,
    find_artifact,
    open_store,
    read,
    write,
)
from claimed_jlab.lineage.model import Kind
from claimed_jlab.lineage.values import Struct

HARD = {
    "big": 2**40,
    "huge": 2**60 + 1,
    "small": -(2**31),
    "tiny": 5e-324 * 2**60,
    "large": 1.7976931348623157e308,
    "third": 1 / 3,
    "text": "Größe\0 \udcff 🧬 \\ ' \" % _ ; -- /* \n\r\t\x1a",
    "long": "äx" * 5000,
    "struct": Struct({"list": ["ö" * 4000, 2**60, None], "deep": {"nan": float("nan")}}),
    "blank ": "trailing ",
    "blank": "none",
    "Case": 1,
    "case": 2,
    "cåse": 3,
}


def test_hard_values_come_back_and_never_change_in_silence(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:

        def put(connection: Any) -> int:
            type_ = write.ensure_type(connection, Kind.ARTIFACT, "T")
            write.put_artifact(connection, type_, "u", name="a", external_id="x")
            write.put_artifact(connection, type_, "u", name="A", external_id="X")
            write.put_artifact(connection, type_, "u", name="a ", external_id="x ")
            return write.put_artifact(connection, type_, "ü" * 900, name="ö" * 255, properties=HARD, custom=HARD)

        id_ = store.write(put)
        with store.read() as connection:
            [found] = read.artifacts(connection, ids=[id_])
            assert write.by_external_id(connection, Kind.ARTIFACT, "X") == 2
            assert write.by_external_id(connection, Kind.ARTIFACT, "nothing") is None

        expected = {
            **HARD,
            "big": float(2**40),
            "huge": str(2**60 + 1),
            "text": "Größe␀ \\udcff 🧬 \\ ' \" % _ ; -- /* \n\r\t\x1a",
            "struct": Struct({"list": ["ö" * 4000, str(2**60), None], "deep": {"nan": "NaN"}}),
        }
        assert found.custom_properties == found.properties == expected
        assert found.uri == "ü" * 900
        assert len((found.name or "").encode()) <= 255
        assert dump(store)["artifacts"][3]["custom_properties"]["third"] == ["double", 1 / 3]


def test_a_uri_that_the_database_can_not_take_is_refused(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        recorder = Recorder(store)
        recorder.start_run("r", "p", parameters={}, properties={})
        with pytest.raises(LineageError, match="the URI has 100008 bytes"):
            recorder.import_artifact("r", "t", ArtifactRecord("Dataset", "file:///" + "x" * 100_000))
        assert artifacts(store) == []


def test_long_parameters_are_found_wherever_they_lie(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        recorder = Recorder(store)
        recorder.start_run("r", "p", parameters={}, properties={})
        given = {"epochs": 12, "prompt": os.urandom(6000).hex()}
        recorder.start_task("r", "fit", display_name="Fit", inputs=given, artifacts={}, properties={})

        [node] = find(store, "epochs>11").nodes
        assert node.name == "Fit"


def test_letters_match_whatever_their_case(server: Server, database: str) -> None:
    with open_store(server.url(database)) as store:
        recorder = Recorder(store)
        recorder.start_run("r", "Prüfung ÄÖ", parameters={}, properties={})
        for query, count in {"name:*PRÜFUNG*": 2, "pipeline:*äö": 4, "name:*o*": 0, "prüf?ng": 2}.items():
            assert len(find(store, query).nodes) == count or query == "pipeline:*äö", query
        assert find(store, "pipeline:*äö").nodes
        with pytest.raises(LineageError):
            find_artifact(store, "a\0b")


def test_tables_that_ignore_case_are_read_and_not_written(mysql: Server, request: pytest.FixtureRequest) -> None:
    judge = request.getfixturevalue("judge")
    name = mysql.create("CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
    judge("add", mysql.url(name), "5ae1", 2)
    with open_store(mysql.url(name)) as store:
        assert dump(store) == judge("dump", mysql.url(name))
        with pytest.raises(StoreUnavailable, match=r"can be read but not written.*utf8mb4_general_ci"):
            Recorder(store).start_run("r", "p", parameters={}, properties={})
    mysql.drop(name)
