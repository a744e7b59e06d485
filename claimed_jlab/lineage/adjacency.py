"""Neighbours of numbered nodes, in two flat arrays (CSR), with what came since beside them.

The neighbours of node n are `targets[offsets[n]:offsets[n + 1]]`, the largest first, which takes four bytes an edge
and four a node. Both may be views of a file. Edges that come later lie in a dict until `merged` makes new arrays of
all, at the price of a copy: parts of the arrays that have nothing new are copied whole.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

# Four bytes on every platform that Python runs on; ids of ML Metadata are of that size in every database.
CODE: Final = "i"
LARGEST = 2**31 - 2


class Adjacency:
    """Neighbours by node. Readers in other threads may go on while edges are added."""

    __slots__ = ("_end", "_later", "_least", "offsets", "targets")

    def __init__(self, offsets: memoryview | None = None, targets: memoryview | None = None) -> None:
        self.offsets = memoryview(array(CODE, [0])) if offsets is None else offsets
        self.targets = memoryview(array(CODE)) if targets is None else targets
        self._end = len(self.offsets) - 1
        # The least node with neighbours beside the arrays.
        self._least = LARGEST
        self._later: defaultdict[int, list[int]] = defaultdict(list)

    @property
    def nodes(self) -> int:
        """One more than the largest node in the arrays or beside them."""
        return max(self._end, max(self._later, default=-1) + 1)

    def settled(self) -> tuple[memoryview, memoryview, int]:
        """The arrays, and before which node they have all neighbours."""
        return self.offsets, self.targets, min(self._end, self._least)

    def add(self, node: int, neighbour: int) -> None:
        """Add an edge beside the arrays. Both are numbers from 0 to LARGEST."""
        if node < self._least:
            self._least = node
        self._later[node].append(neighbour)

    def spread(self, nodes: Iterable[int]) -> set[int]:
        """The neighbours of all the nodes, each of which is given once."""
        found: set[int] = set()
        wanted = sorted(nodes)
        offsets, targets, settled = self.settled()
        if wanted and wanted[-1] >= settled:
            found.update(*(self._later[node] for node in wanted if node in self._later))
            wanted = wanted[: bisect_left(wanted, self._end)]
        for first, upto in _pieces(wanted):
            found.update(targets[offsets[first] : offsets[upto]].tolist())
        return found

    def of(self, node: int) -> list[int]:
        """The node's neighbours, the largest first; one that is joined twice comes twice."""
        found = self.targets[self.offsets[node] : self.offsets[node + 1]].tolist() if node < self._end else []
        if node in self._later:
            found += self._later[node]
            found.sort(reverse=True)
        return found

    def merged(self) -> Adjacency:
        """The same neighbours, all in new arrays."""
        if not self._later:
            return self
        later, end, nodes = self._later, self._end, self.nodes
        offsets, targets = array(CODE), array(CODE)
        begun, shift, taken = 0, 0, 0
        for node in sorted(later):
            _extend(offsets, self.offsets, begun, node + 1, shift)
            own, upto = self.offsets[min(node, end)], self.offsets[min(node + 1, end)]
            targets.frombytes(self.targets[taken:own].cast("B"))
            targets.extend(self.of(node))
            begun, shift, taken = node + 1, shift + len(later[node]), upto
        _extend(offsets, self.offsets, begun, nodes + 1, shift)
        targets.frombytes(self.targets[taken:].cast("B"))
        return Adjacency(memoryview(offsets), memoryview(targets))


def _pieces(nodes: Sequence[int]) -> list[tuple[int, int]]:
    """Where the numbers follow one another: the first of each piece, and the one after its last.

    What one run made has numbers in a row, and the neighbours of a piece lie in one piece of the arrays.
    """
    if not nodes:
        return []
    if nodes[-1] - nodes[0] == len(nodes) - 1:
        return [(nodes[0], nodes[-1] + 1)]
    pieces, first, upto = [], nodes[0], nodes[0]
    for node in nodes:
        if node != upto:
            pieces.append((first, upto))
            first = node
        upto = node + 1
    pieces.append((first, upto))
    return pieces


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
