"""A run that is killed at any point tells the truth, and running it again finishes the work."""

from __future__ import annotations

import sys

import pytest
from campaign import kill_once, kills, twelve_tasks

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")]


@pytest.mark.parametrize("kill", kills(4), ids=lambda kill: f"{kill.victim}-after-{kill.after:.1f}s")
def test_nothing_acknowledged_is_lost_and_nothing_is_half_published(kill, tmp_path):
    assert kill_once(twelve_tasks(tmp_path), kill) in ("FAILED", "COMPLETE")
