"""What can go wrong with a lineage store, as few kinds as a caller can act on."""

from __future__ import annotations

from claimed_jlab.errors import ClaimedError


class LineageError(ClaimedError):
    """Base of the lineage room's errors: always one clear line."""

    code = "lineage-error"


class NotAStore(LineageError):
    """The file is something else (empty, another program's database, no database): it was not touched."""

    code = "not-a-store"


class NewerStore(LineageError):
    """The store was made by a newer ML Metadata than this program reads; it was not touched."""

    code = "newer-store"


class OlderStore(LineageError):
    """The store has an older schema and nobody asked for an upgrade; it was not touched."""

    code = "older-store"


class StoreUnavailable(LineageError):
    """The store can't be opened, read or written now: permissions, a full disk, a lock held too long."""

    code = "store-unavailable"


class UnknownArtifact(LineageError):
    """No artifact answers to what was asked."""

    code = "unknown-artifact"


class UnknownRun(LineageError):
    """A run or a task was never started in this store."""

    code = "unknown-run"
