"""YAML that reads back as the data it was written from, whatever the texts in it hold."""

from __future__ import annotations

from typing import Any

import yaml


def yaml_text(document: Any) -> str:
    """The YAML of a document, in its own order; the same text for the same data.

    Letters stand as they are where that is safe. PyYAML writes some line separators (U+0085) so that they are read as
    spaces; a document that does not read back equal is written in ASCII, with escapes.
    """
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
    if text.isascii() or yaml.safe_load(text) == document:
        return text
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=False, width=110)
