"""`python -m tests.bench.lineage_plot`: what an answer costs in stores of three sizes, drawn into docs/images.

Prints the same figures as a table for docs/performance.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from claimed_jlab.lineage import close_index, open_index, open_store, upstream_ids
from tests.bench.lineage import SIZES, official, some, timed, whole
from tests.bench.lineage_stores import store_of

_PICTURE = Path(__file__).parents[2] / "docs" / "images" / "lineage-growth.svg"
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 720, 360, 60, 200, 20, 48
_LEAST, _MOST = 0.1, 100.0
_COLOURS = ("#1565c0", "#6a1b9a", "#2e7d32", "#b71c1c")


def measured() -> dict[str, list[float]]:
    """Median milliseconds by way of asking, for each size."""
    found: dict[str, list[float]] = {"ids, by the index": [], "whole answer, by the index": []}
    found |= {"whole answer, by SQL": [], "get_lineage_subgraph": []}
    for nodes in SIZES:
        with open_store(store_of(nodes)) as store:
            by_sql = median(timed(whole, store, some(nodes, 40)))
            open_index(store)
            found["ids, by the index"].append(median(timed(upstream_ids, store, some(nodes, 300))))
            found["whole answer, by the index"].append(median(timed(whole, store, some(nodes, 40))))
            close_index(store)
        found["whole answer, by SQL"].append(by_sql)
        theirs = official(nodes)
        if theirs is not None:
            found["get_lineage_subgraph"].append(theirs)
    return {name: times for name, times in found.items() if times}


def picture(series: dict[str, list[float]]) -> str:
    """Both axes by powers of ten, a line for each way of asking, its name at its end."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" font-size="13">',
        "<title>What an answer of about a thousand nodes costs, by the size of the store</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        *_axes(),
    ]
    for colour, (name, times) in zip(_COLOURS, series.items(), strict=False):
        points = [(_x(nodes), _y(time)) for nodes, time in zip(SIZES, times, strict=True)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        x, y = points[-1]
        parts.append(f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _axes() -> Iterator[str]:
    for power in range(round(math.log10(_LEAST)), round(math.log10(_MOST)) + 1):
        y = _y(10.0**power)
        yield f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_WIDTH - _RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#444444">{10.0**power:g}</text>'
    for nodes in SIZES:
        yield f'<text x="{_x(nodes):.1f}" y="{_HEIGHT - 28}" text-anchor="middle" fill="#444444">{nodes:,}</text>'
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    yield f'<text x="{middle:.0f}" y="{_HEIGHT - 8}" text-anchor="middle" fill="#444444">nodes in the store</text>'
    yield f'<text x="14" y="{_HEIGHT / 2:.0f}" fill="#444444" transform="rotate(-90 14 {_HEIGHT / 2:.0f})">ms</text>'


def _x(nodes: float) -> float:
    part = math.log10(nodes / SIZES[0]) / math.log10(SIZES[-1] / SIZES[0])
    return _LEFT + 30 + part * (_WIDTH - _LEFT - _RIGHT - 50)


def _y(milliseconds: float) -> float:
    part = math.log10(milliseconds / _LEAST) / math.log10(_MOST / _LEAST)
    return _HEIGHT - _BOTTOM - part * (_HEIGHT - _TOP - _BOTTOM)


def main() -> None:
    """Measure, draw, print."""
    series = measured()
    _PICTURE.write_text(picture(series), encoding="utf-8")
    print(f"| nodes in the store | {' | '.join(series)} |\n|---|{'---|' * len(series)}")
    for at, nodes in enumerate(SIZES):
        print(f"| {nodes:,} | {' | '.join(f'{times[at]:.2g} ms' for times in series.values())} |")


if __name__ == "__main__":
    main()
