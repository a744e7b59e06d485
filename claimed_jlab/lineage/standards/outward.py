"""A story as it may leave the machine: without the passwords, tokens and signatures of its addresses."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from claimed_jlab.lineage.credentials import masked
from claimed_jlab.lineage.standards.gather import gather
from claimed_jlab.lineage.standards.story import CREDENTIALS, LeftOut, Story, StoryArtifact, StoryRun, StoryTask
from claimed_jlab.lineage.store import Store

Told = TypeVar("Told", StoryRun, StoryTask, StoryArtifact)


def gather_outward(store: Store, executions: Collection[int] | None = None) -> tuple[Story, LeftOut]:
    """What `gather` gives, to be given away: with what was hidden counted among what is left out.

    Raises StoreUnavailable.
    """
    story, left = gather(store, executions)
    harmless, count = without_secrets(story)
    if count:
        left[CREDENTIALS] += count
    return harmless, left


def without_secrets(story: Story) -> tuple[Story, int]:
    """The story without credentials, and in how many places an address had some."""
    mask = _Mask()
    runs = tuple(replace(mask.node(run), tasks=tuple(map(mask.node, run.tasks))) for run in story.runs)
    artifacts = {key: mask.node(one) for key, one in story.artifacts.items()}
    return (Story(runs, artifacts), mask.count) if mask.count else (story, 0)


class _Mask:
    """Hides, and counts what it hid."""

    def __init__(self) -> None:
        self.count = 0

    def node(self, one: Told) -> Told:
        # Keys, by which nodes are known to each other, tell of no credentials: `gather` sees to it.
        known = {"key", "parent", "cached", "reads", "writes", "tasks"}
        given = {field.name: getattr(one, field.name) for field in fields(one) if field.name not in known}
        changed = {name: shown for name, value in given.items() if (shown := self.value(value)) is not value}
        return replace(one, **changed) if changed else one

    def value(self, value: Any) -> Any:
        """The value itself when there is nothing to hide in it."""
        if isinstance(value, str):
            shown, count = masked(value)
            self.count += count
            return shown if count else value
        if isinstance(value, Mapping):
            return self._mapping(value)
        if isinstance(value, list | tuple):
            shown_items = [self.value(item) for item in value]
            return value if all(map(_is, shown_items, value)) else shown_items
        return value

    def _mapping(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        found: dict[str, Any] = {}
        same = True
        for name, value in values.items():
            shown = _unlike(found, self.value(name))
            found[shown] = self.value(value)
            same = same and shown is name and found[shown] is value
        return values if same else found


def _unlike(taken: Mapping[str, Any], name: str) -> str:
    """Two names may differ by their signatures only."""
    return (
        name
        if name not in taken
        else next(f"{name} {n}" for n in range(2, len(taken) + 3) if f"{name} {n}" not in taken)
    )


def _is(one: object, other: object) -> bool:
    return one is other
