"""Going through a query's text, piece by piece, with the place of each for what is said about it."""

from __future__ import annotations

import re

from claimed_jlab.lineage.query.errors import QueryError

_BLANK = re.compile(r"\s*")
_RUN = re.compile(r'(?:\\.|[^\s()"\\])*', re.DOTALL)
_QUOTED = re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL)
_HEAD = re.compile(r"([^\W\d][\w./-]*)(?:(:)|\s*(>=|<=|!=|==|=|>|<)\s*)")
_OPERATOR = re.compile(r"\s*(>=|<=|!=|==|=|>|<)\s*")
_STEPS_BEFORE = re.compile(r"(\d*)\+(?=[^\s)])")
_STEPS_AFTER = re.compile(r"\+(\d*)(?=[\s)]|$)")
_STEPS_AT_END = re.compile(r"(?<!\\)\+\d*$")
_UNESCAPE = re.compile(r"\\(.)", re.DOTALL)


class Scanner:
    """A text and the place in it.  at: the place, from 0."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    @property
    def column(self) -> int:
        """The place as people count."""
        return self.at + 1

    @property
    def ended(self) -> bool:
        """Whether nothing is left but blanks."""
        self.skip_blanks()
        return self.at >= len(self.text)

    def skip_blanks(self) -> None:
        """Goes to the next piece."""
        self._take(_BLANK)

    def looking_at(self, character: str) -> bool:
        """Whether the character is next."""
        return self.text.startswith(character, self.at)

    def accept(self, character: str) -> bool:
        """Goes past the character if it is next."""
        found = self.looking_at(character)
        self.at += len(character) if found else 0
        return found

    def keyword(self, word: str) -> bool:
        """Goes past the word if it is next, as a whole and in any case."""
        self.skip_blanks()
        match = _RUN.match(self.text, self.at)
        found = match is not None and match[0].lower() == word
        self.at += len(word) if found else 0
        return found

    def head(self) -> tuple[str, str] | None:
        """A field or property with its operator: `name:`, `accuracy >`."""
        match = self._take(_HEAD)
        return None if match is None else (match[1], match[2] or match[3])

    def operator(self) -> str | None:
        """A comparison."""
        match = self._take(_OPERATOR)
        return None if match is None else match[1]

    def steps_before(self) -> int | None:
        """`2+` is 2, `+` is None; 0 where neither is."""
        return self._steps(_STEPS_BEFORE)

    def steps_after(self) -> int | None:
        """`+2` is 2, `+` is None; 0 where neither is."""
        return self._steps(_STEPS_AFTER)

    def quoted(self) -> str | None:
        """What is in quotes, with its escapes but for those of the quote. Raises QueryError for one never closed."""
        if not self.looking_at('"'):
            return None
        column = self.column
        match = self._take(_QUOTED)
        if match is None:
            raise QueryError("the quote that begins here is never closed", column)
        return _UNESCAPE.sub(lambda found: '"' if found[1] == '"' else found[0], match[1])

    def word(self) -> str:
        """All up to a blank, a parenthesis or a quote; without a plus and its steps at the end."""
        match = _RUN.match(self.text, self.at)
        run = match[0] if match is not None else ""
        if self.text.startswith("\\", self.at + len(run)):
            raise QueryError("the backslash at the end hides nothing", self.at + len(run) + 1)
        end = _STEPS_AT_END.search(run)
        if end is not None and end.start() > 0:
            run = run[: end.start()]
        self.at += len(run)
        return run

    def _steps(self, pattern: re.Pattern[str]) -> int | None:
        match = self._take(pattern)
        if match is None:
            return 0
        if not match[1]:
            return None
        if len(match[1]) > 6 or not int(match[1]):
            raise QueryError(f"expected steps from 1 to 999999, not {match[1][:12]}", match.start(1) + 1)
        return int(match[1])

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()
        return match
