"""One thing that is set of a task in KFP's Python."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """One thing that is set of a task: `train.set_retry(num_retries=2)`, `kubernetes.set_timeout(train, seconds=5)`.

    key: which thing.  arguments: what stands between the brackets, after the task.
    """

    key: str
    name: str
    arguments: str
    of_kubernetes: bool = False

    def inner(self, variable: str) -> str:
        """All that stands between the brackets."""
        return f"{variable}, {self.arguments}" if self.of_kubernetes else self.arguments

    def statement(self, variable: str) -> str:
        """The whole statement."""
        function = f"kubernetes.{self.name}" if self.of_kubernetes else f"{variable}.{self.name}"
        return f"{function}({self.inner(variable)})"
