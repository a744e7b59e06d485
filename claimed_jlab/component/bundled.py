"""The components that come with this package, found by the entry point `claimed.components`."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """The bundled components: inside an installed wheel, or beside the package in a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "_components"
    return installed if installed.is_dir() else package.parent / "components"
