"""Templates: texts with places that the state fills in, in Jinja's language."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, cast

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError

from agentflow._sandbox import MOST_TEXT, Budget, Sandbox, plain_value
from agentflow.errors import TemplateError, one_of

__all__ = ["check_template", "fill", "fill_all"]

MOST_SOURCE = 64 * 1024
"""Characters of a template."""
CHECKED_WORK = 100_000
"""Characters and values that Jinja may work out while it reads a template: what is constant."""
MOST_NAMES = 20
"""How many of the state's keys an error lists."""

_VALUE = "agentflow_value"  # the variable that an expression's value is read from

_Render = Callable[[Mapping[str, Any]], Any]


def fill(template: str, values: Mapping[str, Any], where: str, *, path: str = "") -> str:
    """What becomes of a template with these values; lists and objects are written as JSON.

    Args:
        template: its text.
        values: what its names stand for, the state as a rule.
        where: what the template is, for errors: "agents.writer.prompt".
        path: the step that needs it.

    Raises:
        TemplateError: it is no template, reads what is not there, or does what it must not.
    """
    if "{" not in template:
        return template
    return _rendered(_text_of, template, values, where, path)


def fill_all(value: Any, values: Mapping[str, Any], where: str, *, path: str = "") -> Any:
    """A JSON value with every text in it filled in.

    A text that is just one expression becomes that expression's value: "{{ score + 1 }}" a number.

    Raises:
        TemplateError: as `fill` does.
    """
    if isinstance(value, str):
        if "{" not in value:
            return value
        return _rendered(_value_of, value, values, where, path)
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
    with Budget(CHECKED_WORK):
        _made(_text_of, template, where, "")


def _rendered(
    make: Callable[[str], _Render],
    template: str,
    values: Mapping[str, Any],
    where: str,
    path: str,
) -> Any:
    with Budget():
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


def _made(make: Callable[[str], _Render], template: str, where: str, path: str) -> _Render:
    if len(template) > MOST_SOURCE:
        what = f"a template has at most {MOST_SOURCE:,} characters; shorten it"
        raise TemplateError(where, what, path=path)
    try:
        return make(template)
    except jinja2.TemplateSyntaxError as error:
        what = f"{error.message} (line {error.lineno}); mend the template"
    except (SecurityError, RecursionError, MemoryError, SyntaxError, ValueError):
        # Python gives up on what is too deep, or a number of too many digits, in one of these ways.
        what = "it is nested too deeply or too large; say it more simply"
    raise TemplateError(where, what, path=path)


@lru_cache(maxsize=512)
def _text_of(source: str) -> _Render:
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
def _value_of(source: str) -> _Render:
    expression = _lone_expression(_SANDBOX.parse(source))
    if expression is None:
        return _text_of(source)
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
