"""Comparison: a condition that only compares one name with a number or a text, the usual kind.

The library that reads conditions takes as long for one as a whole step does otherwise. What these
say of values of the very same kind is beyond doubt, so it is told here; all else is asked there.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["Comparison", "comparison_in"]

_FORM = re.compile(
    r"""\s*(?P<name>[A-Za-z_]\w*)\s*
    (?P<sign>>=|<=|==|!=|>|<)\s*
    (?:(?P<float>-?\d{1,15}\.\d{1,15})|(?P<int>-?\d{1,15})|'(?P<text>[ -&(-\[\]-~]*)')\s*""",
    re.ASCII | re.VERBOSE,
)
_SIGNS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_LEAST, _MOST = -(2**63), 2**63


class Comparison:
    """name sign literal: "score >= 0.9"."""

    __slots__ = ("_compare", "_kind", "_literal", "_name")

    def __init__(self, name: str, sign: str, literal: float | str) -> None:
        self._name, self._compare, self._literal = name, _SIGNS[sign], literal
        self._kind = literal.__class__

    def verdict(self, values: Mapping[str, Any]) -> tuple[bool, dict[str, Any]] | None:
        """Whether it holds, and what its name said; None where that is not for us to tell."""
        value: Any = values.get(self._name)
        if value.__class__ is not self._kind:
            return None
        if not (value.isprintable() if self._kind is str else _LEAST <= value < _MOST):
            return None  # a text that no text of the library's could be, or too large a number
        return self._compare(value, self._literal), {self._name: value}


def comparison_in(text: str, names: frozenset[str]) -> Comparison | None:
    """The comparison that an expression is; None where it is anything else.

    Args:
        text: an expression that can be read.
        names: the names that it reads.
    """
    found = _FORM.fullmatch(text)
    if found is None or set(names) != {found["name"]}:
        return None
    literals = ((float, found["float"]), (int, found["int"]), (str, found["text"]))
    literal = next(kind(told) for kind, told in literals if told is not None)
    return Comparison(found["name"], found["sign"], literal)
