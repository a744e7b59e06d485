"""`jupyter claimed`: a thin door to the same functions that the server calls. Every command imports late."""

from __future__ import annotations


def main() -> None:
    """The console script `jupyter-claimed`."""
    from claimed_jlab.cli.commands import claimed

    claimed(prog_name="jupyter claimed")
