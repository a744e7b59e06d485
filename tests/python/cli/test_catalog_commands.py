"""`jupyter claimed catalog` and what a terminal is asked before a stranger's component runs."""

from __future__ import annotations

import json
import os
import select
import sys
import time

import pytest
from authoring import write_pipeline
from outside_places import Web, commit, greeter, tar_of
from test_commands import answer, claimed, refused


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "strangers"
    greeter(folder)
    commit(folder)
    return folder


def test_a_catalog_is_added_listed_switched_refreshed_and_removed(repository):
    status, made = answer("catalog", "add", repository.as_uri(), "--name", "theirs", "--ref", "main")
    assert status == 0 and (made["name"], made["kind"], made["components"]) == ("theirs", "git", 1)
    assert "theirs" in [item["name"] for item in answer("catalog", "list")[1]["catalogs"]]
    status, out, err = claimed("catalog", "list")
    assert status == 0 and f"1 component  git {repository.as_uri()}@" in out and err == ""
    assert not answer("catalog", "disable", "theirs")[1]["enabled"]
    assert "no component 'greet'" in refused("component", "show", "greet")
    assert answer("catalog", "enable", "theirs")[1]["enabled"]
    assert answer("catalog", "refresh", "theirs")[0] == 0
    assert claimed("catalog", "remove", "theirs")[0] == 0
    assert "no catalog 'theirs'" in refused("catalog", "remove", "theirs")


def test_a_refresh_that_fails_exits_1_and_keeps_what_is_there(tmp_path):
    web = Web()
    greeter(tmp_path / "kit")
    answer("catalog", "add", web.put("/kit.tgz", tar_of(tmp_path / "kit")))
    web.stop()
    status, view = answer("catalog", "refresh", "kit")
    assert status == 1 and view["components"] == 1 and "still used" in view["problem"]
    assert claimed("component", "show", "greet")[0] == 0


def test_who_made_a_component_and_where_it_is_from_is_shown(repository):
    answer("catalog", "add", repository.as_uri())
    shown = claimed("component", "show", "greet")[1]
    assert f"from      A. Stranger, git {repository.as_uri()}@" in shown and "asks before it runs" in shown
    spec = answer("component", "show", "greet")[1]
    assert spec["origin"].startswith("git ") and spec["outside"] and not spec["trusted"]
    listed = {item["reference"]: item for item in answer("component", "list")[1]["components"]}
    assert listed["input/load-table@1.0.0"]["origin"].startswith("package claimed_jlab")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["catalog", "add", "/nowhere"], "there is no such file or folder"),
        (["catalog", "add", "--", "-x"], "no place of a catalog"),
        (["catalog", "add", "https://me:pw@host.example/x"], "credential helper"),
        (["catalog", "add", "http://127.0.0.1:9/x.zip"], "can't be reached"),
        (["catalog", "remove", "mine"], "it can be disabled"),
        (["catalog", "disable", "nobody"], "no catalog 'nobody'"),
        (["component", "trust", "no/such"], "no component 'no/such'"),
    ],
)
def test_a_mistake_is_one_line_and_exit_1(words, said):
    assert said in refused(*words)


@pytest.mark.parametrize("words", [["catalog", "add"], ["catalog", "add", "x", "--kind", "y"], ["component", "trust"]])
def test_wrong_usage_exits_2(words):
    assert claimed(*words)[0] == 2


@pytest.mark.slow
def test_without_a_terminal_the_run_names_the_command_to_trust(repository, tmp_path):
    answer("catalog", "add", repository.as_uri())
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "test/greet@1.0.0"}})
    assert "jupyter claimed component trust test/greet@1.0.0" in refused("run", path)
    assert answer("component", "trust", "test/greet@1.0.0") == (0, {"trusted": ["test/greet@1.0.0"]})
    assert answer("run", path)[1]["tasks"]["a"]["outputs"] == {"greeting": "Hello, you"}


def on_a_terminal(answers, *words):
    """The command on a terminal of its own, answered once it asks. -> (exit code, what it showed)."""
    import pty

    process, terminal = pty.fork()
    if process == 0:
        program = "from claimed_jlab.cli import main; main()"
        os.execv(sys.executable, [sys.executable, "-c", program, *map(str, words)])
    shown, end = b"", time.monotonic() + 90
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                read = os.read(terminal, 4096)
            except OSError:
                break
            if not read:
                break
            shown += read
        if b"Trust and run?" in shown and answers:
            os.write(terminal, answers)
            answers = b""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown.decode()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="terminals are POSIX")
def test_on_a_terminal_the_run_asks_once(repository, tmp_path, claimed_home):
    answer("catalog", "add", repository.as_uri())
    path = write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "test/greet@1.0.0"}})
    status, shown = on_a_terminal(b"n\n", "run", path)
    assert status == 1 and "by A. Stranger, git file://" in shown and "nothing was run" in shown
    assert not (claimed_home / "runs").exists()
    status, shown = on_a_terminal(b"y\n", "run", path)
    assert status == 0
    status, shown = on_a_terminal(b"", "run", path)
    assert status == 0 and "Trust and run?" not in shown
    assert json.loads((claimed_home / "trusted.json").read_text())["components"]
