"""An answer as lines for a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from claimed_jlab.lineage import names
from claimed_jlab.lineage.answer import Answer, Node

_DEEPEST = 24


def tree(answer: Answer, root: str) -> list[str]:
    """The answer from its root on: each artifact with what made it, and below it what that one read.

    root: a node's id (`artifact/12`). An answer to `downstream` grows the other way: each artifact with those
    who read it, and below them what they made. What was shown once is only named when it comes again; cache hits
    and repeated imports of the same artifact are counted, not listed.
    """
    nodes = {node.id: node for node in answer.nodes}
    if root not in nodes:
        return []
    upwards = any(edge.target == root for edge in answer.edges)
    lines = list(_Outline(nodes, _links(answer, upwards), "←" if upwards else "→").lines(root))
    if answer.truncated:
        lines.append(f"… {answer.missing} more not shown")
    return lines


def _links(answer: Answer, upwards: bool) -> Mapping[str, Sequence[tuple[str, str]]]:
    """By node: the nodes one step on and the name of the step."""
    links: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for edge in answer.edges:
        near, far = (edge.target, edge.source) if upwards else (edge.source, edge.target)
        links[near].setdefault(far, []).append(edge.name or "")
    return {
        near: [(far, ", ".join(filter(None, found))) for far, found in far_ones.items()]
        for near, far_ones in links.items()
    }


@dataclass(frozen=True, slots=True)
class _Todo:
    node: str
    label: str
    lead: str
    below: str
    level: int


@dataclass(frozen=True, slots=True)
class _Outline:
    nodes: Mapping[str, Node]
    links: Mapping[str, Sequence[tuple[str, str]]]
    arrow: str

    def lines(self, root: str) -> Iterator[str]:
        # A stack and not recursion: a chain may be longer than Python's stack.
        stack = [_Todo(root, "", "", "", 0)]
        shown: set[str] = set()
        while stack:
            todo = stack.pop()
            text, owner, nexts = self._line(todo)
            if owner in shown and nexts:
                yield f"{text}  (shown above)"
                continue
            shown.add(owner)
            yield text
            if todo.level >= _DEEPEST and nexts:
                yield f"{todo.below}└─ … more; ask for {nexts[0][0]}"
                continue
            stack += reversed(list(self._below(todo, nexts)))

    def _line(self, todo: _Todo) -> tuple[str, str, Sequence[tuple[str, str]]]:
        """A line's text, the node whose links go below it, and those links.

        An artifact's one maker shares its line; several go below it.
        """
        text = f"{todo.lead}{_label(todo.label)}{_title(self.nodes[todo.node])}"
        steps = self.links.get(todo.node, ())
        if self.arrow == "→" or self.nodes[todo.node].kind != "artifact":
            return text, todo.node, steps
        makers, spared = self._fold([far for far, _ in steps])
        note = f"  (+ {spared})" if spared else ""
        if len(makers) != 1:
            return text + note, todo.node, [step for step in steps if step[0] in makers]
        maker = makers[0]
        return f"{text}  {self.arrow} {_title(self.nodes[maker])}{note}", maker, self.links.get(maker, ())

    def _fold(self, makers: Sequence[str]) -> tuple[Sequence[str], str]:
        """Leave one maker of each sort out of cache hits and imports, and say how many others there are."""
        real = [id_ for id_ in makers if not self._repeats(id_)]
        rest = [id_ for id_ in makers if self._repeats(id_)]
        if not real:
            real, rest = rest[:1], rest[1:]
        cached = sum(self.nodes[id_].state == "CACHED" for id_ in rest)
        parts = [f"{cached} from cache"] if cached else []
        if len(rest) > cached:
            parts.append(f"{len(rest) - cached} imported")
        return real, ", ".join(parts)

    def _repeats(self, id_: str) -> bool:
        return self.nodes[id_].state == "CACHED" or self.nodes[id_].type == names.IMPORTER

    @staticmethod
    def _below(todo: _Todo, nexts: Sequence[tuple[str, str]]) -> Iterator[_Todo]:
        for position, (far, label) in enumerate(nexts, 1):
            last = position == len(nexts)
            lead, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
            yield _Todo(far, label, todo.below + lead, todo.below + below, todo.level + 1)


def _label(label: str) -> str:
    return f"{label}: " if label else ""


def _title(node: Node) -> str:
    if node.kind == "execution":
        state = f" {node.state}" if node.state and node.state != "COMPLETE" else ""
        return f"{node.name}{state} [{node.id}]"
    return f"{node.name} ({node.type.removeprefix('system.')}) [{node.id}]"
