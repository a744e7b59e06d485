"""Neighbours of numbered nodes, in two flat arrays (CSR), with what came since beside them.

The neighbours of node n are `targets[offsets[n]:offsets[n + 1]]`, which takes four bytes an edge and four a node. Both
may be views of a file. Edges that come later lie in a dict until `merged` makes new arrays of all, at the price of a
copy: parts of the arrays that have nothing new are copied whole.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final

# Four bytes on every platform that Python runs on; ids of ML Metadata are of that size in every database.
CODE: Final = "i"
LARGEST = 2**31 - 2


class Adjacency:
    """Neighbours by node. Readers in other threads may go on while edges are added."""

    __slots__ = ("_end", "_later", "offsets", "targets")

    def __init__(self, offsets: memoryview | None = None, targets: memoryview | None = None) -> None:
        self.offsets = memoryview(array(CODE, [0])) if offsets is None else offsets
        self.targets = memoryview(array(CODE)) if targets is None else targets
        self._end = len(self.offsets) - 1
        self._later: defaultdict[int, list[int]] = defaultdict(list)

    @property
    def nodes(self) -> int:
        """One more than the largest node in the arrays or beside them."""
        return max(self._end, max(self._later, default=-1) + 1)

    def add(self, node: int, neighbour: int) -> None:
        """Add an edge beside the arrays. Both are numbers from 0 to LARGEST."""
        self._later[node].append(neighbour)

    def spread(self, nodes: Iterable[int]) -> set[int]:
        """The neighbours of all the nodes."""
        found: set[int] = set()
        offsets, targets, end, later = self.offsets, self.targets, self._end, self._later
        for node in nodes:
            if node < end:
                found.update(targets[offsets[node] : offsets[node + 1]].tolist())
            if node in later:
                found.update(later[node])
        return found

    def finder(self) -> Callable[[int], list[int]]:
        """A function that gives a node's neighbours, the largest first; one that is joined twice may come twice."""
        offsets, targets, end, later = self.offsets, self.targets, self._end, self._later

        def find(node: int) -> list[int]:
            found = targets[offsets[node] : offsets[node + 1]].tolist() if node < end else []
            if node in later:
                found += later[node]
            if len(found) > 1:
                found.sort(reverse=True)
            return found

        return find

    def merged(self) -> Adjacency:
        """The same neighbours, all in new arrays."""
        if not self._later:
            return self
        later, end, nodes = self._later, self._end, self.nodes
        offsets, targets = array(CODE), array(CODE)
        begun, shift, taken = 0, 0, 0
        for node in sorted(later):
            _extend(offsets, self.offsets, begun, node + 1, shift)
            upto = self.offsets[min(node + 1, end)]
            targets.frombytes(self.targets[taken:upto].cast("B"))
            targets.extend(later[node])
            begun, shift, taken = node + 1, shift + len(later[node]), upto
        _extend(offsets, self.offsets, begun, nodes + 1, shift)
        targets.frombytes(self.targets[taken:].cast("B"))
        return Adjacency(memoryview(offsets), memoryview(targets))


def _extend(offsets: array[int], old: memoryview, begin: int, end: int, shift: int) -> None:
    """Append the old offsets from `begin` to before `end`, moved by `shift`; beyond the old ones, the last."""
    known = min(end, len(old))
    if begin < known:
        if shift:
            offsets.extend([offset + shift for offset in old[begin:known]])
        else:
            offsets.frombytes(old[begin:known].cast("B"))
    beyond = end - max(begin, known)
    if beyond > 0:
        offsets.extend([old[-1] + shift] * beyond)
