"""Which addresses are files of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimed_jlab.lineage.place import local_path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a%20b/c", "/a b/c"),
        ("file://localhost/a", "/a"),
        ("/a b/c?d#e", "/a b/c?d#e"),
        ("file://elsewhere/a", None),
        ("s3://bucket/a", None),
        ("a/b", None),
        ("http://[", None),
        ("/a\0b", None),
        ("", None),
        (None, None),
    ],
)
def test_a_file_of_this_machine_is_known_by_its_address(uri: str | None, path: str | None) -> None:
    assert local_path(uri) == (path and Path(path))
