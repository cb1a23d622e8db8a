"""Templates: texts with places that the state fills in, in Jinja's language.

What renders them is imported for the first text with a place that is more than a name: Jinja is
heavier than a small flow that does without.
"""

import keyword
import re
from collections.abc import Mapping
from typing import Any, cast

from agentflow.errors import TemplateError

__all__ = ["check_template", "fill", "fill_all"]

MOST_SOURCE = 64 * 1024
"""Characters of a template."""

_LONE_NAME = re.compile(r"\{\{ *([A-Za-z_][A-Za-z0-9_]*) *\}\}")
_NO_NAMES = frozenset({*keyword.kwlist, "true", "false", "none", "self"})
"""Names that mean something else to Jinja."""
_PLAIN = frozenset({str, int, float, bool, type(None), list, dict})


def fill(
    template: str,
    values: Mapping[str, Any],
    where: str,
    *,
    path: str = "",
    work: int | None = None,
) -> str:
    """What becomes of a template with these values; lists and objects are written as JSON.

    Args:
        template: its text.
        values: what its names stand for, the state as a rule.
        where: what the template is, for errors: "agents.writer.prompt".
        path: the step that needs it.
        work: characters and values that may be handled; None for as many as in a run.

    Raises:
        TemplateError: it is no template, reads what is not there, or does what it must not.
    """
    if "{" not in template:
        return template
    from agentflow._rendering import rendered, text_of  # noqa: PLC0415 - Jinja

    _check_size(template, where, path)
    if work is None:
        return rendered(text_of, template, values, where, path)
    return rendered(text_of, template, values, where, path, work)


def fill_all(value: Any, values: Mapping[str, Any], where: str, *, path: str = "") -> Any:
    """A JSON value with every text in it filled in.

    A text that is just one expression becomes that expression's value: "{{ score + 1 }}" a number.

    Raises:
        TemplateError: as `fill` does.
    """
    if isinstance(value, str):
        if "{" not in value:
            return value
        return _filled_value(value, values, where, path)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, Any]", value).items()
        return {key: fill_all(item, values, f"{where}.{key}", path=path) for key, item in items}
    if isinstance(value, (list, tuple)):
        listed = enumerate(cast("list[Any]", value))
        return [fill_all(item, values, f"{where}[{n}]", path=path) for n, item in listed]
    return value


def check_template(template: str, where: str) -> None:
    """See whether a text is a template, without filling it in.

    Raises:
        TemplateError: it is none; the text says where in it, and why.
    """
    _check_size(template, where, "")
    if "{" in template and not _lone_name(template):
        from agentflow._rendering import check  # noqa: PLC0415 - Jinja

        check(template, where)


def _lone_name(template: str) -> str:
    """The name of a template that reads just one; "" where there is more, or less, to it."""
    found = _LONE_NAME.fullmatch(template)
    return "" if found is None or found[1] in _NO_NAMES else found[1]


def _filled_value(template: str, values: Mapping[str, Any], where: str, path: str) -> Any:
    if (name := _lone_name(template)) and type(value := values.get(name, ...)) in _PLAIN:
        return value
    from agentflow._rendering import rendered, value_of  # noqa: PLC0415 - Jinja

    _check_size(template, where, path)
    return rendered(value_of, template, values, where, path)


def _check_size(template: str, where: str, path: str) -> None:
    if len(template) > MOST_SOURCE:
        what = f"a template has at most {MOST_SOURCE:,} characters; shorten it"
        raise TemplateError(where, what, path=path)
