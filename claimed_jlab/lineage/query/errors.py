"""A query that can't be understood, or asks for too much: one line, with the place in the text."""

from __future__ import annotations

from claimed_jlab.lineage.errors import LineageError


class QueryError(LineageError):
    """What is wrong with a query.  column: where in its text, from 1; None when it is about the whole."""

    code = "bad-query"

    def __init__(self, message: str, column: int | None = None, hint: str | None = None) -> None:
        super().__init__(message, where=None if column is None else f"column {column}", hint=hint)
        self.column = column
