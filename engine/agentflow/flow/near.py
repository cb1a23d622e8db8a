"""Near misses: which known name somebody most likely meant."""

import re
from collections.abc import Iterable

__all__ = ["near"]

LEAST_LIKENESS = 0.7
"""The share of letters that must agree: 'colector' is 0.89 like 'collector'."""

MOST_LETTERS = 200
"""Longer ones are nobody's slip of the pen, and take long to compare."""

_DIGITS = re.compile(r"\d+")
_BETWEEN_WORDS = re.compile(r"[\s_.-]+")


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name most like another one; None when none is like it, or it is known itself.

    Case and what stands between words count little, so "Fact-Checker" means "fact_checker". Names
    that differ in their digits alone are different things: "researcher3" is no "researcher2".
    """
    # Loaded here because it costs 40 ms and only a name that is wrong needs it.
    from rapidfuzz import process  # noqa: PLC0415
    from rapidfuzz.distance import OSA  # noqa: PLC0415

    if len(name) > MOST_LETTERS:
        return None
    wanted = _folded(name)
    choices = [
        it
        for it in known
        if it != name and len(it) <= MOST_LETTERS and not _differs_in_digits(name, it)
    ]
    found = process.extractOne(
        wanted,
        [_folded(it) for it in choices],
        scorer=OSA.normalized_similarity,
        score_cutoff=LEAST_LIKENESS,
    )
    return None if found is None else choices[found[2]]


def _folded(name: str) -> str:
    return _BETWEEN_WORDS.sub(" ", name).casefold()


def _differs_in_digits(one: str, other: str) -> bool:
    return _DIGITS.sub("0", one) == _DIGITS.sub("0", other)
