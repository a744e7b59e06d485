"""What an import did, or would do."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

KINDS = ("types", "contexts", "artifacts", "executions", "events", "memberships", "parents")


@dataclass(slots=True)
class Summary:
    """Counts by kind. left_out: by what and why."""

    source: str
    name: str
    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, other: Summary) -> None:
        """Count what another counted."""
        for name in ("new", "changed", "known", "left_out"):
            getattr(self, name).update(getattr(other, name))

    def fresh(self) -> Summary:
        """One of the same source that has counted nothing."""
        return Summary(self.source, self.name)

    def as_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "source": self.source,
            "name": self.name,
            "new": {kind: self.new[kind] for kind in KINDS},
            "changed": {kind: self.changed[kind] for kind in KINDS},
            "known": {kind: self.known[kind] for kind in KINDS},
            "left_out": [
                {"what": what, "why": why, "count": count} for (what, why), count in sorted(self.left_out.items())
            ],
        }
