"""What the site's Jupyter configuration says of CLAIMED, for a program that is no Jupyter server."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from claimed_jlab.errors import ClaimedError

_FILES = ("jupyter_server_config.py", "jupyter_server_config.json")


class BadConfiguration(ClaimedError):
    """A configuration file of Jupyter that can't be read."""

    code = "bad-settings"


def site_configuration() -> dict[str, Any]:
    """The values of `c.ClaimedApp`, by trait, as Jupyter's server configuration has them; {} when it has none.

    Raises BadConfiguration.
    """
    from jupyter_core.paths import jupyter_config_path

    files = []
    for folder in reversed(jupyter_config_path()):  # the nearest counts most, so it comes last
        for name in _FILES:
            path = Path(folder) / name
            if path.is_file():
                files.append((str(path), path.stat().st_mtime_ns))
    return _load(tuple(files)) if files else {}


@lru_cache(maxsize=8)
def _load(files: tuple[tuple[str, int], ...]) -> dict[str, Any]:
    from traitlets.config.loader import Config, JSONFileConfigLoader, PyFileConfigLoader

    found = Config()
    for name, _ in files:
        path = Path(name)
        loader = PyFileConfigLoader if path.suffix == ".py" else JSONFileConfigLoader
        try:
            found.merge(loader(path.name, path=str(path.parent)).load_config())
        except Exception as error:  # whatever a configuration written in Python does
            raise BadConfiguration(f"the configuration can't be read: {error}", where=name) from None
    return dict(found.get("ClaimedApp", {}))
