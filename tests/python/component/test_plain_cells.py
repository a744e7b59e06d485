"""A cell that Python reads as it stands is what IPython's transform would make of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from claimed_jlab.component.source import cell_text, is_plain

REPOSITORY = Path(__file__).parents[3]
LINES = st.sampled_from(
    [
        "x = 1",
        "y = x  # why?",
        "% time",
        "%time x",
        "!ls",
        "?x",
        "x?",
        "x??",
        "/f x",
        ",f a",
        ";f a",
        ">>> x",
        "... x",
        "In [1]: x",
        "[nohighlight]In [2]: x",
        "x = %pwd",
        "x = !ls",
        "%%bash",
        "'''",
        "a = '''%ls",
        "(",
        "% x",
        ")",
        "x = (",
        "    %ls",
        "    x",
        "def f():",
        "\\",
        "x = 1 \\",
        '"?"',
        "# %ls",
        "@d",
        "   ",
        "",
    ]
)


def transformed(source: str) -> str:
    return TransformerManager().transform_cell(source)


@given(st.lists(LINES, min_size=1, max_size=5).map("\n".join))
def test_a_plain_cell_is_not_changed_by_ipython(source):
    if is_plain(source):
        assert transformed(source).rstrip() == source.rstrip()


@pytest.mark.parametrize("source", ["In [1]: x", " x = 1", "\nx = 1", "%ls", "x?", "!ls", "x = !ls", "%%bash\nls"])
def test_what_ipython_would_change_is_not_plain(source):
    assert not is_plain(source)


def test_the_cells_of_our_own_components_are_read_alike_with_and_without_ipython():
    cells = [
        cell_text(cell)
        for path in (REPOSITORY / "components").glob("*/*/*.ipynb")
        for cell in json.loads(path.read_text())["cells"]
        if cell["cell_type"] == "code"
    ]
    plain = [source for source in cells if is_plain(source)]
    assert len(plain) > len(cells) / 2
    assert [transformed(source).rstrip() for source in plain] == [source.rstrip() for source in plain]
