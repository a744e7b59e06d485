"""What the index finds in one direction is whole and in order, whatever the graph's shape."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimed_jlab.lineage import closure, topological
from claimed_jlab.lineage.closure import Direction, Ref
from claimed_jlab.lineage.compact import Graph, IndexArcs
from claimed_jlab.lineage.model import EventType, Kind

INPUT, OUTPUT = int(EventType.INPUT), int(EventType.OUTPUT)
Event = tuple[int, int, int, int]


def layered(wide: int, deep: int, far: float, back: bool, seed: int) -> list[Event]:
    """Layers of executions that read what the layer before made, and now and then an earlier one; perhaps a circle."""
    chance = random.Random(seed)
    events: list[Event] = []
    for layer in range(deep):
        for number in range(wide):
            execution = layer * wide + number + 1
            events.append((0, execution, execution, OUTPUT))
            for _ in range(3 if layer else 0):
                source = chance.randrange(layer) if chance.random() < far else layer - 1
                events.append((0, source * wide + chance.randrange(wide) + 1, execution, INPUT))
    return [*events, (0, deep * wide, 1, INPUT)] if back else events


def check(events: list[Event], artifact: int, direction: Direction) -> list[str]:
    graph = Graph()
    graph.add(events[: len(events) // 2])
    graph = graph.merged()
    graph.add(events[len(events) // 2 :])
    ids = topological.ids_in_order(graph, artifact, direction)

    walked = closure.walk(IndexArcs(graph, direction), artifact)
    assert sorted(ids) == sorted(map(str, walked))
    place = {id_: number for number, id_ in enumerate(ids)}
    ways: dict[Ref, set[Ref]] = {}
    for _, thing, execution, type_ in events:
        pair = Ref(Kind.ARTIFACT, thing), Ref(Kind.EXECUTION, execution)
        source, target = pair if type_ == INPUT else pair[::-1]
        ways.setdefault(source, set()).add(target)
    for source, targets in ways.items():
        for target in targets:
            if str(source) in place and str(target) in place and place[str(source)] > place[str(target)]:
                assert source in closure.leaving([target], ways), f"{source} stands behind {target}"
    return ids


@settings(deadline=None, max_examples=80)
@given(
    st.integers(1, 9),
    st.integers(2, 14),
    st.sampled_from([0.0, 0.05, 0.6]),
    st.booleans(),
    st.integers(0, 99),
    st.sampled_from(Direction),
)
def test_every_shape_is_whole_and_in_order(
    wide: int, deep: int, far: float, back: bool, seed: int, direction: Direction
) -> None:
    artifact = wide * deep if direction is Direction.UPSTREAM else 1
    check(layered(wide, deep, far, back, seed), artifact, direction)


@settings(deadline=None, max_examples=80)
@given(st.lists(st.tuples(st.just(0), st.integers(1, 9), st.integers(1, 7), st.sampled_from([INPUT, OUTPUT]))))
def test_any_graph_is_whole_and_in_order(events: list[Event]) -> None:
    for direction in Direction:
        check(events, 1, direction)


@pytest.mark.parametrize(
    ("events", "by_layers"),
    [
        (layered(20, 14, 0, False, 1), True),  # as pipelines are
        (layered(20, 14, 0.02, False, 1), True),  # some nodes are met twice
        (layered(20, 14, 0.6, False, 1), False),  # too often
        (layered(1, 500, 0, False, 1), False),  # a chain
        (layered(20, 14, 0, True, 1), False),  # a circle
    ],
)
def test_each_walk_has_the_graphs_that_are_its_own(events: list[Event], by_layers: bool) -> None:
    graph = Graph()
    graph.add(events)
    last = max(artifact for _, artifact, _, _ in events)
    assert (topological._layers(IndexArcs(graph, Direction.UPSTREAM), last) is not None) == by_layers
    check(events, last, Direction.UPSTREAM)


def test_what_is_joined_twice_comes_once() -> None:
    events: list[Event] = [(0, 1, 1, OUTPUT), (0, 1, 1, OUTPUT), (0, 1, 2, INPUT), (0, 1, 2, INPUT), (0, 2, 2, OUTPUT)]

    assert check(events, 2, Direction.UPSTREAM) == ["execution/1", "artifact/1", "execution/2", "artifact/2"]
