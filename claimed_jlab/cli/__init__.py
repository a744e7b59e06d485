"""`jupyter claimed`: a thin door to the same functions that the server calls. Every command imports late."""

from __future__ import annotations


def main() -> None:
    """The console script `jupyter-claimed`."""
    import gc

    gc.set_threshold(100_000, 50, 1000)  # what a command makes is nearly all imports, which are kept
    from claimed_jlab.cli.commands import claimed

    try:
        claimed(prog_name="jupyter claimed")
    finally:
        gc.freeze()  # else the end of the interpreter looks through all that was imported: 50 ms
