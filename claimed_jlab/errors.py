"""The one error a person is shown: what is wrong, where, and what to do."""

from __future__ import annotations


class ClaimedError(Exception):
    """Base of every error that a user can cause or mend.

    message: what is wrong, one line.  where: file, cell, line, task or field.  hint: what to do about it.
    `code` is stable and short, for programs (`unknown-component`).
    """

    code = "error"

    def __init__(
        self, message: str, *, where: str | None = None, hint: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} ({self.hint})" if self.hint else text
