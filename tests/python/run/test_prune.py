"""Giving back disk never takes what a kept run needs."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time

import pytest
from authoring import code, write_notebook, write_pipeline
from test_local_engine import run, start, states, wait_until

from claimed_jlab.errors import ClaimedError
from claimed_jlab.run.history import records
from claimed_jlab.run.prune import Rules, prune, seconds_of
from claimed_jlab.run.removal import remove_folder
from claimed_jlab.run.runs import Run, all_runs, find_run

pytestmark = pytest.mark.slow


@pytest.fixture
def document(tmp_path):
    """Makes a folder and a file of `size` thousand bytes; `same` is alike in every run."""
    write_notebook(
        tmp_path / "make.ipynb",
        code('size: int = 1\nbig: "Output[Dataset]" = "big.bin"\nfolder: "Output[Dataset]" = "parts"', "parameters"),
        "import os\nopen(big, 'wb').write(bytes([size]) * size * 1000)\nos.makedirs(folder)\n"
        "open(folder + '/same', 'w').write('same')\nopen(folder + '/own', 'w').write(str(size) * 1000)",
    )
    task = {"component": "make.ipynb", "inputs": {"size": {"parameter": "size"}}}
    return write_pipeline(tmp_path / "p.pipeline", {"make": task}, parameters={"size": {"type": "int", "default": 1}})


def age(claimed_home, record, days):
    """A run as if it were made days ago."""
    path = claimed_home / "runs" / record.run_id / "plan.json"
    order = json.loads(path.read_text())
    path.write_text(json.dumps({**order, "created": time.time() - days * 86400}))
    from claimed_jlab.run.runs import _read_order

    _read_order.cache_clear()


def path_of(record, name="big"):
    return record.tasks["make"].outputs[name]["uri"].removeprefix("file://")


def test_old_runs_go_and_what_kept_ones_need_stays(document, claimed_home):
    old, shared, new = run(document, size=50), run(document, size=60), run(document, size=60)
    assert states(new) == {"make": "CACHED"}
    age(claimed_home, old, 40)
    age(claimed_home, shared, 40)
    foretold = prune(claimed_home, Rules(older_than=30 * 86400), dry=True)
    assert set(foretold.runs) == {old.run_id, shared.run_id} and foretold.bytes > 50_000
    assert os.path.exists(path_of(old)) and len(list(all_runs())) == 3
    done = prune(claimed_home, Rules(older_than=30 * 86400))
    assert done == foretold
    assert [found.run_id for found in all_runs()] == [new.run_id]
    assert not os.path.exists(path_of(old)) and os.path.exists(path_of(new))
    assert sorted(os.listdir(path_of(new, "folder"))) == ["own", "same"]
    assert states(run(document, size=60)) == {"make": "CACHED"}
    assert states(run(document, size=50)) == {"make": "COMPLETE"}


def test_the_oldest_go_until_the_rest_fits_but_the_newest_of_each_pipeline(document, claimed_home):
    runs = [run(document, size=size) for size in (100, 110, 120)]
    for days, record in zip((3, 2, 1), runs, strict=True):
        age(claimed_home, record, days)
    kept = prune(claimed_home, Rules(max_bytes=10**9)).runs
    assert kept == []
    limit = prune(claimed_home, Rules(), dry=True).kept_bytes - 50_000
    found = prune(claimed_home, Rules(max_bytes=limit))
    assert found.runs == [runs[0].run_id] and found.kept_bytes <= limit
    assert prune(claimed_home, Rules(max_bytes=0)).runs == [runs[1].run_id]
    assert find_run(runs[2].run_id).record().state == "COMPLETE"


def test_what_a_live_run_made_is_left_alone(document, tmp_path, claimed_home):
    write_notebook(tmp_path / "wait.ipynb", "import time\ntime.sleep(60)")
    tasks = {"make": {"component": "make.ipynb"}, "wait": {"component": "wait.ipynb"}}
    started = start(write_pipeline(tmp_path / "live.pipeline", tasks))
    wait_until(lambda: started.record().tasks["make"].state == "COMPLETE")
    found = prune(claimed_home, Rules(older_than=0, keep=0))
    assert found.runs == [] and found.objects == 0
    started.request_cancel()
    wait_until(lambda: started.record().ended)
    assert prune(claimed_home, Rules(older_than=0, keep=0)).runs == [started.run_id]
    assert list((claimed_home / "objects").glob("*/*")) == []


@pytest.mark.parametrize(("text", "seconds"), [("30d", 2_592_000), ("1.5h", 5400), ("2w", 1_209_600)])
def test_an_age_is_read(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "d", "30", "thirty days", "-1d"])
def test_an_age_that_is_none_is_refused(text):
    with pytest.raises(ClaimedError, match="is no age"):
        seconds_of(text)


def test_what_comes_and_goes_while_it_is_measured_is_no_error(tmp_path, claimed_home):
    """A live run writes and removes files, others put and remove objects, while runs are measured and listed."""
    write_notebook(tmp_path / "a.ipynb", "1")
    kept = run(write_pipeline(tmp_path / "p.pipeline", {"a": {"component": "a.ipynb"}}))
    stop = threading.Event()

    def churn(name: str) -> None:
        scratch, copy = find_run(kept.run_id).folder / "work" / name, claimed_home / "runs" / f"0-{name}"
        while not stop.is_set():
            for part in ("x/y", "z"):
                (scratch / part).mkdir(parents=True)
                (scratch / part / "file").write_text("12345")
            shutil.copytree(claimed_home / "runs" / kept.run_id, copy, ignore=shutil.ignore_patterns("work"))
            shutil.rmtree(scratch)
            remove_folder(Run(copy))

    threads = [threading.Thread(target=churn, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    try:
        looks = [prune(claimed_home, Rules(), dry=True) for _ in range(150)]
        listed = [[record.run_id for _, record in records(all_runs())] for _ in range(150)]
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert all(look.runs == [] and look.kept_bytes > 0 for look in looks)
    assert all(kept.run_id in names for names in listed)
    assert [path.name for path in (claimed_home / "runs").iterdir()] == [kept.run_id]
