"""Query: what somebody looks for, as words that FTS5 takes, whatever they typed."""

import re

__all__ = ["match_of"]

MOST_WORDS = 32

_WORD = re.compile(r"\w+")


def match_of(query: str) -> str:
    """An FTS5 expression that any of the query's words fulfils; "" where there is no word in it.

    Each word is quoted, so that none of it is FTS5's own language: `"tides" OR "moon"`.
    """
    words = dict.fromkeys(word.casefold() for word in _WORD.findall(query.replace("\0", " ")))
    return " OR ".join(f'"{word}"' for word in list(words)[:MOST_WORDS])
