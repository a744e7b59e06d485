"""What a pickle would make, by reading its opcodes: nothing is imported, called or made.

A pickle is a program for a small stack machine. This one runs it with symbols: where the real one imports a class,
it notes the name; where the real one calls it, it notes the call. Objects that a pickle puts beside the program (the
arrays of joblib) are passed over by the length that their shape and type give.
"""

from __future__ import annotations

import pickletools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from typing import Any

from claimed_jlab.run.previews.stream import Malformed, Passed, Stream

_OPERATIONS = 1_000_000
_SECONDS = 3.0
_DEPTH = 20
_BITS = 1024
_SIDES = 64


@dataclass(eq=False, frozen=True, slots=True)
class Name:
    """Something that would be imported: `module.name`."""

    text: str


@dataclass(eq=False, slots=True)
class Made:
    """Something that would be made by a call. state: what it would be given then.  items: of a mapping."""

    maker: Any
    arguments: Any
    state: Any = None
    items: dict[Any, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The name of its class, or of the function that makes it."""
        maker = self.maker
        if isinstance(maker, Name) and maker.text in ("copyreg._reconstructor", "copy_reg._reconstructor"):
            maker = self.arguments[0] if isinstance(self.arguments, tuple) and self.arguments else maker
        return maker.text if isinstance(maker, Name) else "?"


@dataclass(eq=False, frozen=True, slots=True)
class Kept:
    """Something that is kept outside of the pickle, by its persistent id."""

    identity: Any


@dataclass(frozen=True)
class Story:
    """What a pickle would make. names: what it would import, in order.  made: its calls.  whole: read to its end."""

    outermost: Any
    names: tuple[str, ...]
    made: tuple[Made, ...]
    problem: str | None


class _Mark:
    pass


_MARK = _Mark()


class Reader:
    """Reads one pickle from a stream; `story` tells what was found, also of one that breaks off."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self._names: dict[str, None] = {}
        self._made: list[Made] = []
        self._left = _OPERATIONS
        self._until = time.monotonic() + _SECONDS

    def story(self) -> Story:
        """Reads to the end or to what is wrong; never raises for what the bytes are."""
        problem = None
        try:
            self._run(0)
        except Malformed as error:
            problem = str(error)
        except (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, EOFError, OSError):
            problem = "it is malformed"
        except Exception as error:  # zlib and lzma have kinds of their own; what was found is still worth telling.
            problem = f"it is malformed ({type(error).__name__})"
        outermost = self._stack[-1] if problem is None and self._stack else self._first()
        return Story(outermost, tuple(self._names), tuple(self._made), problem)

    def _first(self) -> Any:
        return next((value for value in self._stack if isinstance(value, Made)), None)

    def _run(self, depth: int) -> None:
        if depth > _DEPTH:
            raise Malformed("its parts are nested too deeply")
        for opcode, argument, _ in pickletools.genops(self._stream):  # type: ignore[arg-type]
            self._left -= 1
            if self._left < 0 or (self._left % 1000 == 0 and time.monotonic() > self._until):
                raise Malformed("it is too long to be looked at as a whole")
            self._step(opcode.name, argument)
            if opcode.name == "BUILD":
                self._pass_array(depth)

    def _step(self, name: str, argument: Any) -> None:
        step = _STEPS.get(name)
        if step is not None:
            step(self, argument)
        elif argument is not None and not name.startswith(("PROTO", "FRAME")):
            # A number of thousands of digits takes minutes to be written out.
            endless = isinstance(argument, int) and argument.bit_length() > _BITS
            self._stack.append("" if endless or isinstance(argument, Passed) else argument)

    def _pass_array(self, depth: int) -> None:
        """joblib writes the numbers of an array right behind the object that stands for it."""
        wrapper = self._stack[-1]
        if not (isinstance(wrapper, Made) and wrapper.kind.endswith(".NumpyArrayWrapper")):
            return
        state = wrapper.state
        form, shape = element_type(state["dtype"]), state["shape"]
        if len(shape) > _SIDES:
            raise Malformed("it is malformed")
        if form.startswith("object"):
            # A pickle of its own, which counts what it remembers from the beginning.
            inner, memo, self._memo = len(self._stack), self._memo, {}
            self._run(depth + 1)
            del self._stack[inner:]
            self._memo = memo
            return
        if state.get("numpy_array_alignment_bytes") is not None:
            self._stream.skip(self._stream.read(1)[0])
        self._stream.skip(prod(shape) * element_bytes(form))

    def memorize(self, key: int | None) -> None:
        self._memo[len(self._memo) if key is None else key] = self._stack[-1]

    def recall(self, key: int) -> None:
        self._stack.append(self._memo[key])

    def push(self, value: Any) -> None:
        self._stack.append(value)

    def top(self) -> Any:
        return self._stack[-1]

    def pop(self, count: int) -> list[Any]:
        """The last values, the last one last."""
        if count > len(self._stack):
            raise Malformed("it is malformed")
        values = self._stack[len(self._stack) - count :]
        del self._stack[len(self._stack) - count :]
        return values

    def pop_to_mark(self) -> list[Any]:
        at = len(self._stack) - 1
        while self._stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise Malformed("it is malformed")
        values = self._stack[at + 1 :]
        del self._stack[at:]
        return values

    def imported(self, text: str) -> None:
        self._names.setdefault(text[:300])
        self._stack.append(Name(text[:300]))

    def call(self, maker: Any, arguments: Any) -> None:
        made = Made(maker, arguments)
        self._made.append(made)
        self._stack.append(made)

    def build(self) -> None:
        (state,) = self.pop(1)
        if isinstance(self._stack[-1], Made):
            self._stack[-1].state = state

    def set_items(self, values: list[Any]) -> None:
        target = self._stack[-1]
        items = target.items if isinstance(target, Made) else target
        if isinstance(items, dict):
            items.update({key: value for key, value in zip(values[::2], values[1::2], strict=False) if _is_plain(key)})

    def append(self, values: list[Any]) -> None:
        if isinstance(self._stack[-1], list):
            self._stack[-1].extend(values)


def _is_plain(key: Any) -> bool:
    return isinstance(key, str | int | float | bytes | None.__class__)


def _instance(reader: Reader, text: str) -> None:
    values = reader.pop_to_mark()
    reader.imported(text)
    (maker,) = reader.pop(1)
    reader.call(maker, tuple(values))


def _object(reader: Reader, _: Any) -> None:
    maker, *arguments = reader.pop_to_mark()
    reader.call(maker, tuple(arguments))


def _stack_global(reader: Reader, _: Any) -> None:
    module, name = reader.pop(2)
    reader.imported(f"{module}.{name}" if isinstance(module, str) and isinstance(name, str) else "?")


def _dictionary(reader: Reader, _: Any) -> None:
    values = reader.pop_to_mark()
    reader.push({})
    reader.set_items(values)


_STEPS: dict[str, Callable[[Reader, Any], Any]] = {
    "MARK": lambda r, a: r.push(_MARK),
    "POP": lambda r, a: r.pop(1),
    "POP_MARK": lambda r, a: r.pop_to_mark(),
    "DUP": lambda r, a: r.push(r.top()),
    "NONE": lambda r, a: r.push(None),
    "NEWTRUE": lambda r, a: r.push(True),
    "NEWFALSE": lambda r, a: r.push(False),
    "EMPTY_LIST": lambda r, a: r.push([]),
    "EMPTY_DICT": lambda r, a: r.push({}),
    "EMPTY_SET": lambda r, a: r.push([]),
    "EMPTY_TUPLE": lambda r, a: r.push(()),
    "LIST": lambda r, a: r.push(r.pop_to_mark()),
    "TUPLE": lambda r, a: r.push(tuple(r.pop_to_mark())),
    "FROZENSET": lambda r, a: r.push(r.pop_to_mark()),
    "TUPLE1": lambda r, a: r.push(tuple(r.pop(1))),
    "TUPLE2": lambda r, a: r.push(tuple(r.pop(2))),
    "TUPLE3": lambda r, a: r.push(tuple(r.pop(3))),
    "DICT": _dictionary,
    "APPEND": lambda r, a: r.append(r.pop(1)),
    "APPENDS": lambda r, a: r.append(r.pop_to_mark()),
    "ADDITEMS": lambda r, a: r.append(r.pop_to_mark()),
    "SETITEM": lambda r, a: r.set_items(r.pop(2)),
    "SETITEMS": lambda r, a: r.set_items(r.pop_to_mark()),
    "GLOBAL": lambda r, a: r.imported(a.replace(" ", ".", 1)),
    "STACK_GLOBAL": _stack_global,
    "INST": lambda r, a: _instance(r, a.replace(" ", ".", 1)),
    "OBJ": _object,
    "REDUCE": lambda r, a: r.call(*r.pop(2)),
    "NEWOBJ": lambda r, a: r.call(*r.pop(2)),
    "NEWOBJ_EX": lambda r, a: r.call(*r.pop(3)[:2]),
    "BUILD": lambda r, a: r.build(),
    "PERSID": lambda r, a: r.push(Kept(a)),
    "BINPERSID": lambda r, a: r.push(Kept(r.pop(1)[0])),
    "PUT": lambda r, a: r.memorize(a),
    "BINPUT": lambda r, a: r.memorize(a),
    "LONG_BINPUT": lambda r, a: r.memorize(a),
    "MEMOIZE": lambda r, a: r.memorize(None),
    "GET": lambda r, a: r.recall(a),
    "BINGET": lambda r, a: r.recall(a),
    "LONG_BINGET": lambda r, a: r.recall(a),
    "EXT1": lambda r, a: r.imported(f"extension {a}"),
    "EXT2": lambda r, a: r.imported(f"extension {a}"),
    "EXT4": lambda r, a: r.imported(f"extension {a}"),
    "STOP": lambda r, a: None,
}


def element_type(value: Any) -> str:
    """`float64` of the pickled type of a numpy array's elements."""
    code = value.arguments[0] if isinstance(value, Made) and isinstance(value.arguments, tuple) else ""
    found = re.fullmatch(r"[<>|=]?([biufcOSUmMV])(\d+)", str(code))
    if not found:
        raise Malformed("it has an array of an unknown type")
    letter, count = found.groups()
    kinds = {"b": "bool", "i": "int", "u": "uint", "f": "float", "c": "complex", "O": "object", "U": "text"}
    size = int(count) * (1 if letter in "SUV" else 8)
    return f"{kinds.get(letter, 'bytes')}{size}"


def element_bytes(form: str) -> int:
    """Bytes of one element of a type as `element_type` names it."""
    found = re.fullmatch(r"([a-z]+)(\d+)", form)
    if not found:
        raise Malformed("it has an array of an unknown type")
    count = int(found[2])
    return count * 4 if found[1] == "text" else count if found[1] == "bytes" else count // 8
