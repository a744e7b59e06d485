"""Which kernels are installed here."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from claimed_jlab.errors import ClaimedError

if TYPE_CHECKING:
    from jupyter_client.kernelspec import KernelSpecManager

DEFAULT_KERNEL = "python3"


class KernelFailed(ClaimedError):
    """A kernel that did not start, or that is not installed."""

    code = "kernel-failed"


@cache
def kernelspecs() -> KernelSpecManager:
    """Jupyter's own list of them; one for the process, because each that is made looks through the disk anew."""
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_core.paths import jupyter_path

    # What it looks through by default, too, but for that it imports IPython.
    ipython = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser()
    return KernelSpecManager(kernel_dirs=[*jupyter_path("kernels"), str(ipython / "kernels")])


@cache
def kernel_for(name: str, language: str) -> tuple[str, str]:
    """The installed kernelspec for a notebook, and a note when it is not the one that the notebook names.

    Looked up once in a process. Raises KernelFailed for a kernel that is not installed and is no Python.
    """
    from jupyter_client.kernelspec import NoSuchKernel

    installed = kernelspecs()
    try:
        installed.get_kernel_spec(name or DEFAULT_KERNEL)
        return name or DEFAULT_KERNEL, ""
    except NoSuchKernel:
        if language != "python":
            there = ", ".join(sorted(installed.find_kernel_specs())) or "none"
            raise KernelFailed(f"the kernel {name!r} is not installed", hint=f"installed: {there}") from None
    return DEFAULT_KERNEL, f"The kernel {name!r} is not installed here: {DEFAULT_KERNEL!r} was taken.\n"
