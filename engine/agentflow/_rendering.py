"""Rendering: templates made ready in the sandbox, and what goes wrong in them as errors of ours."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError

from agentflow._sandbox import MOST_TEXT, MOST_WORK, Budget, Sandbox, plain_value
from agentflow.errors import TemplateError, one_of

__all__ = ["check", "rendered", "text_of", "value_of"]

MOST_NAMES = 20
"""How many of the state's keys an error lists."""

CHECKED_WORK = 100_000
"""Characters and values that Jinja may work out while it reads a template: what is constant."""

_VALUE = "agentflow_value"  # the variable that an expression's value is read from

Render = Callable[[Mapping[str, Any]], Any]


def check(template: str, where: str) -> None:
    """See whether a text is a template.

    Raises:
        TemplateError: it is none.
    """
    with Budget(CHECKED_WORK):
        _made(text_of, template, where, "")


def rendered(
    make: Callable[[str], Render],
    template: str,
    values: Mapping[str, Any],
    where: str,
    path: str,
    work: int = MOST_WORK,
) -> Any:
    """What `make` makes of a template, with these values.

    Raises:
        TemplateError: it is no template, reads what is not there, or does what it must not.
    """
    with Budget(work):
        render = _made(make, template, where, path)
        try:
            return render(values)
        except jinja2.UndefinedError as error:
            known = one_of(sorted(values)[:MOST_NAMES]) or "nothing yet"
            what = f"{error.message}; the state has {known}"
        except (SecurityError, MemoryError, RecursionError) as error:
            told = str(error).rstrip(".") or "this is too much"
            what = f"{told}; say it more simply"
        except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError) as error:
            what = f"{error}; mend the template"
        except (LookupError, AttributeError) as error:
            what = f"{error}; mend the template"
    raise TemplateError(where, what, path=path)


def _made(make: Callable[[str], Render], template: str, where: str, path: str) -> Render:
    try:
        return make(template)
    except jinja2.TemplateSyntaxError as error:
        what = f"{error.message} (line {error.lineno}); mend the template"
    except (SecurityError, RecursionError, MemoryError, SyntaxError, ValueError):
        # Python gives up on what is too deep, or a number of too many digits, in one of these ways.
        what = "it is nested too deeply or too large; say it more simply"
    raise TemplateError(where, what, path=path)


@lru_cache(maxsize=512)
def text_of(source: str) -> Render:
    """A template that becomes a text."""
    template = _SANDBOX.compiled(_SANDBOX.parse(source))

    def render(values: Mapping[str, Any]) -> str:
        pieces: list[str] = []
        length = 0
        for piece in template.generate(dict(values)):
            length += len(piece)
            if length > MOST_TEXT:
                raise SecurityError(f"it becomes longer than {MOST_TEXT:,} characters")
            pieces.append(piece)
        return "".join(pieces)

    return render


@lru_cache(maxsize=512)
def value_of(source: str) -> Render:
    """A template that becomes a value, where it is just one expression; else a text."""
    expression = _lone_expression(_SANDBOX.parse(source))
    if expression is None:
        return text_of(source)
    target = nodes.Name(_VALUE, "store", lineno=1)
    assignment = nodes.Assign(target, expression, lineno=1)
    template = _SANDBOX.compiled(nodes.Template([assignment], lineno=1))

    def render(values: Mapping[str, Any]) -> Any:
        # As Jinja's own compile_expression, which takes no parsed expression.
        context = template.new_context(dict(values))
        for _ in template.root_render_func(context):
            pass
        return plain_value(context.vars[_VALUE])

    return render


def _lone_expression(tree: nodes.Template) -> nodes.Expr | None:
    """The expression that a template consists of; None when there is more, or less, to it."""
    if len(tree.body) != 1 or not isinstance(tree.body[0], nodes.Output):
        return None
    found = tree.body[0].nodes
    return None if len(found) != 1 or isinstance(found[0], nodes.TemplateData) else found[0]


_SANDBOX = Sandbox()
