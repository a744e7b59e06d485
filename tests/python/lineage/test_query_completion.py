"""A half-written query is completed with fields, then with what the store has for them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lineage_scenarios import credit, finish, start

from claimed_jlab.lineage import Recorder, Store, complete, find, open_store, write
from claimed_jlab.lineage.model import ArtifactState, Kind
from claimed_jlab.lineage.query.parser import parse

EVERY_DATABASE = True


@pytest.fixture
def asked(store: Store, recorder: Recorder) -> Store:
    recorder.start_run(
        "r1", "German Credit", parameters={}, properties={"claimed.user": "ada", "claimed.engine": "local"}
    )
    start(recorder, "r1", "fit")
    finish(recorder, "r1", "fit")
    credit(recorder, "r2")

    def tag(connection):
        type_id = write.ensure_type(connection, Kind.ARTIFACT, "my.Scan")
        custom = {"claimed.tag.candidate": "", "my metric": 0.5}
        write.put_artifact(connection, type_id, "u", state=ArtifactState.LIVE, custom=custom)

    store.write(tag)
    return store


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("na", "name:"),
        ("x (na", "name:"),
        ("+na", "name:"),
        ("2+na", "name:"),
        ("x o", "or"),
        ("kind:e", "execution"),
        ("state:comp", "COMPLETE"),
        ("changed:c", "code"),
        ("type:mod", "Model"),
        ("type:my", "my.Scan"),
        ("pipeline:credit", "Credit"),
        ("pipeline:ger", '"German Credit"'),
        ('pipeline:"German C', '"German Credit"'),
        ("user:", "me"),
        ("user:a", "ada"),
        ("engine:", "local"),
        ("task:f", "fit"),
        ("run:", "r2"),
        ("tag:", "candidate"),
        ("after:7", "7d"),
        ("acc", "accuracy"),
        ("my", '"my metric"'),
        ("status", "state:"),
        ("owne", "user:"),
    ],
)
def test_the_likely_text_comes_first(asked: Store, text: str, first: str) -> None:
    suggestion = complete(asked, text, len(text))[0]

    assert suggestion.text == first
    assert suggestion.end == len(text)
    whole = text[: suggestion.start] + suggestion.text
    assert "(" in whole or suggestion.kind in ("field", "property", "word") or parse(whole)


def test_only_what_is_before_the_cursor_counts(asked: Store) -> None:
    [*found] = complete(asked, "task:fi user:me", 7)

    assert [(item.text, item.start, item.end) for item in found] == [("fit", 5, 7)]


def test_nothing_is_offered_inside_a_quoted_text_or_for_a_field_that_is_none(asked: Store) -> None:
    assert complete(asked, '"na', 3) == [] and complete(asked, "nmae:x", 6) == []


def test_an_empty_store_still_offers_fields_and_states(store: Store) -> None:
    assert complete(store, "", 0)[0].text == "name:"
    assert complete(store, "pipeline:", 9) == []
    assert find(store, "accuracy>0 or tag:x or changed:code").nodes == ()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(tmp_path_factory.mktemp("empty") / "lineage.db")


@given(text=st.text(alphabet=st.sampled_from('ab:+("\\ *typeusr'), max_size=20), at=st.integers(-3, 30))
@settings(max_examples=150, deadline=None)
def test_completion_never_fails_and_stays_within_the_text(empty: Store, text: str, at: int) -> None:
    for item in complete(empty, text, at):
        assert 0 <= item.start <= item.end <= len(text)


def test_names_of_properties_are_found_without_looking_at_every_row(asked: Store) -> None:
    with asked.read() as connection:
        if connection.dialect.name != "sqlite":
            pytest.skip("a plan is told by every database in its own words")
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT min(name) FROM ArtifactProperty"
            " WHERE is_custom_property AND double_value IS NOT NULL AND name > 'a'"
        ).all()
    assert all("SEARCH" in row[-1] for row in plan)
