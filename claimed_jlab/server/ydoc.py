"""The document that all who edit one `.pipeline` file share, where jupyter-collaboration is installed.

`source` is the text as it was read, which nobody edits; `document` is the JSON object that it is, as nested maps, so
that two people can edit two fields of one task. Arrays and scalars are atoms. The browser's half is `SharedPipeline`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from jupyter_ydoc.ybasedoc import YBaseDoc
from pycrdt import Map, Text

from claimed_jlab.pipeline.document import BadPipeline, parse_object
from claimed_jlab.pipeline.text import document_text


class YPipeline(YBaseDoc):  # type: ignore[misc]  # untyped where it is not installed
    """A shared `.pipeline` document."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._source = self._ydoc.get("source", type=Text)
        self._document = self._ydoc.get("document", type=Map)
        self.undo_manager.expand_scope(self._document)

    @property
    def version(self) -> str:
        """The version of what is shared."""
        return "1.0.0"

    def get(self) -> str:
        """The text to save: the one that was read where it still says the same, else in the order of all documents."""
        text = str(self._source)
        read = _object(text)
        data = _plain(self._document.to_py() or {}, read)
        if data == (read or {}):
            return text
        return document_text(data, read)

    def set(self, value: str) -> None:
        """Takes a text as read from the disk."""
        with self._ydoc.transaction():
            if str(self._source) != value:
                self._source.clear()
                self._source += value
            _write(self._document, _object(value) or {})

    def observe(self, callback: Callable[[str, Any], None]) -> None:
        """Calls back for every change, with the name of the part that has changed."""
        self.unobserve()
        self._subscriptions[self._ystate] = self._ystate.observe(partial(callback, "state"))
        self._subscriptions[self._source] = self._source.observe(partial(callback, "source"))
        self._subscriptions[self._document] = self._document.observe_deep(partial(callback, "document"))


def _object(text: str) -> dict[str, Any] | None:
    """The object that a text is; None when it is no JSON, or none."""
    try:
        return parse_object(text)
    except BadPipeline:
        return None


def _write(shared: Map[Any], data: Mapping[str, Any]) -> None:
    """Makes maps hold an object; only what differs is written."""
    for key in list(shared.keys()):
        if key not in data:
            del shared[key]
    for key, value in data.items():
        old = shared.get(key)
        if isinstance(value, Mapping):
            if not isinstance(old, Map):
                shared[key] = Map()
                old = shared[key]
            _write(old, value)
        elif key not in shared or isinstance(old, Map) or old != value or type(old) is not type(value):
            shared[key] = value


def _plain(value: Any, was: Any = None) -> Any:
    """Data as JSON gives it: what is shared has lost which numbers are whole, and the order of keys.

    was: what was read at the same place, whose spelling and order are kept.
    """
    if isinstance(value, Mapping):
        known = was if isinstance(was, Mapping) else {}
        keys = [*(key for key in known if key in value), *sorted(key for key in value if key not in known)]
        return {key: _plain(value[key], known.get(key)) for key in keys}
    if isinstance(value, list | tuple):
        rest = was if isinstance(was, list) else []
        return [_plain(item, rest[at] if at < len(rest) else None) for at, item in enumerate(value)]
    if isinstance(value, float):
        same = isinstance(was, int | float) and not isinstance(was, bool) and was == value
        return was if same else int(value) if value.is_integer() else value
    return value
