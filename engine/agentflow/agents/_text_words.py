"""Words and sentences of an English text."""

import re
from functools import cache
from importlib.resources import files

from agentflow.errors import AgentFlowError

__all__ = ["TextError", "content_words", "paragraphs", "sentences", "stems", "words"]

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?P<closing>[\"'”’)\]]*)\s+(?=[\"'“‘(\[]?[^\Wa-z_])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:mr|mrs|ms|dr|prof|st|vs|etc|approx|no|fig|e\.g|i\.e)|\b[a-z])\.$", re.IGNORECASE
)


class TextError(AgentFlowError):
    """There is no text to work on, or no folder to look for it."""


def words(text: str) -> list[str]:
    """The words, as they are written: letters, with hyphens and apostrophes inside."""
    return _WORD.findall(text)


def paragraphs(text: str) -> list[str]:
    """What empty lines set apart, each on one line."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text) if part.strip()]


def sentences(text: str) -> list[str]:
    """The sentences, in order; a paragraph's end is a sentence's end."""
    found: list[str] = []
    for paragraph in paragraphs(text):
        begun = 0
        for end in _SENTENCE_END.finditer(paragraph):
            if not _ABBREVIATION.search(paragraph[begun : end.start()]):
                found.append(paragraph[begun : end.end("closing")])
                begun = end.end()
        found.append(paragraph[begun:])
    return found


def content_words(text: str) -> list[str]:
    """The words that are about something, in small letters."""
    common = _common_words()
    plain = (word.lower().replace("’", "'") for word in words(text))
    return [word for word in plain if len(word) > 2 and word not in common]


def stems(text: str) -> list[str]:
    """The words that are about something, without possessive and plural."""
    return [_stem(word) for word in content_words(text)]


def _stem(word: str) -> str:
    plain = word.removesuffix("'s")
    if len(plain) > 4 and plain.endswith("ies"):
        return plain[:-3] + "y"
    is_plural = len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is"))
    return plain[:-1] if is_plural else plain


@cache
def _common_words() -> frozenset[str]:
    """Words that build sentences and are about nothing."""
    text = files("agentflow.agents").joinpath("_text_common_words.txt").read_text("utf-8")
    return frozenset(text.split())
