"""The query language answers as an evaluator does that looks at every node in Python."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from query_naive import ME, answer, world_of
from query_random import QUERIES, fill

from claimed_jlab.lineage import Store, close_index, find, open_index
from claimed_jlab.lineage.query.parser import parse
from claimed_jlab.lineage.query.syntax import Query, text_of


def found(store: Store, text: str, limit: int = 1000) -> list[str]:
    """Ids of all pages."""
    ids: list[str] = []
    page = find(store, text, limit=limit, user=ME)
    ids += [node.id for node in page.nodes]
    while page.next is not None:
        page = find(store, text, limit=limit, cursor=page.next, user=ME)
        assert 0 < len(page.nodes) <= limit
        ids += [node.id for node in page.nodes]
    return ids


@given(seed=st.integers(0, 10**6), queries=st.lists(QUERIES, min_size=6, max_size=12), limit=st.integers(1, 5))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_query_finds_what_a_look_at_every_node_finds(seed: int, queries: list[Query], limit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = fill(Path(folder) / "l.db", seed)
        world, now = world_of(store), datetime.now()
        for query in queries:
            expected = answer(world, query, now)
            assert found(store, text_of(query)) == expected, text_of(query)
        assert found(store, text_of(queries[0]), limit) == answer(world, queries[0], now)
        assert found(store, "", limit) == answer(world, None, now)
        open_index(store)
        for query in queries:
            assert found(store, text_of(query)) == answer(world, query, now), text_of(query)
        close_index(store)
        store.close()


@given(query=QUERIES)
@settings(max_examples=300, deadline=None)
def test_a_query_that_is_written_out_reads_back_as_itself(query: Query) -> None:
    text = text_of(query)

    assert parse(text) == query
