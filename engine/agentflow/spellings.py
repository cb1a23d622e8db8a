"""Spellings: the ways in which a value that is hidden may be written by whoever got it."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
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


_SHORTEST_ENCODED = 8
"""Bytes of a value that is looked for in what is encoded: less would be found there by chance."""


def _hex(value: str, *, upper: bool) -> str:
    encoded = _bytes(value)
    text = encoded.hex() if len(encoded) >= _SHORTEST_ENCODED else value
    return text.upper() if upper and text is not value else text


def _base64(value: str, before: int, *, in_url: bool) -> str:
    """The letters that nothing but the value has a share in, after so many bytes of a triple."""
    encoded = _bytes(value)
    if len(encoded) < _SHORTEST_ENCODED:
        return value
    whole = bytes(before) + encoded
    text = b64encode(whole, b"-_" if in_url else None).decode("ascii")
    return text[-(-before * 8 // 6) : len(whole) * 8 // 6]


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "replace")


SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "": str,
    "json": _json,
    "ascii": _ascii,
    "python": _python,
    "url": _url,
    "path": _path,
    "form": _form,
    "hex": partial(_hex, upper=False),
    "HEX": partial(_hex, upper=True),
    "base64": partial(_base64, before=0, in_url=False),
    "base64_1": partial(_base64, before=1, in_url=False),
    "base64_2": partial(_base64, before=2, in_url=False),
    "base64url": partial(_base64, before=0, in_url=True),
    "base64url_1": partial(_base64, before=1, in_url=True),
    "base64url_2": partial(_base64, before=2, in_url=True),
}
"""Each by its name. In base64, a value is written in three ways by where in a text it stands."""


def spellings(value: str) -> dict[str, str]:
    """The value as it is, and as each other way would write it that writes it otherwise."""
    found: dict[str, str] = {}
    for name, spelled in SPELLINGS.items():
        text = spelled(value)
        if text not in found.values():
            found[name] = text
    return found
