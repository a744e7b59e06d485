"""What a measurement is, and how a command is measured."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Figure:
    """One measurement. ours and bound are in `unit`; it holds when ours is not above the bound."""

    name: str
    ours: float
    bound: float
    unit: str
    against: str

    @property
    def holds(self) -> bool:
        return self.ours <= self.bound


def cpu_of(command: list[str], **options: Any) -> tuple[float, float]:
    """(CPU seconds, wall seconds) of a command and its children."""
    before, began = os.times(), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return cpu, time.monotonic() - began
