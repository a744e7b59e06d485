"""One answer to where the lineage store is, and no password wherever it is written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from claimed_jlab.configuration import BadConfiguration
from claimed_jlab.lineage import location
from claimed_jlab.lineage.location import VARIABLE, configure, file_of, reopened, shown, store_location


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home, and a folder of Jupyter's configuration, of the test's own."""
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setenv("CLAIMED_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setattr(location, "_told", {})


def site(tmp_path: Path, text: str) -> None:
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "jupyter_server_config.py").write_text(text)


def test_without_a_word_it_is_a_file_in_the_home(tmp_path: Path) -> None:
    assert store_location() == str(tmp_path / "home" / "lineage.db")


def test_jupyters_configuration_names_it_and_the_environment_counts_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site(tmp_path, "c.ClaimedApp.lineage_store = 'postgresql://ada@host/team'")
    assert store_location() == "postgresql://ada@host/team"

    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine.db"))
    assert store_location() == str(tmp_path / "mine.db")


def test_a_configuration_that_is_no_python_is_one_clear_line(tmp_path: Path) -> None:
    site(tmp_path, "c.ClaimedApp.lineage_store = ")
    with pytest.raises(BadConfiguration, match="the configuration can't be read"):
        store_location()


def test_a_server_tells_its_children_where_but_not_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    configure("mysql://ada:secret@host/team")

    import os

    assert os.environ[VARIABLE] == "mysql://ada@host/team"
    assert store_location() == "mysql://ada:secret@host/team"


def test_a_location_written_down_is_opened_with_the_password_of_the_configuration(tmp_path: Path) -> None:
    site(tmp_path, "c.ClaimedApp.lineage_store = 'postgresql://ada:secret@host/team'")

    assert reopened("postgresql://ada@host/team") == "postgresql://ada:secret@host/team"
    assert reopened("postgresql://ada@host/other") == "postgresql://ada@host/other"


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("/data/lineage.db", "/data/lineage.db"),
        ("sqlite:////data/lineage.db", "sqlite:////data/lineage.db"),
        ("postgresql://ada@host:5432/db", "postgresql://ada@host:5432/db"),
        ("postgresql://ada:secret@host/db", "postgresql://ada@host/db"),
        ("postgresql://ada:sec@ret@host/db", "postgresql://ada@host/db"),
        ("postgresql://ada:sec/ret@host/db", "postgresql://ada@host/db"),
        ("postgresql://ada:sec?ret@host/db", "postgresql://ada@host/db"),
        ("postgresql://:secret@host/db", "postgresql://@host/db"),
        ("postgresql://host/db?user=ada&password=secret", "postgresql://host/db?user=ada"),
        ("mysql://host/db?passwd=secret&charset=utf8mb4", "mysql://host/db?charset=utf8mb4"),
        ("postgresql://ada@/db?host=/run/pg&passfile=/home/ada/.pgpass", None),
    ],
)
def test_what_is_written_down_has_no_password(given: str, written: str | None) -> None:
    assert shown(given) == (given if written is None else written)


def test_the_file_of_a_location() -> None:
    assert file_of("/data/x.db") == Path("/data/x.db")
    assert file_of("sqlite:////data/x.db") == Path("/data/x.db")
    assert file_of("sqlite:///x.db") == Path("x.db").absolute()
    assert file_of("postgresql://host/db") is None


def test_a_relative_place_is_the_same_wherever_a_worker_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for given in ("mine.db", "sqlite:///mine.db"):
        monkeypatch.setenv(VARIABLE, given)
        assert store_location() == str(tmp_path / "mine.db")
