"""Bolt, as quick to build as it is slow only because a run builds thousands of them.

It reads of each listener, and of what decides for it, which arguments they name: 300 times for
each program, and the most of what a program takes to start. Here once for each function's code.
"""

import inspect
from collections.abc import Callable
from types import CodeType
from typing import Any

from slack_bolt.listener import async_listener
from slack_bolt.listener_matcher import builtins
from slack_bolt.util.utils import get_arg_names_of_callable

_names: dict[CodeType, list[str]] = {}


def arg_names(called: Callable[..., Any]) -> list[str]:
    """Return what Bolt's own function returns, which goes by the code alone."""
    code = getattr(inspect.unwrap(called), "__code__", None)
    if code is None:
        return get_arg_names_of_callable(called)
    if code not in _names:
        _names[code] = get_arg_names_of_callable(called)
    return list(_names[code])


def read_once() -> None:
    """Have every program of this run built so."""
    for module in (async_listener, builtins):
        vars(module)["get_arg_names_of_callable"] = arg_names
