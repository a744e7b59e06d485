"""A kernel that was forked is like one that was started: what a notebook can see of it, and how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
import pytest
from authoring import code, write_notebook, write_pipeline

from claimed_jlab.component.catalog import Catalog
from claimed_jlab.pipeline.document import read_pipeline
from claimed_jlab.pipeline.validate import check
from claimed_jlab.run.eventlog import read_events
from claimed_jlab.run.follow import follow
from claimed_jlab.run.local import notebook
from claimed_jlab.run.local.engine import submit
from claimed_jlab.run.local.kernels import KernelPool
from claimed_jlab.run.local.kernelspecs import KernelFailed, kernelspecs
from claimed_jlab.run.local.preload import libraries
from claimed_jlab.run.plan import plan

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux"),
]

_LOOK = (Path(__file__).parent / "looking.py").read_text(encoding="utf-8")


def forked(kernel):
    return type(kernel.manager.provisioner).__name__ == "ForkProvisioner"


def in_kernels(scratch, use, *, count=1, loaded=()):
    """What `use(kernel)` gives in each of `count` kernels of one pool."""

    async def main():
        pool = KernelPool(scratch, loaded)
        try:
            found = []
            for _ in range(count):
                kernel = await pool.take("python3")
                try:
                    found.append(await use(kernel))
                finally:
                    await kernel.stop()
            return found
        finally:
            await pool.close()

    return asyncio.run(main())


def looks(source):
    """Runs a probe in a kernel and gives what it found."""

    async def use(kernel):
        await notebook.set_up(kernel, {"OMP_NUM_THREADS": "2"}, Path("/beside"))
        found = (await notebook.run_silently(kernel, source, {"seen": "__import__('json').dumps(seen)"}))["seen"]
        return {"forked": forked(kernel), **found}

    return use


@pytest.fixture
def cold(monkeypatch):
    def switch():
        monkeypatch.setenv("CLAIMED_FORK", "off")

    return switch


def both(tmp_path, cold, source, *, count=1, loaded=()):
    warm = in_kernels(tmp_path, looks(source), count=count, loaded=loaded)
    cold()
    plain = in_kernels(tmp_path, looks(source), count=count)
    for seen in (*warm, *plain):
        seen.get("environment", {}).pop("CLAIMED_FORK", None)
    assert all(seen.pop("forked") for seen in warm) and not any(seen.pop("forked") for seen in plain)
    return (warm, plain) if count > 1 else (warm[0], plain[0])


def test_a_forked_kernel_sees_what_a_started_one_sees(tmp_path, cold):
    warm, plain = both(tmp_path, cold, _LOOK)
    for name in plain:
        assert warm[name] == plain[name], name
    assert warm["listed"] == [] and warm["folder"].startswith("task-")


@pytest.mark.skipif(find_spec("sklearn") is None, reason="scikit-learn is not installed, and so no numpy")
def test_no_two_forked_kernels_draw_the_same_numbers(tmp_path, cold):
    draw = (
        "import json, os, random, secrets, tempfile, uuid, multiprocessing\n"
        "import numpy as np\n"
        "state = np.random.get_state()\n"
        "seen = dict(\n"
        "    drawn=[random.random(), float(np.random.rand()), float(np.random.default_rng().random()), str(uuid.uuid4()),\n"
        "           str(uuid.uuid1()), secrets.token_hex(), tempfile.mktemp(),\n"
        "           multiprocessing.current_process().authkey.hex()],\n"
        "    shape=[state[0], len(state[1]), state[2:], random.getstate()[0], len(random.getstate()[1])])\n"
    )
    warm, plain = both(tmp_path, cold, draw, count=2, loaded=("threadpoolctl", "numpy"))
    every = [seen["drawn"] for seen in (*warm, *plain)]
    assert all(len(set(column)) == len(every) for column in zip(*every, strict=True))
    assert len({json.dumps(seen["shape"]) for seen in (*warm, *plain)}) == 1


def test_children_threads_and_loops_work_in_a_forked_kernel(tmp_path, cold):
    work = (
        "import asyncio, concurrent.futures, multiprocessing, subprocess, sys, threading\n"
        "await asyncio.sleep(0)\n"
        "with multiprocessing.Pool(2) as pool:\n    pooled = pool.map(abs, [-1, 2])\n"
        "with multiprocessing.get_context('spawn').Pool(1) as pool:\n    spawned = pool.map(abs, [-3])\n"
        "with concurrent.futures.ProcessPoolExecutor(2) as pool:\n    processes = list(pool.map(abs, [-4]))\n"
        "with concurrent.futures.ThreadPoolExecutor(2) as pool:\n    threads = list(pool.map(abs, [-5]))\n"
        "ran = subprocess.run([sys.executable, '-c', 'print(input())'], input='x', capture_output=True, text=True)\n"
        "seen = dict(pooled=pooled, spawned=spawned, processes=processes, threads=threads, ran=ran.stdout,\n"
        "    failed=ran.stderr, running=asyncio.get_running_loop().is_running())\n"
    )
    warm, plain = both(tmp_path, cold, work)
    assert warm == plain and warm["spawned"] == [3] and warm["ran"] == "x\n" and warm["running"]


@pytest.mark.skipif(find_spec("sklearn") is None, reason="scikit-learn is not installed")
def test_loaded_libraries_have_the_threads_of_the_task_and_work_in_parallel(tmp_path, cold):
    work = (
        "import sys\nthere = 'sklearn' in sys.modules\n"
        "import numpy as np\nfrom sklearn.ensemble import RandomForestClassifier\n"
        "from sklearn.linear_model import LogisticRegression\nfrom sklearn.model_selection import cross_val_score\n"
        "from threadpoolctl import threadpool_info\n"
        "x = np.random.default_rng(0).normal(size=(80, 4)); y = (x[:, 0] > 0).astype(int)\n"
        "seen = dict(there=there, product=float((x.T @ x).sum()),\n"
        "    pools=sorted([pool['internal_api'], pool['num_threads']] for pool in threadpool_info()),\n"
        "    scores=cross_val_score(LogisticRegression(), x, y, n_jobs=2).tolist(),\n"
        "    forest=float(RandomForestClassifier(5, random_state=0, n_jobs=2).fit(x, y).score(x, y)))\n"
    )
    loaded = libraries([["scikit-learn==1.9"], ["scikit-learn"]])
    assert loaded[:2] == ("threadpoolctl", "sklearn")
    warm, plain = both(tmp_path, cold, work, loaded=loaded)
    assert warm.pop("there") and not plain.pop("there")
    assert warm == plain


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is not installed")
def test_a_figure_is_shown_inline_in_a_forked_kernel(tmp_path, cold):
    draw = (
        "import matplotlib, matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
        "seen = dict(backend=matplotlib.get_backend().lower(), interactive=matplotlib.is_interactive())\n"
    )
    warm, plain = both(tmp_path, cold, draw)
    assert warm == plain and "inline" in warm["backend"]


def test_a_question_to_the_user_is_refused_and_not_waited_for(tmp_path):
    async def ask(kernel):
        with pytest.raises(notebook.CellFailed, match="StdinNotImplementedError"):
            await asyncio.wait_for(notebook.run_silently(kernel, "input('who? ')"), 10)

    in_kernels(tmp_path, ask)


def test_a_library_that_starts_a_thread_is_left_out_and_refused_ones_are_not_tried(tmp_path, monkeypatch):
    (tmp_path / "restless.py").write_text(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    look = "import sys\nseen = dict(there='restless' in sys.modules, loaded='wave' in sys.modules)\n"
    [seen] = in_kernels(tmp_path, looks(look), loaded=("restless", "wave"))
    assert seen == {"forked": True, "there": False, "loaded": True}
    monkeypatch.setenv("CLAIMED_PRELOAD", "torch, matplotlib.pyplot")
    assert libraries([]) == ()
    monkeypatch.setenv("CLAIMED_PRELOAD", "none")
    assert libraries([["pandas"], ["pandas"]]) == ()


def test_kernels_are_started_as_programs_when_the_fork_server_is_gone(tmp_path):
    async def main():
        pool = KernelPool(tmp_path)
        first = await pool.take("python3")
        pool._server._process.kill()
        while not first.death():
            await asyncio.sleep(0.05)
        second = await pool.take("python3")
        kinds = forked(first), forked(second)
        await first.stop()
        await second.stop()
        await pool.close()
        return kinds

    assert asyncio.run(asyncio.wait_for(main(), 60)) == (True, False)


def test_waiting_kernels_are_given_back_when_no_task_will_use_them(tmp_path):
    async def main():
        pool = KernelPool(tmp_path)
        pool.expect(2)
        kernel = await pool.take("python3")
        before = len(psutil.Process(pool._server._process.pid).children())
        pool.expect(0)
        while len(psutil.Process(pool._server._process.pid).children()) > 1:
            await asyncio.sleep(0.05)
        await kernel.stop()
        server = pool._server._process
        await pool.close()
        return before, server.poll(), list(tmp_path.glob("task-*"))

    before, status, left = asyncio.run(asyncio.wait_for(main(), 60))
    assert before >= 1 and status is not None and left == []


# ---- In a run


def start(folder, *cells):
    write_notebook(folder / "t.ipynb", code("n: int = 1", "parameters"), *cells)
    path = write_pipeline(folder / "p.pipeline", {"t": {"component": "t.ipynb"}})
    return submit(plan(check(read_pipeline(path), folder, Catalog([])), {}, path=str(path)), jobs=1, cache=False)


def ended(started):
    for _ in follow(started):
        pass
    return started.record().tasks["t"]


def wait_until(condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


def gone(pids):
    return not any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in pids)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("import os\nos._exit(3)", "the kernel died in this cell: it exited with status 3"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "perhaps for lack of memory"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "by the signal SIGSEGV"),
    ],
)
@pytest.mark.parametrize("forks", ["on", "off"])
def test_a_kernel_that_dies_says_how(tmp_path, monkeypatch, cell, words, forks):
    monkeypatch.setenv("CLAIMED_FORK", forks)
    task = ended(start(tmp_path, cell))
    assert task.state == "FAILED" and task.cell == 2 and words in task.error


_FAMILY = (
    "import os, subprocess\n"
    "children = [subprocess.Popen(['sleep', '300']), subprocess.Popen(['sleep', '300'], start_new_session=True)]\n"
    "print('pids', os.getpid(), *[child.pid for child in children], 'end', flush=True)\n"
)


def family(started):
    """The ids of the kernel and of its children, when it has said them."""
    wait_until(lambda: started.log("t").exists() and "end" in started.log("t").read_text(), 60)
    return [int(word) for word in started.log("t").read_text().split("pids")[1].split("end")[0].split()]


@pytest.mark.parametrize("forks", ["on", "off"])
def test_a_killed_worker_leaves_no_kernel_no_fork_server_and_no_child_of_a_kernel(tmp_path, monkeypatch, forks):
    monkeypatch.setenv("CLAIMED_FORK", forks)
    started = start(tmp_path, _FAMILY + "import time\ntime.sleep(300)")
    pids = family(started)
    worker = next(event["pid"] for event in read_events(started.events) if "pid" in event)
    pids += [child.pid for child in psutil.Process(worker).children(recursive=True)]
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: gone(pids), 30)


def test_a_cell_that_will_not_be_interrupted_is_killed_with_its_children(tmp_path):
    stubborn = (
        "import time\nwhile True:\n    try:\n        time.sleep(300)\n    except KeyboardInterrupt:\n        pass\n"
    )
    started = start(tmp_path, _FAMILY + stubborn)
    pids = family(started)
    started.request_cancel()
    wait_until(lambda: started.record().ended and gone(pids), 30)
    assert started.record().state == "CANCELED"


def test_a_kernel_that_is_killed_before_its_first_cell_is_said_and_not_waited_for(tmp_path):
    async def use(kernel):
        os.kill(kernel.manager.provisioner.process.pid, signal.SIGKILL)
        with pytest.raises(notebook.CellFailed, match="the kernel died: it was killed"):
            await asyncio.wait_for(notebook.set_up(kernel, {}, tmp_path), 20)

    in_kernels(tmp_path, use)


@pytest.fixture
def kernelspec(tmp_path, monkeypatch):
    """Installs a kernel of that name and command."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    kernelspecs.cache_clear()

    def install(name, command):
        folder = tmp_path / "jupyter" / "kernels" / name
        folder.mkdir(parents=True)
        spec = {"argv": command, "display_name": name, "language": "python"}
        (folder / "kernel.json").write_text(json.dumps(spec))

    yield install
    kernelspecs.cache_clear()


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (["sleep", "300"], "the kernel 'odd' did not start: no answer in 2 s"),
        (["false"], "the kernel 'odd' did not start: it died before it answered"),
        (["no-such-program-anywhere"], "the kernel 'odd' did not start: "),
    ],
)
def test_a_kernel_that_never_starts_is_said_in_one_line_and_leaves_nothing(
    tmp_path, monkeypatch, kernelspec, command, words
):
    kernelspec("odd", command)
    monkeypatch.setattr("claimed_jlab.run.local.kernels._START_SECONDS", 2)
    before = {child.pid for child in psutil.Process().children(recursive=True)}

    async def main():
        pool = KernelPool(tmp_path)
        try:
            with pytest.raises(KernelFailed) as raised:
                await pool.take("odd")
            return str(raised.value)
        finally:
            await pool.close()

    said = asyncio.run(asyncio.wait_for(main(), 30))
    assert said.startswith(words) and "\n" not in said
    left = {child.pid for child in psutil.Process().children(recursive=True)} - before
    assert not list(tmp_path.glob("task-*")) and not left
