"""What is set of a task in KFP's Python, read: retries, time, resources, image, caching, order, Kubernetes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import libcst as cst

from claimed_jlab.pipeline.python import cluster
from claimed_jlab.pipeline.python.code import SettingCode, Span
from claimed_jlab.pipeline.python.syntax import Syntax, argument_of, literal_of
from claimed_jlab.pipeline.python.values import Unsayable

_SECONDS = {"s": 1, "m": 60, "h": 3600}


def read_setting(name: str, call: cst.Call, syntax: Syntax, statement: Span | None) -> list[SettingCode]:
    """The settings that a call makes. name: of the method or function.  Raises Unsayable."""
    inner, line, link = syntax.inside(call), syntax.line(call), None
    if name in cluster.FUNCTIONS:
        found = cluster.read_call(name, call)
        return [SettingCode(key, inner, value, line, statement if len(found) == 1 else None) for key, value in found]
    key, read = {**METHODS, **FUNCTIONS}[name]
    if name in METHODS and isinstance(call.func, cst.Attribute):
        link = Span(syntax.span(call.func.value).end, syntax.span(call).end)
    return [SettingCode(key, inner, read(call), line, statement, link)]


def _plain(name: str) -> Callable[[cst.Call], Any]:
    return lambda call: _literal(argument_of(call, name, 0))


def _literal(node: cst.BaseExpression | None) -> Any:
    if node is None:
        raise Unsayable("an argument is missing")
    try:
        return literal_of(node)
    except ValueError:
        raise Unsayable("its value is worked out by Python") from None


def _retry(call: cst.Call) -> dict[str, Any]:
    found = {"attempts": _literal(argument_of(call, "num_retries", 0))}
    wait = argument_of(call, "backoff_duration", 1)
    if wait is not None:
        given = re.fullmatch(r"(\d+)([smh])", str(_literal(wait)))
        if given is None:
            raise Unsayable(f"{_literal(wait)!r} is no time such as 5s")
        found["backoff"] = int(given[1]) * _SECONDS[given[2]]
    return found


def _amount(name: str) -> Callable[[cst.Call], Any]:
    def read(call: cst.Call) -> Any:
        value = _literal(argument_of(call, name, 0))
        if isinstance(value, str) and re.fullmatch(r"\d+", value):
            return int(value)
        return float(value) if isinstance(value, str) and re.fullmatch(r"\d+\.\d+", value) else value

    return read


def _timeout(call: cst.Call) -> Any:
    return _literal(argument_of(call, "seconds", 1))


Reading = tuple[str, Callable[[cst.Call], Any]]
# By the name of a task's method, and of a function of `kfp.kubernetes`: which setting it is, and how it is read.
METHODS: dict[str, Reading] = {
    "set_display_name": ("name", _plain("name")),
    "set_container_image": ("image", _plain("name")),
    "set_retry": ("retry", _retry),
    "set_cpu_limit": ("cpu", _amount("cpu")),
    "set_memory_limit": ("memory", _amount("memory")),
    "set_accelerator_type": ("gpu_type", _plain("accelerator")),
    "set_accelerator_limit": ("gpu", _amount("limit")),
    "set_gpu_limit": ("gpu", _amount("gpu")),
    "set_caching_options": ("cache", _plain("enable_caching")),
    "after": ("after", lambda call: None),
}
FUNCTIONS: dict[str, Reading] = {"set_timeout": ("timeout", _timeout)}
KNOWN = frozenset({*METHODS, *FUNCTIONS, *cluster.FUNCTIONS})
