"""How the kernels of a run are given back, on every interpreter."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from claimed_jlab.run.local.kernels import KernelPool


@pytest.mark.skipif(sys.platform == "win32", reason="no signal ends a loop there")
def test_a_pool_is_closed_in_the_very_turn_in_which_its_last_kernel_ended(tmp_path):
    """The task has ended and is still in the pool's set: whoever waits must let the loop take it out."""

    async def main() -> None:
        pool = KernelPool(tmp_path)
        ended = asyncio.create_task(asyncio.sleep(0.01))
        pool._ending.add(ended)
        ended.add_done_callback(pool._ending.discard)
        while not ended.done():
            await asyncio.sleep(0)
        assert pool._ending, "the turn has passed"
        await pool.close()
        assert not pool._ending

    def stop(*_: object) -> None:
        raise TimeoutError("the loop never got its turn")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    try:
        asyncio.run(main())
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
