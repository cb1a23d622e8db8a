"""Keys: what expressions, templates and fields that name a key are offered, and what they came to.

What may be there is what the steps before write; what the last run had there is said beside it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, cast

from agentflow.errors import ConditionError, SetupError, TemplateError
from agentflow.flow.condition import compile_condition
from agentflow.templates import check_template, fill
from agentflow_editor.forms._completion import Find, Offer, matching
from agentflow_editor.forms._surroundings import Surroundings
from agentflow_editor.looks.plain_text import on_one_line

__all__ = [
    "condition_told",
    "find_in_expression",
    "find_in_template",
    "find_key",
    "key_told",
    "template_told",
]

_NAME = re.compile(r"(?:[^\W\d]\w*\.)*(?:[^\W\d]\w*)?$")
_IN_TEXT = re.compile(r"""^(?:[^'"]|'[^']*'|"[^"]*")*['"][^'"]*$""")
_OPENED = re.compile(r"\{(?:\{|%)(?:(?!\}\}|%\}).)*$", re.DOTALL)
MOST_WORK = 100_000
"""What a template may do while somebody types it: some milliseconds."""
LONGEST = 160
"""Characters of a value that is told."""


def find_in_expression(around: Surroundings) -> Find:
    """Offers keys, and behind a dot what the last run had in them."""

    def find(before: str) -> tuple[int, Sequence[Offer]]:
        found = _NAME.search(before)
        if found is None or _IN_TEXT.match(before):
            return len(before), []
        start = found.start() + found.group().rfind(".") + 1
        owners = found.group().split(".")[:-1]
        return start, matching(before[start:], _inside(around, owners))

    return find


def find_in_template(around: Surroundings) -> Find:
    """The same between "{{" and "}}", and between "{%" and "%}"."""
    find_name = find_in_expression(around)

    def find(before: str) -> tuple[int, Sequence[Offer]]:
        opened = _OPENED.search(before)
        if opened is None:
            return len(before), []
        skipped = opened.start() + 2
        start, offers = find_name(before[skipped:])
        return start + skipped, offers

    return find


def find_key(around: Surroundings) -> Find:
    """Offers the keys themselves, for a field that names one."""
    return lambda before: (0, matching(before, _inside(around, [])))


def condition_told(text: str, values: Mapping[str, Any]) -> str:
    """What a condition says of these values, and what it read; "" for no condition."""
    try:
        condition = compile_condition(text)
    except ConditionError:  # which is said as what is wrong with the field
        return ""
    try:
        verdict = condition.evaluate(values)
    except ConditionError as error:
        return error.what
    read = ", ".join(f"{name} = {_short(value)}" for name, value in verdict.values.items())
    holds = "true" if verdict.holds else "false"
    return f"{holds} ({read})" if read else holds


def template_told(text: str, values: Mapping[str, Any]) -> str:
    """What a template becomes with these values; "" where nothing is to be filled in."""
    if "{{" not in text and "{%" not in text:
        return ""
    try:
        check_template(text, "")
    except TemplateError:
        return ""
    try:
        return on_one_line(fill(text, values, "", work=MOST_WORK), LONGEST)
    except TemplateError as error:
        return error.what
    except SetupError:  # It asks for what is only there while a flow runs: its memory.
        return ""


def key_told(text: str, values: Mapping[str, Any]) -> str:
    """What a key holds; "" for no key."""
    if not text:
        return ""
    return _short(values[text]) if text in values else "not there"


def _inside(around: Surroundings, owners: list[str]) -> Iterator[Offer]:
    values: Any = around.last_run() or {}
    if not owners:
        had = cast("Mapping[str, Any]", values)
        for name in dict.fromkeys((*around.keys(), *had)):
            if name.isidentifier():
                yield Offer(name, _short(had[name]) if name in had else "")
        return
    for owner in owners:
        values = values.get(owner) if isinstance(values, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if isinstance(values, Mapping):
        for name, value in cast("Mapping[str, Any]", values).items():
            if name.isidentifier():
                yield Offer(name, _short(value))


def _short(value: Any) -> str:
    if isinstance(value, str) and value:
        return on_one_line(value, LONGEST)
    # Written piece by piece, since a value may be megabytes and its beginning is enough.
    pieces = islice(_JSON.iterencode(value), LONGEST)
    return on_one_line("".join(pieces), LONGEST)


_JSON = json.JSONEncoder(ensure_ascii=False, default=str)
