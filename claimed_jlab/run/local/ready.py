"""The program of a worker, a process for one run: `python -m claimed_jlab.run.local.ready RUN_FOLDER`.

With `-` it stands by: it launches a fork server first of all, then imports what a run needs, while whoever started it
still works out what is to run; then the folder comes as a line of standard input. It ends when that ends without one.
"""

from __future__ import annotations

import gc
import os
import select
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from claimed_jlab.run.local.launch import forks_here, launch

if TYPE_CHECKING:
    from claimed_jlab.run.local.launch import Launched

# jsonschema, which nbformat imports, loads these for checks that nobody here asks for; the first compiles a grammar for
# 0.8 s, the second imports arrow.
_NOT_NEEDED = (
    "rfc3987_syntax",
    "isoduration",
    "fqdn",
    "jsonpointer",
    "rfc3339_validator",
    "rfc3986_validator",
    "uri_template",
    "webcolors",
)

# In the order in which it is needed: a kernel first.
_WHAT_A_RUN_NEEDS = (
    "claimed_jlab.run.local.worker",
    "claimed_jlab.run.local.provisioner",
    "claimed_jlab.run.local.skipping",
    "claimed_jlab.run.local.notebook",
    "claimed_jlab.run.local.recording",
    "claimed_jlab.run.local.scheduler",
    "claimed_jlab.run.local.task",
)


def main(order: str) -> int:
    """Runs the run in the folder `order` to its end, or the one that it is told of; 0 when it completed."""
    sys.modules.update(dict.fromkeys(_NOT_NEEDED))  # type: ignore[arg-type]
    return _stand_by() if order == "-" else _work(order, None)


def _stand_by() -> int:
    launched = None
    if forks_here():
        with suppress(OSError):
            launched = launch()
    gc.set_threshold(100_000, 50, 1000)  # what is imported is kept: it need not be looked through again and again
    for module in _WHAT_A_RUN_NEEDS:
        if hasattr(select, "poll") and select.select([sys.stdin], [], [], 0)[0]:
            break  # the order is there: the rest is imported while kernels come up
        import_module(module)
    folder = sys.stdin.readline().strip()
    if not folder:
        return 0  # the fork server ends with this process
    with (Path(folder) / "worker.log").open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.chdir(Path(folder).parents[1])
    return _work(folder, launched)


def _work(folder: str, launched: Launched | None) -> int:
    from claimed_jlab.run.local.forking import ForkServer
    from claimed_jlab.run.local.worker import work

    return work(folder, ForkServer(launched) if launched else None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
