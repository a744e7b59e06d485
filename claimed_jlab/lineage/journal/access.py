"""Who may use the files of a journal: whoever may use the store's, as SQLite does with those that it puts beside one.

Without that, what one member of a group wrote down could be applied by no other, whatever their umasks are.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Access:
    """mode: who may read and write; None for what is nobody else's.  group: of the store's file."""

    mode: int | None = None
    group: int = -1

    @classmethod
    def like(cls, file: Path | None) -> Access:
        """As that of a file; None stands for a store on a server, whose journal is one's own."""
        if file is None or os.name == "nt":
            return cls()
        try:
            status = file.stat()
        except OSError:
            return cls()
        return cls(status.st_mode & 0o666, status.st_gid)

    def give(self, path: Path) -> None:
        """Give it to a file or folder of the journal, where that is ours to give."""
        if self.mode is None:
            return
        with suppress(OSError):
            status = path.stat()
            # Who may read a folder's files must be able to enter it.
            wanted = self.mode | (self.mode & 0o444) >> 2 if stat.S_ISDIR(status.st_mode) else self.mode
            if status.st_gid != self.group:
                os.chown(path, -1, self.group)
            if status.st_mode & 0o777 != wanted:
                path.chmod(stat.S_IMODE(status.st_mode) & ~0o777 | wanted)
