"""Simplifying: makes a text easier to read, a little with each pass, and says nothing new."""

import re
from functools import cache
from importlib.resources import files

from agentflow.agents._text_words import sentences, words

__all__ = ["simplified"]

LONGEST_SENTENCE = 14
"""In words; longer ones are cut in two where that can be done."""
SHORTEST_HALF = 4
CHANGES_A_PASS = 2
"""How many stiff words of a paragraph a pass replaces."""

_JOINT = re.compile(r";\s+|\s+[—–]\s+|,\s+(?=(?:and|but|so|which)\s)")
_SUBJECT = re.compile(r"(?:i|he|she|it|we|you|they|this|these|there)\s", re.IGNORECASE)
_VERB_SOON = re.compile(
    r"(?:(?!that\b|which\b|who\b)[\w'’-]+\s+){1,4}?"
    r"(?:is|are|was|were|has|have|had|does|do|did|can|could|may|might|must|should|will|would)\b",
    re.IGNORECASE,
)


def simplified(text: str) -> str:
    """The text one pass easier: each paragraph's longest sentence in two, its stiffest words plain.

    Called again and again it comes to an end: nothing is left that it knows how to change.
    """
    return "\n\n".join(_simpler(it) for it in re.split(r"\n\s*\n", text) if it.strip())


def _simpler(paragraph: str) -> str:
    told = sentences(paragraph)
    longest = max(range(len(told)), key=lambda it: len(words(told[it])))
    told[longest] = _cut(told[longest])
    whole = " ".join(told)
    for stiff, plain in _stiffest(whole):
        whole = _replaced(whole, stiff, plain)
    return whole


def _stiffest(text: str) -> list[tuple[str, str]]:
    found = [
        (stiff, plain)
        for stiff, plain in _plain_words().items()
        if re.search(rf"\b{stiff}\b", text, re.IGNORECASE)
    ]
    return sorted(found, key=lambda it: len(it[0]), reverse=True)[:CHANGES_A_PASS]


@cache
def _plain_words() -> dict[str, str]:
    """Stiff words and phrases, and the plain ones that say the same."""
    text = files("agentflow.agents").joinpath("_text_plain_words.txt").read_text("utf-8")
    pairs = (line.split(": ") for line in text.splitlines())
    return dict(pairs)


def _replaced(text: str, stiff: str, plain: str) -> str:
    """The text with a phrase replaced, and its article, where that is another one then."""

    def instead(found: re.Match[str]) -> str:
        article = found["article"] or ""
        if article:
            article = article[0] + ("n " if plain[0] in "aeiou" else " ")
        is_capital = found["stiff"][0].isupper()
        return article + (plain[0].upper() + plain[1:] if is_capital else plain)

    pattern = rf"\b(?P<article>an? )?(?P<stiff>{stiff})\b"
    return re.sub(pattern, instead, text, flags=re.IGNORECASE)


def _cut(sentence: str) -> str:
    """The sentence as two, cut where that is nearest to its middle; itself where it cannot be."""
    if len(words(sentence)) <= LONGEST_SENTENCE:
        return sentence
    halves = [
        (sentence[: it.start()], tail)
        for it in _JOINT.finditer(sentence)
        if (tail := _clause(sentence[it.end() :]))
        and min(len(words(sentence[: it.start()])), len(words(tail))) >= SHORTEST_HALF
    ]
    if not halves:
        return sentence
    head, tail = min(halves, key=lambda it: abs(len(it[0]) - len(it[1])))
    return f"{head.rstrip(' ,;')}. {tail[0].upper()}{tail[1:]}"


def _clause(tail: str) -> str:
    """What follows a joint as a sentence of its own; "" when it cannot be one."""
    if tail.startswith("which "):
        return _about_them(tail.removeprefix("which "))
    joined = re.match(r"(?:and|but|so)\s+", tail)
    rest = tail[joined.end() :] if joined else tail
    if not _SUBJECT.match(rest) and not _VERB_SOON.match(rest):
        return ""
    return rest if tail.startswith("and ") else tail


def _about_them(tail: str) -> str:
    # The verb tells whether one thing was meant or several; a past tense does not.
    verb = tail.split(maxsplit=1)[0]
    if verb in ("are", "were", "have"):
        return f"They {tail}"
    return f"It {tail}" if verb in ("is", "was", "has") else ""
