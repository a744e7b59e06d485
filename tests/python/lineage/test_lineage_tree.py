"""Lineage in a terminal: short, nothing twice, and honest about what is left out."""

from __future__ import annotations

import random

from lineage_scenarios import credit, take_from_cache

from claimed_jlab.lineage import Answer, Edge, Node, Recorder, Store, downstream, tree, upstream


def test_the_tree_shows_a_shared_part_once(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)

    assert tree(upstream(store, ids["model"]), f"artifact/{ids['model']}") == [
        "model.joblib (Model) [artifact/4]  ← Fit [execution/4]",
        "├─ data, again: train.csv (Dataset) [artifact/2]  ← Split [execution/3]",
        "│  └─ data: credit.csv (Dataset) [artifact/1]  ← Import credit.csv [execution/2]",
        "└─ holdout: test.csv (Dataset) [artifact/3]  ← Split [execution/3]  (shown above)",
    ]


def test_the_tree_grows_downstream_too(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)

    assert tree(downstream(store, ids["train"]), f"artifact/{ids['train']}") == [
        "train.csv (Dataset) [artifact/2]",
        "└─ data, again: Fit [execution/4]",
        "   └─ model: model.joblib (Model) [artifact/4]",
    ]


def test_the_tree_counts_cache_hits_and_says_what_was_cut(recorder: Recorder, store: Store) -> None:
    ids = credit(recorder)
    for run in ("r2", "r3"):
        take_from_cache(recorder, run)

    lines = tree(upstream(store, ids["model"]), f"artifact/{ids['model']}")

    assert len(lines) == 4
    assert lines[0] == "model.joblib (Model) [artifact/4]  ← Fit [execution/4]  (+ 2 from cache)"
    cut = tree(upstream(store, ids["model"], limit=4), f"artifact/{ids['model']}")
    assert cut[-1] == "… 9 more not shown"


def test_the_tree_of_a_very_long_chain_stays_readable() -> None:
    length = 5000
    nodes = [Node(f"artifact/{n}", "artifact", "T", f"a{n}") for n in range(length + 1)]
    nodes += [Node(f"execution/{n}", "execution", "E", f"e{n}") for n in range(length)]
    edges = [Edge(f"artifact/{n}", f"execution/{n}", "x") for n in range(length)]
    edges += [Edge(f"execution/{n}", f"artifact/{n + 1}", "y") for n in range(length)]
    random.Random(1).shuffle(edges)

    lines = tree(Answer(tuple(nodes), tuple(edges)), f"artifact/{length}")

    assert len(lines) == 26
    assert lines[-1].strip() == "└─ … more; ask for artifact/4975"
