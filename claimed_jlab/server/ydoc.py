"""The shared document of a `.pipeline` file, for jupyter-collaboration: the same maps that editors hold.

`source` is the text as it was loaded, which no edit touches; `document` is what it says, a map for each object in it,
so that two people can edit two fields of one task. Arrays and scalars are atoms. A text that is no JSON object has no
maps and is given back as it is. The browser's twin is `labextension/src/editor/shared.ts`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from jupyter_ydoc.ybasedoc import YBaseDoc
from pycrdt import Awareness, Doc, Map, Text

from claimed_jlab.pipeline.document import BadPipeline, parse_object
from claimed_jlab.pipeline.text import document_text


class YPipeline(YBaseDoc):  # type: ignore[misc]
    """A pipeline's document as people edit it together."""

    def __init__(self, ydoc: Doc[Any] | None = None, awareness: Awareness | None = None) -> None:
        super().__init__(ydoc, awareness)
        self._source: Text = self._ydoc.get("source", type=Text)
        self._document: Map[Any] = self._ydoc.get("document", type=Map)
        self.undo_manager.expand_scope(self._document)

    @property
    def version(self) -> str:
        """The version of this shape."""
        return "1.0.0"

    def get(self) -> str:
        """The text to save: the loaded one to the letter where nothing was edited."""
        text = str(self._source)
        content = _plain(self._document)
        loaded = _parsed(text)
        if not content and loaded is None:
            return text
        meant = _as_written(content, loaded or {})
        return text if loaded is not None and meant == loaded else document_text(meant, like=loaded)

    def set(self, value: str) -> None:
        """Takes a text as loaded; of the maps only what differs is written."""
        with self._ydoc.transaction():
            if value != str(self._source):
                self._source.clear()
                self._source += value
            _write(self._document, _parsed(value) or {})

    def observe(self, callback: Callable[[str, Any], None]) -> None:
        """Calls back with `state`, `source` or `document` and what happened to it."""
        self.unobserve()
        self._subscriptions[self._ystate] = self._ystate.observe(partial(callback, "state"))
        self._subscriptions[self._source] = self._source.observe(partial(callback, "source"))
        self._subscriptions[self._document] = self._document.observe_deep(partial(callback, "document"))


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return parse_object(text)
    except BadPipeline:
        return None


def _plain(value: Any) -> Any:
    """Shared maps as dictionaries."""
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, Map) else value


def _write(box: Map[Any], data: dict[str, Any]) -> None:
    for key in [key for key in box if key not in data]:
        del box[key]
    for key, value in data.items():
        there = box.get(key)
        if isinstance(value, dict) and isinstance(there, Map):
            _write(there, value)
        elif isinstance(value, dict):
            box[key] = _shared(value)
        elif (
            key not in box
            or isinstance(there, Map)
            or there != value
            or isinstance(there, bool) != isinstance(value, bool)
        ):
            box[key] = value


def _shared(data: dict[str, Any]) -> Map[Any]:
    return Map({key: _shared(value) if isinstance(value, dict) else value for key, value in data.items()})


def _as_written(value: Any, loaded: Any) -> Any:
    """Keys in the order of the text, and numbers as it spells them.

    Shared documents keep neither: they have floats only, so that 1 comes back as 1.0.
    """
    if isinstance(value, dict):
        before = loaded if isinstance(loaded, dict) else {}
        keys = [*(key for key in before if key in value), *sorted(key for key in value if key not in before)]
        return {key: _as_written(value[key], before.get(key)) for key in keys}
    if isinstance(value, list):
        others = loaded if isinstance(loaded, list) and len(loaded) == len(value) else [None] * len(value)
        return [_as_written(item, other) for item, other in zip(value, others, strict=True)]
    if isinstance(value, float):
        if isinstance(loaded, int | float) and not isinstance(loaded, bool) and loaded == value:
            return loaded
        return int(value) if value.is_integer() else value
    return value
