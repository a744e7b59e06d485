"""jupyter_client's own way of starting kernels otherwise: a provisioner that has them forked.

What it does not override is as for a kernel that is started as a program.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from claimed_jlab.run.local.forking import ForkServer

_LAUNCHER = "ipykernel_launcher"


class ForkProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts a kernel by a fork; all else is as for a kernel that was started as a program."""

    server: ForkServer

    async def send_signal(self, signum: int) -> None:
        """A signal to the kernel's process group, unless the kernel has ended: the id may be another's by now."""
        if self.process is not None and self.process.poll() is None:
            await super().send_signal(signum)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        """Forks the kernel. Raises OSError, TimeoutError when there is none to be had."""
        self.cwd = kwargs["cwd"]
        argv = [_origin(_LAUNCHER), *cmd[-2:]]
        self.process = await self.server.fork(argv, cmd, str(self.cwd), kwargs["env"])
        self.pid = self.pgid = self.process.pid  # it leads a session, and so a group, of its own
        return self.connection_info  # type: ignore[no-any-return]


def provide(manager: AsyncKernelManager, server: ForkServer, kernel_id: str) -> None:
    """Has a manager start its kernel by a fork."""
    manager.kernel_id = kernel_id
    provisioner = ForkProvisioner(kernel_id=kernel_id, kernel_spec=manager.kernel_spec, parent=manager)
    provisioner.server = server
    manager.provisioner = provisioner


def plain_options(manager: AsyncKernelManager) -> list[str] | None:
    """The interpreter's options of a manager's kernel; None unless it is this very interpreter's, started plainly."""
    spec = manager.kernel_spec
    if spec is None or spec.env or spec.metadata.get("kernel_provisioner"):
        return None
    command = manager.format_kernel_cmd()
    if command[0] != sys.executable or command[-4:-1] != ["-m", _LAUNCHER, "-f"]:
        return None
    options = command[1:-4]
    return options if all(option.startswith("-X") and len(option) > 2 for option in options) else None


def _origin(module: str) -> str:
    spec = find_spec(module)
    return spec.origin if spec and spec.origin else module
