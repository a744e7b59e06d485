"""All that lies in one direction of an artifact, in topological order, found in the index without asking the database.

Two walks, each the faster by half for another shape. The one by layers meets a node in every layer that some way of
that length leads to, and places it in the last of them, which is behind all that it leads to; a whole layer costs a
few operations on sets. The depth-first one costs the same for every node and edge, however narrow the graph is, and
however many ways of however many lengths, or circles, there are.
"""

from __future__ import annotations

from collections.abc import Sequence

from claimed_jlab.lineage.adjacency import LARGEST
from claimed_jlab.lineage.closure import Direction, Ref
from claimed_jlab.lineage.compact import Graph, IndexArcs
from claimed_jlab.lineage.model import Kind

# After so many layers, and twice as many and so on, is looked how wide they are, and from this width on they pay.
_TRIED, _WIDE = 16, 5
# The walk by layers may meet so many times as many nodes as there are.
_AGAIN = 2
# In the depth-first walk an execution is its id and this, which is above all ids: a number costs less than a tuple.
_EXECUTION = LARGEST + 1


def ids_in_order(graph: Graph, artifact: int, direction: Direction) -> list[str]:
    """The artifact and everything in that direction (`artifact/12`), sources before targets.

    Only the nodes of a circle, which has no first one, may stand otherwise.
    """
    layers = _layers(IndexArcs(graph, direction), artifact)
    if layers is None:
        return [str(ref) for ref in in_order(graph, artifact, direction)]
    texts: list[str] = []
    numbered = list(enumerate(layers))
    for number, ids in numbered if direction is Direction.DOWNSTREAM else reversed(numbered):
        texts += [f"execution/{id_}" for id_ in ids] if number % 2 else [f"artifact/{id_}" for id_ in ids]
    return texts


def in_order(graph: Graph, artifact: int, direction: Direction) -> list[Ref]:
    """The same, in the order that `closure.ordered` gives."""
    left = _leaving(graph, artifact, direction)
    if direction is Direction.DOWNSTREAM:
        left.reverse()
    kind, other = Kind.ARTIFACT, Kind.EXECUTION
    return [Ref(other, node - _EXECUTION) if node >= _EXECUTION else Ref(kind, node) for node in left]


def _layers(arcs: IndexArcs, artifact: int) -> list[list[int]] | None:
    """The nodes by the farthest layer that each is met in: artifacts, executions, artifacts and so on, nearest first.

    None where the other walk is the better one.
    """
    layers: list[list[int]] = []
    layer, met, look = [artifact], 0, _TRIED
    while layer:
        layers.append(layer)
        met += len(layer)
        if len(layers) == look:
            if met < _WIDE * look or met > _AGAIN * _different(layers):
                return None
            look *= 2
        layer = sorted((arcs.executions if len(layers) % 2 == 0 else arcs.artifacts).spread(layer))
    return layers if met == _different(layers) else _last_met(layers)


def _different(layers: Sequence[Sequence[int]]) -> int:
    return len(set().union(*layers[::2])) + len(set().union(*layers[1::2]))


def _last_met(layers: Sequence[Sequence[int]]) -> list[list[int]]:
    """Each node in the last of the layers that have it."""
    placed: tuple[set[int], set[int]] = (set(), set())
    last: list[list[int]] = []
    for number, layer in reversed(list(enumerate(layers))):
        before = placed[number % 2]
        last.append([node for node in layer if node not in before])
        before.update(layer)
    return last[::-1]


def _leaving(graph: Graph, artifact: int, direction: Direction) -> list[int]:
    """What `closure.leaving` gives for everything in that direction, found in the same walk."""
    arcs = IndexArcs(graph, direction)
    starts, fars, end = arcs.artifacts.settled()
    own_starts, own_fars, own_end = arcs.executions.settled()
    stack, seen, left = [artifact], set[int](), list[int]()
    push, pop, leave, enter = stack.append, stack.pop, left.append, seen.add
    while stack:
        node = pop()
        if node < 0:
            leave(~node)
        elif node not in seen:
            enter(node)
            push(~node)
            if node >= _EXECUTION:
                execution = node - _EXECUTION
                if execution < own_end:
                    stack += own_fars[own_starts[execution] : own_starts[execution + 1]].tolist()
                else:
                    stack += arcs.executions.of(execution)
            elif node < end and starts[node + 1] == (start := starts[node]) + 1:
                # Nearly every artifact has one maker: spare its list.
                push(fars[start] + _EXECUTION)
            else:
                stack += [far + _EXECUTION for far in arcs.artifacts.of(node)]
    return left
