"""Reads the body of a pipeline's function: tasks, what is set of them, and the blocks that they stand in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import libcst as cst

from claimed_jlab.pipeline.python.code import ArgumentCode, BlockCode, FunctionCode, ModuleCode, Span, TaskCode
from claimed_jlab.pipeline.python.comments import comment_text
from claimed_jlab.pipeline.python.loaders import loaded
from claimed_jlab.pipeline.python.naming import identifier
from claimed_jlab.pipeline.python.settings import FUNCTIONS, KNOWN, read_setting
from claimed_jlab.pipeline.python.syntax import Syntax, argument_of, last_name, literal_of
from claimed_jlab.pipeline.python.values import Scope, Unsayable

Report = Callable[[str, cst.CSTNode], None]
_KINDS = {"If": "if", "Condition": "if", "Elif": "if", "Else": "if", "ParallelFor": "for", "ExitHandler": "exit"}
_PYTHONS_OWN = {cst.If: "if", cst.For: "for", cst.While: "while", cst.Try: "try", cst.Match: "match"}


class BodyReader:
    """Reads one body into a ModuleCode. report: takes what a document has no words for, and where it is."""

    def __init__(self, syntax: Syntax, module: ModuleCode, scope: Scope, report: Report) -> None:
        self._syntax = syntax
        self._module = module
        self._scope = scope
        self._report = report

    def read(self, statements: Sequence[cst.BaseStatement | cst.BaseSmallStatement], block: BlockCode | None) -> None:
        """Reads statements that stand in a block, or in the function itself."""
        asked: list[cst.BaseExpression] = []
        for statement in statements:
            if isinstance(statement, cst.With):
                self._with(statement, block, asked)
                continue
            asked = []
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    self._small(small, statement, block)
            elif type(statement) in _PYTHONS_OWN:
                word = _PYTHONS_OWN[type(statement)]
                self._report(
                    f"Python's own `{word}` runs when the module is compiled: what is in it is not drawn", statement
                )
            elif isinstance(statement, cst.FunctionDef | cst.ClassDef):
                self._report(f"{statement.name.value!r} is defined inside of the pipeline: it is not drawn", statement)

    def _with(self, node: cst.With, block: BlockCode | None, asked: list[cst.BaseExpression]) -> None:
        for item in node.items:
            call = item.item
            kind = _KINDS.get(last_name(call.func)) if isinstance(call, cst.Call) else None
            if not isinstance(call, cst.Call) or kind is None:
                self._report(f"`with {self._syntax.code(item.item)}` is nothing that a document has", item.item)
                continue
            block = self._block(kind, call, item, node, block, asked)
        if isinstance(node.body, cst.IndentedBlock):
            self.read(node.body.body, block)
        else:
            self.read(node.body.body, block)

    def _block(
        self,
        kind: str,
        call: cst.Call,
        item: cst.WithItem,
        node: cst.With,
        parent: BlockCode | None,
        asked: list[cst.BaseExpression],
    ) -> BlockCode:
        name = last_name(call.func)
        target = {"if": "condition", "for": "items", "exit": "exit_task"}[kind]
        subject = argument_of(call, target, 0)
        made = BlockCode(
            kind=kind,
            head=self._syntax.span(call),
            statement=self._syntax.statement(node),
            node=None if name == "Else" else subject,
            parent=parent,
            line=self._syntax.line(node),
            negated=tuple(asked) if name in ("Elif", "Else") else (),
            body=list(node.body.body),
        )
        if kind == "if" and name in ("If", "Condition"):
            asked.clear()
        if kind == "if" and subject is not None:
            asked.append(subject)
        if kind == "for":
            made.item = last_name(item.asname.name) if item.asname and isinstance(item.asname.name, cst.Name) else ""
            made.limit = self._literal(argument_of(call, "parallelism", 2))
        self._module.blocks.append(made)
        self._module.names.add(made.item)
        return made

    def _literal(self, node: cst.BaseExpression | None) -> Any:
        if node is None:
            return None
        try:
            return literal_of(node)
        except ValueError:
            self._report(f"`{self._syntax.code(node)}` is worked out by Python", node)
            return None

    def _small(self, node: cst.BaseSmallStatement, statement: cst.SimpleStatementLine, block: BlockCode | None) -> None:
        if isinstance(node, cst.Assign) and len(node.targets) == 1:
            target = node.targets[0].target
            self._value(target.value if isinstance(target, cst.Name) else "", node.value, statement, block)
        elif isinstance(node, cst.AnnAssign) and node.value is not None:
            self._value(last_name(node.target), node.value, statement, block)
        elif isinstance(node, cst.Expr):
            if not isinstance(node.value, cst.SimpleString | cst.ConcatenatedString | cst.Ellipsis):
                self._value("", node.value, statement, block)
        elif isinstance(node, cst.Return):
            self._return(node)
        elif not isinstance(node, cst.Pass | cst.Import | cst.ImportFrom):
            self._report(f"`{self._syntax.code(node)}` is nothing that a document has", node)

    def _value(
        self, target: str, value: cst.BaseExpression, statement: cst.SimpleStatementLine, block: BlockCode | None
    ) -> None:
        root, chain = self._unrolled(value)
        task = self._scope.tasks.get(root.value) if isinstance(root, cst.Name) else None
        if isinstance(root, cst.Call):
            task = self._called(target, root, statement, block)
        if task is not None:
            alone = len(chain) == 1 and isinstance(root, cst.Name) and len(statement.body) == 1
            for name, call in chain:
                self._set(task, name, call, self._syntax.statement(statement) if alone else None)
            if target:
                self._scope.tasks[target] = task
                self._module.names.add(target)
        elif isinstance(root, cst.Call) and last_name(root.func) == "importer" and target:
            self._scope.importers[target] = root
        elif target:
            reference = loaded(root)
            if reference is not None:
                self._module.components[target] = reference
            else:
                self._scope.aliases[target] = value
        elif not isinstance(root, cst.Call) or last_name(root.func) != "print":
            self._report(f"`{self._brief(value)}` is nothing that a document has", value)

    def _unrolled(self, value: cst.BaseExpression) -> tuple[cst.BaseExpression, list[tuple[str, cst.Call]]]:
        """What a chain of calls begins with, and the calls: `fit(…).set_retry(…).after(…)`."""
        chain: list[tuple[str, cst.Call]] = []
        node = value
        while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            inner = node.func.value
            if isinstance(inner, cst.Name) and inner.value not in self._scope.tasks:
                break
            if isinstance(inner, cst.Attribute):
                break
            chain.insert(0, (node.func.attr.value, node))
            node = inner
        return node, chain

    def _called(
        self, target: str, call: cst.Call, statement: cst.SimpleStatementLine, block: BlockCode | None
    ) -> TaskCode | None:
        """The task that a call makes, or sets something of; None for any other call."""
        name = last_name(call.func)
        if name in FUNCTIONS or (call.args and self._is_task(call.args[0].value)):
            first = call.args[0].value if call.args else None
            task = self._scope.tasks.get(first.value) if isinstance(first, cst.Name) else None
            if task is not None:
                self._set(task, name, call, self._syntax.statement(statement) if len(statement.body) == 1 else None)
                return task
        if not isinstance(call.func, cst.Name) or name not in self._module.components:
            return None
        span = self._syntax.statement(statement)
        comments, description = self._comments(span, block, statement)
        task = TaskCode(
            variable=target,
            component=name,
            reference=self._module.components[name],
            call=self._syntax.span(call),
            function=self._syntax.span(call.func),
            inner=self._syntax.inside(call),
            statement=span,
            line=self._syntax.line(call),
            block=block,
            description=description,
            comments=comments,
        )
        self._arguments(task, call)
        self._module.tasks.append(task)
        return task

    def _is_task(self, node: cst.BaseExpression) -> bool:
        return isinstance(node, cst.Name) and node.value in self._scope.tasks

    def _arguments(self, task: TaskCode, call: cst.Call) -> None:
        for argument in call.args:
            whole = self._syntax.argument(argument)
            if argument.keyword is not None:
                value = ArgumentCode(whole, self._syntax.value(argument.value), argument.value)
                task.arguments[argument.keyword.value] = value
            elif argument.star == "**" and isinstance(argument.value, cst.Dict):
                for element in argument.value.elements:
                    if isinstance(element, cst.DictElement) and isinstance(key := self._literal(element.key), str):
                        sole = whole if len(argument.value.elements) == 1 else self._syntax.span(element)
                        task.arguments[key] = ArgumentCode(sole, self._syntax.value(element.value), element.value)
            else:
                self._report(f"`{self._brief(argument.value)}` goes to no input by name", argument)

    def _set(self, task: TaskCode, name: str, call: cst.Call, statement: Span | None) -> None:
        if name not in KNOWN:
            self._report(f"`{name}` of task {task.variable or task.component!r} is kept in the Python only", call)
            return
        try:
            found = read_setting(name, call, self._syntax, statement)
            if name == "after":
                named = [self._scope.tasks.get(last_name(item.value)) for item in call.args]
                task.after = [other for other in named if other is not None]
        except Unsayable as error:
            self._report(f"`{name}` of task {task.variable or task.component!r}: {error}", call)
            return
        for setting in found:
            if setting.key.endswith(":"):  # one of a list
                setting.key += str(sum(key.startswith(setting.key) for key in task.settings))
            task.settings[setting.key] = setting

    def _comments(
        self, span: Span, block: BlockCode | None, statement: cst.SimpleStatementLine
    ) -> tuple[Span | None, str]:
        """The comment lines right above a statement, or above the loop that it alone stands in."""
        found = comments_above(self._syntax.data, span)
        if found is None and block is not None and block.kind == "for" and block.body[0] is statement:
            found = comments_above(self._syntax.data, block.statement)
        if found is None:
            return None, ""
        text = self._syntax.data[found.start : found.end].decode("utf-8", "surrogatepass")
        return found, comment_text(text.rstrip("\n").split("\n"))

    def _return(self, node: cst.Return) -> None:
        function: FunctionCode = self._module.function
        value = node.value
        if isinstance(value, cst.Call):
            for argument in value.args:
                if argument.keyword is not None:
                    span = self._syntax.argument(argument)
                    code = ArgumentCode(span, self._syntax.value(argument.value), argument.value)
                    function.returned[argument.keyword.value] = code
                else:
                    self._report(f"`{self._brief(argument.value)}` is returned without a name", argument)
        elif value is not None:
            function.returned["Output"] = ArgumentCode(self._syntax.span(node), self._syntax.span(value), value)

    def _brief(self, node: cst.CSTNode) -> str:
        text = " ".join(self._syntax.code(node).split())
        return text if len(text) <= 60 else f"{text[:59]}…"


def comments_above(data: bytes, span: Span) -> Span | None:
    """The comment lines right above whole lines, with the same indentation; None when there are none."""
    line = data[span.start : span.end]
    indent = line[: len(line) - len(line.lstrip())]
    start = span.start
    while start > 0:
        before = data.rfind(b"\n", 0, start - 1) + 1
        text = data[before:start]
        if not text.startswith(indent + b"#"):
            break
        start = before
    return Span(start, span.start) if start < span.start else None


def variable_of(task: TaskCode) -> str:
    """What a task without a name in code is called."""
    return task.variable or identifier(task.component)
