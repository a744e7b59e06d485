"""Asked before a run: is the lineage store fit to record in? A file is answered for without SQLAlchemy."""

from __future__ import annotations

from claimed_jlab.lineage.location import file_of
from claimed_jlab.lineage.read_only import may_write, refusal
from claimed_jlab.lineage.sqlite_file import examine


def require_usable(location: str) -> None:
    """Raises NotAStore, NewerStore, OlderStore or StoreUnavailable as opening it would.

    A file that is absent is made by the run; a server's store is opened once, and made when its database is empty.
    """
    path = file_of(location)
    if path is None:
        from claimed_jlab.lineage.store import open_store

        open_store(location).close()
    elif path.exists():
        examine(path)
        if not may_write(path):
            raise refusal(str(path))
