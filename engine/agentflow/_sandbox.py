"""The sandbox of templates: Jinja, cut down to what cannot hurt whoever runs a stranger's flow.

Values are read and put into words. Nothing outside is called, no text grows without limit, and all
work is counted, so that every template comes to an end.
"""

import functools
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from time import thread_time
from typing import Any, cast

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from agentflow.memory.current import current_memory

__all__ = ["MOST_TEXT", "Budget", "Sandbox", "plain_value"]

MOST_TEXT = 1_000_000
"""Characters of what becomes of a template, and of any text on the way."""
MOST_WORK = 3_000_000
"""Characters and values that a template may handle."""
MOST_SECONDS = 2.0
"""Seconds of work, without those in which the thread did not get its turn."""

_FILTERS = frozenset(
    {"abs", "capitalize", "count", "d", "default", "first", "float", "int", "items", "last"}
    | {"length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse"}
    | {
        "select",
        "selectattr",
        "sort",
        "string",
        "title",
        "trim",
        "unique",
        "upper",
        "urlencode",
        "wordcount",
    }
)
_METHODS = frozenset(
    {"count", "endswith", "find", "get", "index", "isdigit", "items", "keys", "lower", "lstrip"}
    | {"rstrip", "split", "splitlines", "startswith", "strip", "title", "upper", "values"}
)
_REFUSED = (
    nodes.Macro,
    nodes.CallBlock,
    nodes.Include,
    nodes.Import,
    nodes.FromImport,
    nodes.Extends,
    nodes.Block,
)


class Budget:
    """The work that one template may still do. `with` it, and whatever runs inside spends it."""

    def __init__(self, work: int = MOST_WORK) -> None:
        """`work` is how many characters and values may be handled."""
        self._left, self._ends = work, thread_time() + MOST_SECONDS

    def __enter__(self) -> None:
        self._before = _BUDGET.set(self)

    def __exit__(self, *_: object) -> None:
        _BUDGET.reset(self._before)

    def spend(self, units: int) -> None:
        """Count characters or values that are about to be handled."""
        self._left -= units
        if self._left < 0 or thread_time() > self._ends:
            raise SecurityError("this takes too much work")


_BUDGET: ContextVar[Budget | None] = ContextVar("agentflow_template_budget", default=None)


