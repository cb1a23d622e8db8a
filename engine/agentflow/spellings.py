"""Spellings: the ways in which a value that is hidden may be written by whoever got it."""

import json
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_plus

__all__ = ["SPELLINGS", "spellings"]


def _json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _ascii(value: str) -> str:
    return json.dumps(value)[1:-1]


def _python(value: str) -> str:
    return repr(value)[1:-1]


def _url(value: str) -> str:
    return quote(value, safe="", errors="replace")


def _path(value: str) -> str:
    return quote(value, errors="replace")


def _form(value: str) -> str:
    return quote_plus(value, errors="replace")


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "": str,
    "json": _json,
    "ascii": _ascii,
    "python": _python,
    "url": _url,
    "path": _path,
    "form": _form,
}
"""Each by its name."""


def spellings(value: str) -> dict[str, str]:
    """The value as it is, and as each other way would write it that writes it otherwise."""
    found: dict[str, str] = {}
    for name, spelled in SPELLINGS.items():
        text = spelled(value)
        if text not in found.values():
            found[name] = text
    return found
