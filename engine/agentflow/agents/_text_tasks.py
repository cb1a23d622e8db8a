"""Text tasks: what text agents do, each a plain function of a text."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Any

from agentflow.agents._text_words import content_words, sentences, stems, words

__all__ = ["keywords", "readability", "sentiment", "summary"]

_DAMPING = 0.85
_ROUNDS = 30
_MOST_SENTENCES = 400
"""How many sentences are compared with one another: what comes later is seldom the gist."""
_NEUTRAL = 0.05
"""Scores nearer to 0 are neither; the bound is VADER's own."""


def keywords(text: str, limit: int) -> list[str]:
    """The words and pairs of words that the text is most about, best first."""
    found = content_words(text)
    singles = Counter(found)
    pairs = Counter(pair for pair in _neighbours(text))
    scored = {" ".join(pair): 1.6 * n * (n > 1) for pair, n in pairs.items()}
    scored |= {word: n * (1 + len(word) / 20) for word, n in singles.items()}
    ranked = sorted(scored.items(), key=lambda it: (-it[1], it[0]))
    chosen: list[str] = []
    for phrase, score in ranked:
        if score and not any(phrase in it or it in phrase for it in chosen):
            chosen.append(phrase)
    return chosen[:limit]


def _neighbours(text: str) -> list[tuple[str, str]]:
    known = set(content_words(text))
    found: list[tuple[str, str]] = []
    for sentence in sentences(text):
        for one, other in pairwise(word.lower() for word in words(sentence)):
            if one in known and other in known and one != other:
                found.append((one, other))
    return found


def summary(text: str, limit: int) -> str:
    """The sentences that most of the others resemble, in the order of the text (TextRank)."""
    whole = sentences(text)
    told = [it for it in whole if it.rstrip("\"'”’)]").endswith((".", "!", "?"))] or whole
    told = told[:_MOST_SENTENCES]
    if len(told) <= limit:
        return " ".join(told)
    ranks = _ranks([set(stems(sentence)) for sentence in told])
    # What opens a text says what it is about more often than what resembles the rest.
    ranks[0] *= 1.3
    best = sorted(range(len(told)), key=lambda it: (-ranks[it], it))[:limit]
    return " ".join(told[number] for number in sorted(best))


def _ranks(bags: list[set[str]]) -> list[float]:
    count = len(bags)
    likeness = [[_likeness(one, other) for other in bags] for one in bags]
    totals = [sum(row) or 1.0 for row in likeness]
    ranks = [1.0] * count
    for _ in range(_ROUNDS):
        shares = [rank / total for rank, total in zip(ranks, totals, strict=True)]
        ranks = [
            1
            - _DAMPING
            + _DAMPING * sum(share * row[n] for share, row in zip(shares, likeness, strict=True))
            for n in range(count)
        ]
    return ranks


def _likeness(one: set[str], other: set[str]) -> float:
    if one is other or not one or not other:
        return 0.0
    return len(one & other) / (len(one) + len(other)) ** 0.5


def sentiment(text: str) -> dict[str, Any]:
    """How the text feels, by the mean of its sentences: of a whole text VADER is always sure.

    Returns:
        {"label": "positive", "neutral" or "negative", "score": -1 to 1, and the numbers of
        sentences that are "positive", "neutral" and "negative"}.
    """
    analyzer = _analyzer()
    scores = [float(analyzer.polarity_scores(it)["compound"]) for it in sentences(text)]
    mean = sum(scores) / max(1, len(scores))
    labels = Counter(_feeling(score) for score in scores)
    counts = {label: labels[label] for label in ("positive", "neutral", "negative")}
    return {"label": _feeling(mean), "score": round(mean, 4), **counts}


def _feeling(score: float) -> str:
    if abs(score) < _NEUTRAL:
        return "neutral"
    return "positive" if score > 0 else "negative"


@cache
def _analyzer() -> Any:
    # Reading its lexicon takes a while: only who asks for a sentiment waits for it.
    from vaderSentiment.vaderSentiment import (  # noqa: PLC0415
        SentimentIntensityAnalyzer,  # pyright: ignore[reportMissingTypeStubs]
    )

    return SentimentIntensityAnalyzer()


def readability(text: str) -> dict[str, Any]:
    """How easily the text reads, after Flesch (1948) and Kincaid (1975).

    Returns:
        {"ease": about 0 (hard) to 100 (easy), "grade": years of school, "words", "sentences",
        "words_per_sentence", "syllables_per_word"}.
    """
    told, spoken = sentences(text), words(text)
    if not spoken:
        return {"ease": 0.0, "grade": 0.0, "words": 0, "sentences": 0}
    length = len(spoken) / max(1, len(told))
    weight = sum(_syllables(word) for word in spoken) / len(spoken)
    ease = 206.835 - 1.015 * length - 84.6 * weight
    grade = 0.39 * length + 11.8 * weight - 15.59
    return {
        "ease": round(min(100.0, max(0.0, ease)), 1),
        "grade": round(max(0.0, grade), 1),
        "words": len(spoken),
        "sentences": len(told),
        "words_per_sentence": round(length, 1),
        "syllables_per_word": round(weight, 2),
    }


def _syllables(word: str) -> int:
    lowered = word.lower()
    count = len(re.findall(r"[aeiouyäöüàáâèéêìíîòóôùúû]+", lowered))
    if lowered.endswith("e") and not lowered.endswith(("le", "ee", "ye")) and count > 1:
        count -= 1
    return max(1, count)
