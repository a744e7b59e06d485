"""What every test has: a CLAIMED home of its own, and a server that refuses whoever it does not know."""

from __future__ import annotations

import pytest

pytest_plugins = ("pytest_jupyter.jupyter_server",)


@pytest.fixture(autouse=True)
def claimed_home(tmp_path, monkeypatch):
    """`$CLAIMED_HOME` in a folder of this test, so that no test sees another's runs."""
    home = tmp_path / "claimed-home"
    monkeypatch.setenv("CLAIMED_HOME", str(home))
    monkeypatch.delenv("CLAIMED_COMPONENTS", raising=False)
    return home


@pytest.fixture
def jp_server_config(jp_server_config):
    return {
        "ServerApp": {
            "jpserver_extensions": {"claimed_jlab": True},
            "allow_unauthenticated_access": False,
        }
    }
