"""Error texts: what a stranger's exceptions and classes say of themselves, whatever they try."""

from collections.abc import Callable

__all__ = ["error_text", "kind_name", "some_kind"]

_NAME_OF: Callable[[type], str] = type.__dict__["__name__"].__get__


def kind_name(value: object) -> str:
    """The name of its class. Whatever else its author made of `__name__` is not asked."""
    return _NAME_OF(type(value))


def some_kind(value: object) -> str:
    """The same with its article: "an object", "a dict"."""
    name = kind_name(value)
    return f"{'an' if name[:1].lower() in tuple('aeiou') else 'a'} {name}"


def error_text(error: BaseException) -> str:
    """What an exception says; "" where that is nothing."""
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - an exception of an agent's own may do anything
        return "(its text cannot be read)"
