"""Brings the order and the blocks of a document into a module: tasks come, go, and move into loops and conditions."""

from __future__ import annotations

from claimed_jlab.pipeline.document import Pipeline
from claimed_jlab.pipeline.graph import dependencies
from claimed_jlab.pipeline.python.arrange import condition_paths
from claimed_jlab.pipeline.python.code import ModuleCode
from claimed_jlab.pipeline.python.conditions import Comparison
from claimed_jlab.pipeline.python.naming import identifier
from claimed_jlab.pipeline.python.pieces import Piece, body_pieces, prune, settle
from claimed_jlab.pipeline.python.syntax import syntax_of
from claimed_jlab.pipeline.python.write import Writer


class Rearrange:
    """Moves the pieces of one module's body. writer: writes what is new."""

    def __init__(self, module: ModuleCode, document: Pipeline, writer: Writer) -> None:
        self._module = module
        self._document = document
        self._writer = writer
        self._paths = condition_paths(document)
        self._root = body_pieces(module, syntax_of(module.text))
        self._before = self._root.text()

    def text(self) -> str:
        """The module's text with its tasks where the document wants them."""
        present = {task.name for task in self._module.tasks}
        moved = [task.name for task in self._module.tasks if task.name in self._paths and self._moves(task.name)]
        for name in sorted(present - {*self._document.tasks}):
            self._take(name)
        exit_changed = self._module.document.get("on_exit") != self._document.on_exit
        if exit_changed:
            self._unwrap()
        for name in [name for name in self._paths if name in moved]:
            self._move(name)
        for name in [
            name
            for name in (*self._paths, self._document.on_exit)
            if name in self._document.tasks and name not in present
        ]:
            self._add(name)
        if exit_changed:
            self._wrap()
        prune(self._root)
        settle(self._root)
        after = self._root.text()
        if after == self._before:
            return self._module.text
        if not after.strip():
            after = f"{self._root.indent}pass\n"
        start = self._module.text.rindex(self._before) if self._before else self._module.text.rindex("pass")
        return self._module.text[:start] + after + self._module.text[start + len(self._before) :]

    def _moves(self, name: str) -> bool:
        """Whether a task stands under other conditions than it should, or in no loop where it should."""
        code = self._module.task(name)
        chain = code.block.chain() if code.block else []
        texts = {text for block in chain if block.kind == "if" for text in block.texts}
        each = self._document.tasks[name].for_each
        loops = any(block.kind == "for" for block in chain)
        wants_loop = each is not None and self._writer.phrases.loop(each, self._writer.defined - {name}) is not None
        return texts != {str(item) for item in self._paths[name]} or loops != wants_loop

    def _find(self, name: str) -> tuple[list[Piece], Piece] | None:
        """The boxes around a task's piece, and the piece; None where it shares one with another task."""

        def search(box: Piece, way: list[Piece]) -> tuple[list[Piece], Piece] | None:
            for child in box.children:
                if child.tasks == {name}:
                    return [*way, box], child
                found = search(child, [*way, box])
                if found:
                    return found
            return None

        return search(self._root, [])

    def _take(self, name: str) -> Piece | None:
        """Takes out the pieces of a task; the first one is given back."""
        first = None
        while found := self._find(name):
            way, piece = found
            index = way[-1].children.index(piece)
            way[-1].children.remove(piece)
            if index == 0 and way[-1].children and way[-1] is not self._root:
                _close_up(way[-1].children[0])
            first = first or piece
        return first

    def _move(self, name: str) -> None:
        found = self._find(name)
        if found is None:
            return
        way, piece = found
        home = way[-1]
        loop = home if home.block is not None and home.block.kind == "for" else None
        each = self._document.tasks[name].for_each
        keeps = loop is not None and each is not None and loop.all_tasks() == {name}
        unit = loop if keeps and loop is not None else piece
        boxes = way[: way.index(unit)] if unit in way else way
        index = boxes[-1].children.index(unit)
        boxes[-1].children.remove(unit)
        target = self._box(self._paths[name])
        at = self._anchor(boxes, index, target)
        if not keeps and loop is not None:
            self._without_item(unit, loop)
        if not keeps and each is not None:
            unit = self._looped(name, unit, target.indent_inside())
        _into(unit, target, at)

    def _add(self, name: str) -> None:
        box = self._root if name == self._document.on_exit else self._box(self._paths[name])
        lines = self._writer.looped(name, box.indent_inside())
        piece = Piece("\n".join(lines) + "\n", box.indent_inside(), tasks={name})
        _into(piece, box, self._place(name, box))

    def _box(self, path: list[Comparison]) -> Piece:
        """The block of these conditions, made where it is not there."""
        box = next((piece for piece in self._root.children if piece.block and piece.block.kind == "exit"), self._root)
        for condition in path:
            box = self._inner(box, condition)
        return box

    def _inner(self, box: Piece, condition: Comparison) -> Piece:
        for child in box.children:
            texts = child.block.texts if child.block is not None else child.texts
            if child.is_block and texts == [str(condition)] and (child.block is None or child.block.kind == "if"):
                return child
        head = self._writer.phrases.condition(condition, self._writer.defined)
        if head is None:  # it asks for what comes later, in a cycle
            return box
        indent = box.indent_inside()
        at = next((number for number, child in enumerate(box.children) if child.pinned), len(box.children))
        lead = "\n" if at else ""
        made = Piece(f"{lead}{indent}with {head}:\n", indent, is_block=True, texts=[str(condition)])
        _into(made, box, at)
        return made

    def _place(self, name: str, box: Piece) -> int:
        """Where in a block a new task goes: before what takes from it, else at the end."""
        users = {other for other, needs in dependencies(self._document).items() if name in needs}
        pinned = (number for number, child in enumerate(box.children) if child.pinned or child.all_tasks() & users)
        if name == self._document.on_exit:
            return 0
        return next(pinned, len(box.children))

    @staticmethod
    def _anchor(boxes: list[Piece], index: int, target: Piece) -> int:
        """The place in the target that is nearest to where something was."""
        for number, box in enumerate(boxes):
            if box is target:
                if number == len(boxes) - 1:
                    return index
                return box.children.index(boxes[number + 1]) + 1
        pinned = (number for number, child in enumerate(target.children) if child.pinned)
        return next(pinned, len(target.children))

    def _looped(self, name: str, unit: Piece, indent: str) -> Piece:
        """A task's piece in a loop of its own."""
        each = self._document.tasks[name].for_each
        head = self._writer.phrases.loop(each, self._writer.defined - {name}) if each is not None else None
        if head is None or each is None:
            return unit
        item = self._writer.chosen.names.new(identifier(each.input or "item", "item"), "item")
        self._writer.items[name] = item
        box = Piece(f"{indent}with {head} as {item}:\n", indent, is_block=True)
        _into(unit, box, 0)
        return box

    def _without_item(self, unit: Piece, loop: Piece) -> None:
        loop.children = [child for child in loop.children if child is not unit]

    def _unwrap(self) -> None:
        """Takes the tasks out of the handler of the exit."""
        for number, piece in enumerate(self._root.children):
            if piece.block is not None and piece.block.kind == "exit":
                for child in piece.children:
                    child.shift(self._root.indent)
                self._root.children[number : number + 1] = piece.children
                return

    def _wrap(self) -> None:
        """Puts all tasks but one into a handler, which runs that one at the end."""
        name = self._document.on_exit
        found = self._find(name) if name else None
        if found is None or name is None:
            return
        piece = found[1]
        inside = [child for child in self._root.children if child is not piece and not child.pinned]
        pinned = [child for child in self._root.children if child.pinned]
        found[0][-1].children.remove(piece)
        piece.shift(self._root.indent)
        variable = self._writer.chosen.variables[name]
        head = f"\n{self._root.indent}with dsl.ExitHandler({variable}):\n"
        box = Piece(head, self._root.indent, is_block=True)
        for child in [child for child in inside if child is not piece]:
            _into(child, box, len(box.children), spaced=False)
        self._root.children = [piece, box, *pinned]


def _into(piece: Piece, box: Piece, at: int, *, spaced: bool = True) -> None:
    """Puts a piece into a block, as deep as it belongs, with an empty line around what is long."""
    piece.shift(box.indent_inside())
    box.children.insert(at, piece)
    if at == 0 and box.lines:
        _close_up(piece)
    if not spaced:
        return
    if at > 0 and not piece.lines.startswith("\n") and piece.text().count("\n") > 1:
        piece.lines = f"\n{piece.lines}"
    following = box.children[at + 1] if at + 1 < len(box.children) else None
    if following is not None and not following.lines.startswith("\n") and following.text().count("\n") > 1:
        following.lines = f"\n{following.lines}"


def _close_up(piece: Piece) -> None:
    piece.lines = piece.lines.lstrip("\n") if piece.lines.strip("\n") else piece.lines
