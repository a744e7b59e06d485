"""The palette notices what changes in a catalog, though it lists a folder anew only when its time has moved."""

from __future__ import annotations

import os
import time

import pytest
from outside_places import greeter

from claimed_jlab.component.scan import Scan


@pytest.fixture
def settled(tmp_path):
    """A catalog that was written an hour ago, and was looked at since."""
    folder = tmp_path / "kit"
    greeter(folder / "deep")
    for place, _, _ in os.walk(folder):
        os.utime(place, (time.time() - 3600,) * 2)
    scan = Scan()
    assert [path for path, _ in scan.component_folders(folder)] == [str(folder / "deep" / "greet")]
    return folder, lambda: dict(scan.component_folders(folder))


def test_what_did_not_change_has_the_same_stamp(settled):
    _, look = settled
    assert look() == look()


def test_a_notebook_that_is_written_in_place_moves_the_stamp(settled):
    folder, look = settled
    before = look()
    with (folder / "deep" / "greet" / "greet.ipynb").open("a") as notebook:
        notebook.write("\n")
    assert look().keys() == before.keys() and look() != before


def test_a_module_that_is_added_or_replaced_moves_the_stamp(settled):
    folder, look = settled
    before = look()
    module = folder / "deep" / "greet" / "words.py"
    module.write_text("x = 1\n")
    after = look()
    assert after != before
    (folder / "new.py").write_text("x = 22\n")
    (folder / "new.py").replace(module)
    assert look() != after


def test_components_that_appear_move_and_go_are_seen_at_once(settled):
    folder, look = settled
    greeter(folder / "deep", "second")
    greeter(folder / "other", "third")
    assert len(look()) == 3
    (folder / "other").rename(folder / "moved")
    assert str(folder / "moved" / "third") in look()
    (folder / "deep" / "second" / "second.ipynb").unlink()
    assert len(look()) == 2


def test_a_folder_that_just_changed_is_looked_at_again(tmp_path):
    scan = Scan()
    greeter(tmp_path / "kit")
    for number in range(20):
        greeter(tmp_path / "kit", f"more{number}")
        assert len(scan.component_folders(tmp_path / "kit")) == number + 2
