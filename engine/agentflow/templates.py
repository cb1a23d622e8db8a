"""Templates: texts with places that the state fills in.

They are Jinja, cut down to what cannot hurt whoever runs a stranger's flow: values are read and
put into words; nothing outside is called, loops stand at most two deep, and no text grows without
limit.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, cast

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.nativetypes import NativeEnvironment, NativeTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment

from agentflow.errors import TemplateError, one_of

__all__ = ["check_template", "fill", "fill_all"]

MOST_SOURCE = 64 * 1024
"""Characters of a template."""
MOST_TEXT = 1_000_000
"""Characters of what becomes of one, and of any text on the way."""
MOST_LOOPS = 2
"""How deep loops may stand in one another."""

_FILTERS = frozenset(
    {"abs", "capitalize", "count", "d", "default", "first", "float", "int", "items", "join"}
    | {"last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse"}
    | {"round", "select", "selectattr", "sort", "string", "sum", "title", "tojson", "trim"}
    | {"unique", "upper", "wordcount"}
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


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=jinja2.StrictUndefined, autoescape=False, **options)
        self.globals.clear()
        known: dict[str, Any] = dict(self.filters)
        ours: dict[str, Any] = {"replace": _replaced, "truncate": _truncated}
        self.filters = {name: known[name] for name in _FILTERS} | ours

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        if operator == "**":
            raise SecurityError("powers are not worked out in templates")
        if operator == "%" and isinstance(left, str):
            raise SecurityError("texts are not formatted with % in templates")
        if operator == "*" and _grows(left, right):
            raise SecurityError("this repeats a text, list or number too often")
        return super().call_binop(context, operator, left, right)  # pyright: ignore[reportUnknownMemberType] - untyped

    def is_safe_callable(self, obj: Any) -> bool:
        owner = getattr(obj, "__self__", None)
        return isinstance(owner, (str, dict, list)) and obj.__name__ in _METHODS


class _NativeSandbox(_Sandbox, NativeEnvironment):
    """The same, but a template of one expression gives that expression's value, not its text."""

    template_class = NativeTemplate

    @staticmethod
    def concat(values: Iterable[Any]) -> Any:
        """The one value. Jinja's own would read the text "12" as a number."""
        return next(iter(values))


def _grows(left: Any, right: Any) -> bool:
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return max(abs(left), abs(right)) > 2**63
    sizes = [len(cast("str", it)) for it in (left, right) if isinstance(it, (str, list, tuple))]
    times = [it for it in (left, right) if isinstance(it, int)]
    return any(size * count > MOST_TEXT for size in sizes for count in times)


def _replaced(text: Any, old: str, new: str) -> str:
    whole = str(text)
    if whole.count(old) * len(new) + len(whole) > MOST_TEXT:
        raise SecurityError("this replacement makes the text too long")
    return whole.replace(old, new)


def _truncated(text: Any, length: int = 255, end: str = "…") -> str:
    whole = str(text)
    return whole if len(whole) <= length else whole[:length].rstrip() + end


def fill(template: str, values: Mapping[str, Any], where: str, *, path: str = "") -> str:
    """What becomes of a template with these values.

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
    return str(_render(_text_template, template, values, where, path))


def fill_all(value: Any, values: Mapping[str, Any], where: str, *, path: str = "") -> Any:
    """A JSON value with every text in it filled in.

    A text that is just one expression becomes that expression's value: "{{ score + 1 }}" a number.

    Raises:
        TemplateError: as `fill` does.
    """
    if isinstance(value, str):
        if "{" not in value:
            return value
        return _render(_value_template, value, values, where, path)
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
    _made(_text_template, template, where, "")


def _render(
    make: Callable[[str], jinja2.Template],
    template: str,
    values: Mapping[str, Any],
    where: str,
    path: str,
) -> Any:
    made = _made(make, template, where, path)
    result: Any
    try:
        result = made.render(dict(values))
    except jinja2.UndefinedError as error:
        known = one_of(sorted(values)[:20]) or "none"
        what = f"{error.message}; the state has {known}"
        raise TemplateError(where, what, path=path) from None
    except SecurityError as error:
        what = f"{(error.message or '').rstrip('.')}; say it more simply"
        raise TemplateError(where, what, path=path) from None
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise TemplateError(where, f"{error}; mend the template", path=path) from None
    if isinstance(result, str) and len(result) > MOST_TEXT:
        what = f"it becomes longer than {MOST_TEXT:,} characters; shorten it"
        raise TemplateError(where, what, path=path)
    return result


def _made(
    make: Callable[[str], jinja2.Template], template: str, where: str, path: str
) -> jinja2.Template:
    if len(template) > MOST_SOURCE:
        what = f"a template has at most {MOST_SOURCE:,} characters; shorten it"
        raise TemplateError(where, what, path=path)
    try:
        return make(template)
    except jinja2.TemplateSyntaxError as error:
        what = f"{error.message} (line {error.lineno}); mend the template"
        raise TemplateError(where, what, path=path) from None
    except RecursionError:
        raise TemplateError(where, "nested too deeply; say it more simply", path=path) from None


@lru_cache(maxsize=512)
def _text_template(template: str) -> jinja2.Template:
    return _compiled(_SANDBOX, template)


@lru_cache(maxsize=512)
def _value_template(template: str) -> jinja2.Template:
    parsed = _SANDBOX.parse(template).body
    # Jinja's native mode would also turn the text "1, 2" into a list; only a lone one is a value.
    is_expression = (
        len(parsed) == 1
        and isinstance(parsed[0], nodes.Output)
        and len(parsed[0].nodes) == 1
        and not isinstance(parsed[0].nodes[0], nodes.TemplateData)
    )
    return _compiled(_NATIVE if is_expression else _SANDBOX, template)


def _compiled(environment: jinja2.Environment, template: str) -> jinja2.Template:
    tree = environment.parse(template)
    for refused in tree.find_all(_REFUSED):
        name = type(refused).__name__.lower()
        raise jinja2.TemplateSyntaxError(f"{name!r} is not known here", refused.lineno)
    _check_loops(tree, 0)
    return environment.from_string(tree)


def _check_loops(node: nodes.Node, depth: int) -> None:
    if isinstance(node, nodes.For):
        depth += 1
        if depth > MOST_LOOPS or node.recursive:
            what = f"loops may stand at most {MOST_LOOPS} deep"
            raise jinja2.TemplateSyntaxError(what, node.lineno)
    for child in node.iter_child_nodes():
        _check_loops(child, depth)


_SANDBOX = _Sandbox()
_NATIVE = _NativeSandbox()
