"""Query: what somebody looks for, as words that FTS5 takes, whatever they typed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

__all__ = ["match_of", "words_of"]

MOST_WORDS = 32

_WORD = re.compile(r"\w+")


def words_of(value: Any) -> str:
    """All texts, keys and numbers in a JSON value, as a text in which their words are found."""
    return "\n".join(_texts(value))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in cast("Mapping[str, Any]", value).items():
            yield key
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in cast("list[Any]", value):
            yield from _texts(inner)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield str(value)


def match_of(query: str) -> str:
    """An FTS5 expression that any of the query's words fulfils; "" where there is no word in it.

    Each word is quoted, so that none of it is FTS5's own language: `"tides" OR "moon"`.
    """
    words = dict.fromkeys(word.casefold() for word in _WORD.findall(query.replace("\0", " ")))
    return " OR ".join(f'"{word}"' for word in list(words)[:MOST_WORDS])