def _spend(units: int) -> None:
    budget = _BUDGET.get()
    if budget is not None:
        budget.spend(units)


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox with its doors walled up: few filters and methods, memory's globals alone."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=jinja2.StrictUndefined, autoescape=False, finalize=_as_text)
        self.globals.clear()
        globals_: dict[str, Any] = self.globals  # pyright: ignore[reportAssignmentType, reportUnknownMemberType] - untyped
        globals_.update({it.__name__: it for it in _OF_MEMORY})
        known: dict[str, Any] = dict(self.filters)
        own: dict[str, Any] = {
            "join": _joined,
            "replace": _replaced,
            "round": _rounded,
            "sum": _sum,
            "tojson": _as_json,
            "truncate": _truncated,
            _COUNTED: _counted,
        }
        allowed = {name: known[name] for name in _FILTERS} | own
        self.filters = {name: _spending(function) for name, function in allowed.items()}

    def compiled(self, tree: nodes.Template) -> jinja2.Template:
        """The template of a parsed source.

        Raises:
            jinja2.TemplateSyntaxError: it uses what is not known here.
        """
        for refused in tree.find_all(_REFUSED):
            name = type(refused).__name__.lower()
            raise jinja2.TemplateSyntaxError(f"{name!r} is not known here", refused.lineno)
        return self.from_string(_Bounds().visit(tree))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A key of the state goes before a method: `it.items` is what the state says it is."""
        if isinstance(obj, Mapping) and attribute in obj:
            return cast("Mapping[str, Any]", obj)[attribute]
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        _check_growth(operator, left, right)
        return super().call_binop(context, operator, left, right)  # pyright: ignore[reportUnknownMemberType] - untyped

    def is_safe_callable(self, obj: Any) -> bool:
        if obj in _OF_MEMORY:
            return True
        owner = getattr(obj, "__self__", None)
        return isinstance(owner, (str, dict, list)) and obj.__name__ in _METHODS


def recall(key: str, default: Any = None) -> Any:
    """What the session remembers under a key."""
    return _spent(current_memory().recall(key, default))


def search(query: str, limit: int = 5) -> Any:
    """What the session remembers that holds words of the query."""
    return _spent(current_memory().search(query, limit))


_OF_MEMORY = (recall, search)
"""All that a template may call of what is outside of it: they read, and change nothing."""


def _spent(value: Any) -> Any:
    _spend(len(json.dumps(value)))
    return value


def plain_value(value: Any) -> Any:
    """What an expression came to, as a state may hold it.

    Raises:
        jinja2.UndefinedError: it reads what is not there.
        SecurityError: it is a method that was not called, or grew too long.
    """
    if isinstance(value, jinja2.Undefined):
        str(value)  # a strict one raises what is wrong with it
    if callable(value):
        raise SecurityError("this is a method; call it: name()")
    return list(cast("Iterable[Any]", value)) if isinstance(value, Iterator) else value


def _as_text(value: Any) -> Any:
    """How a value is written into a text: lists and objects as JSON, which models read best."""
    plain = plain_value(value)
    text = _as_json(plain) if isinstance(plain, (dict, list)) else str(plain)
    _spend(len(text))
    return text


class _Bounds(NodeTransformer):
    """Has loops counted, and `~` done by the filter that knows how long a text may become."""

    def visit_For(self, node: nodes.For) -> nodes.For:
        self.generic_visit(node)
        if node.recursive:
            raise jinja2.TemplateSyntaxError("a loop cannot be recursive here", node.lineno)
        static = sum(len(it.data) for it in node.find_all(nodes.TemplateData))
        cost = nodes.Const(1 + static, lineno=node.lineno)
        node.iter = _filter(cast("nodes.Expr", node.iter), _COUNTED, [cost])
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        self.generic_visit(node)
        return _filter(nodes.List(node.nodes, lineno=node.lineno), "join", [])


def _filter(value: nodes.Expr, name: str, arguments: list[nodes.Expr]) -> nodes.Filter:
    return nodes.Filter(value, name, arguments, [], None, None, lineno=value.lineno)


_COUNTED = "counted"


def _counted(values: Iterable[Any], cost: int = 1) -> Iterator[Any]:
    for value in values:
        _spend(cost)
        yield value


def _spending(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)  # also what Jinja notes on a function: what it wants to be passed
    def spending(*arguments: Any, **named: Any) -> Any:
        _spend(1 + sum(_size(it) for it in (*arguments, *named.values())))
        result: Any = function(*arguments, **named)
        is_lazy = isinstance(result, Iterator) and function is not _counted
        return _counted(cast("Any", result)) if is_lazy else cast("Any", result)

    return spending


def _size(value: Any) -> int:
    return len(cast("Sequence[Any]", value)) if isinstance(value, (str, list, tuple, dict)) else 0


def _check_growth(operator: str, left: Any, right: Any) -> None:
    sizes = _size(left), _size(right)
    _spend(1 + sum(sizes))
    if operator == "%" and isinstance(left, str):
        raise SecurityError("texts are not formatted with % in templates")
    if operator == "**" and not (_is_small(left, 10**6) and _is_small(right, 32)):
        raise SecurityError("this power is too large")
    if operator == "*" and isinstance(left, (int, float)) and isinstance(right, (int, float)):
        if max(abs(left), abs(right)) > 2**63:
            raise SecurityError("these numbers are too large")
    elif operator == "*":
        times = max((it for it in (left, right) if isinstance(it, int)), default=0)
        _check_length(max(sizes) * times)
    else:
        _check_length(sum(sizes))


def _is_small(value: Any, most: int) -> bool:
    return isinstance(value, (int, float)) and abs(value) <= most


def _check_length(length: int) -> None:
    if length > MOST_TEXT:
        raise SecurityError(f"this becomes longer than {MOST_TEXT:,}")
    _spend(length)


def _joined(values: Iterable[Any], between: str = "", attribute: str | None = None) -> str:
    parts: list[str] = []
    length = 0
    for value in values:
        part = _as_text(_attribute(value, attribute))
        length += len(part) + len(between)
        _check_length(length - len(between))
        parts.append(part)
    return str(between).join(parts)


def _attribute(value: Any, name: str | None) -> Any:
    if name is None:
        return value
    if isinstance(value, Mapping) and name in value:
        return cast("Mapping[str, Any]", value)[name]
    raise jinja2.UndefinedError(f"a value has no attribute {name!r}")


def _replaced(text: Any, old: str, new: str) -> str:
    whole = str(text)
    _check_length(len(whole) + whole.count(old) * len(new))
    return whole.replace(old, new)


def _truncated(text: Any, length: int = 255, end: str = "…") -> str:
    whole = str(text)
    return whole if len(whole) <= length else whole[:length].rstrip() + end


def _rounded(value: float, precision: int = 0) -> float:
    # Jinja's own works out 10 to the power of whatever it is given.
    return round(value, max(-15, min(15, precision))) if precision else float(round(value))


def _sum(values: Iterable[Any], attribute: str | None = None) -> Any:
    return sum(_attribute(value, attribute) for value in values)


def _as_json(value: Any, indent: int | None = None) -> str:
    spaces = None if indent is None else max(0, min(8, indent))
    return json.dumps(plain_value(value), ensure_ascii=False, indent=spaces)
