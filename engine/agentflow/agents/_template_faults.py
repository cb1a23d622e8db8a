"""Template faults: what is wrong with an agent's templates, seen before it runs."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from agentflow.errors import TemplateError
from agentflow.problem import Fix, Problem
from agentflow.templates import check_template

__all__ = ["template_faults"]

MAX_CLOSED = 20_000
"""Characters of a template that is read again and again to find out what would close it."""


def template_faults(templates: Mapping[str, Any]) -> tuple[Problem, ...]:
    """The problems of these templates, by the key of the agent's table that they stand under.

    A value may hold templates at any depth, as a scripted output does.
    """
    return tuple(
        problem
        for where, value in templates.items()
        for text in _texts(value)
        for problem in _faults(where, text, is_whole=text is value)
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


def _closed(where: str, text: str) -> Iterator[Fix]:
    """The fix that closes what is left open at the end; of a long text it is not looked for."""
    if len(text) > MAX_CLOSED:
        return
    for end in (" }}", "}", " %}", "{% endif %}", "{% endfor %}"):
        try:
            check_template(text + end, where)
        except TemplateError:
            continue
        edit = "set_agent" if where == "system_prompt" else "set_agent_setting"
        yield Fix(f"Write “{end.strip()}” at its end", edit, {"field": where, "value": text + end})
        return


def _faults(where: str, text: str, *, is_whole: bool) -> Iterator[Problem]:
    try:
        check_template(text, where)
    except TemplateError as error:
        what, _, fix = error.what.rpartition("; ")
        message = f"this is no template: {what or error.what}"
        by_hand = (Fix(fix[:1].upper() + fix[1:]),) if what else ()
        fixes = (*_closed(where, text), *by_hand) if is_whole else by_hand
        yield Problem(
            severity="error", code="bad-template", message=message, where=where, fixes=fixes
        )
