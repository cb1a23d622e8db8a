"""Template faults: what is wrong with an agent's templates, seen before it runs."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from agentflow.errors import TemplateError
from agentflow.problem import Fix, Problem
from agentflow.templates import check_template

__all__ = ["template_faults"]


def template_faults(templates: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The problems of these templates, by the key of the agent's table that they stand under.

    A value may hold templates at any depth, as a scripted output does.
    """
    return tuple(
        problem
        for where, value in templates.items()
        for text in _texts(value)
        for problem in _faults(where, text)
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in cast("Mapping[str, Any]", value).values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in cast("list[Any]", value):
            yield from _texts(item)


def _faults(where: str, text: str) -> Iterator[Problem]:
    try:
        check_template(text, where)
    except TemplateError as error:
        what, _, fix = error.what.rpartition("; ")
        message = f"this is no template: {what or error.what}"
        fixes = (Fix(fix[:1].upper() + fix[1:]),) if what else ()
        yield Problem(
            severity="error", code="bad-template", message=message, where=where, fixes=fixes
        )
