"""Names of tasks, components and parameters as Python's names, each once."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable

RESERVED = ("dsl", "compiler", "components", "kubernetes", "load_component", "NamedTuple", "Outputs", "print")


def identifier(text: str, fallback: str = "task") -> str:
    """A text as a name in lower case and underscores: `German credit` is german_credit."""
    letters = unicodedata.normalize("NFKC", text)
    plain = re.sub("_+", "_", "".join(item if f"a{item}".isidentifier() else "_" for item in letters)).strip("_")
    if not plain:
        return fallback
    plain = plain if plain[0].isidentifier() else f"{fallback}_{plain}"
    return plain if is_name(plain) else f"{plain}_"


def is_name(text: str) -> bool:
    """Whether Python takes a text for a name that a person may give."""
    plain = text.isidentifier() and unicodedata.normalize("NFKC", text) == text
    return plain and not keyword.iskeyword(text) and not text.startswith("__")


def is_task_name(text: str) -> bool:
    """Whether a text is a task's name as documents have them: letters, digits, `_` and `-`."""
    return text.replace("-", "_").isidentifier()


class Names:
    """The names of one module; each is given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {*RESERVED, *taken}

    def new(self, wanted: str, suffix: str = "") -> str:
        """The name, or where it is taken the same with `suffix` or a number."""
        chosen, number = wanted, 2
        if chosen in self._taken and suffix:
            chosen = wanted = f"{wanted}_{suffix}"
        while chosen in self._taken:
            chosen, number = f"{wanted}_{number}", number + 1
        self._taken.add(chosen)
        return chosen


def component_name(reference: str) -> str:
    """What a person would call a component in code: `train/sklearn-classifier@1.0.0` is sklearn_classifier."""
    last = reference.partition("@")[0].rstrip("/").rpartition("/")[2]
    module, _, function = last.partition(".py:")
    name = function or re.sub(r"\.(ipynb|py|yaml|yml|pipeline)$", "", module)
    return identifier(name.lower() if not function else name, "component")
