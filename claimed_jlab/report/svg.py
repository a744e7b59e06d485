"""Inline SVG drawings for the HTML page, coloured by the page's own style so that they follow light and dark."""

from __future__ import annotations

from html import escape

WIDTH = 940


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> str:
    """A line of text; `kind` is a class of the page's style."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(words)}</text>'


def words(x: float, y: float, parts: list[tuple[str, str]], separator: str) -> str:
    """A line of text that ends at x, of parts (words, class) with a separator between them."""
    spans = [f'<tspan class="{kind}">{escape(text)}</tspan>' for text, kind in parts]
    between = f'<tspan class="between">{escape(separator)}</tspan>'
    return f'<text x="{x:.1f}" y="{y:.1f}" class="value" text-anchor="end">{between.join(spans)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def box(x: float, y: float, width: float, height: float, kind: str, extra: str = "") -> str:
    size = f'width="{max(width, 0):.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} rx="3" class="{kind}"{extra}/>'


def circle(x: float, y: float, kind: str, radius: float = 7) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" class="{kind}"/>'


def diamond(x: float, y: float, kind: str, radius: float = 8.5) -> str:
    corners = f"{x:.1f},{y - radius:.1f} {x + radius:.1f},{y:.1f} {x:.1f},{y + radius:.1f} {x - radius:.1f},{y:.1f}"
    return f'<polygon points="{corners}" class="{kind}"/>'


def drawing(height: float, label: str, parts: list[str], width: float = WIDTH) -> str:
    """The whole picture, with a name for screen readers (the numbers are in the table beside it)."""
    body = "".join(parts)
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escape(label)}" '
        f'style="min-width:{0.7 * width:.0f}px;max-width:{width:.0f}px">{body}</svg>'
    )
