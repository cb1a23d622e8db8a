"""Secret text: whether a text holds what looks like a key, a token or a password of somebody."""

import re

__all__ = ["looks_like_secret"]

_FORMS = (
    r"\bsk-(?:[a-z]+-)?[A-Za-z0-9_-]{16,}",  # OpenAI, Anthropic and those who follow them
    r"\b[srp]k_(?:live|test)_[A-Za-z0-9]{10,}",
    r"\bgh[pousr]_[A-Za-z0-9]{20,}",
    r"\bgithub_pat_[A-Za-z0-9_]{20,}",
    r"\bglpat-[A-Za-z0-9_-]{16,}",
    r"\bxox[abeprs]-[A-Za-z0-9-]{10,}",
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    r"\bAIza[0-9A-Za-z_-]{30,}",
    r"\bhf_[A-Za-z0-9]{20,}",
    r"\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*",  # a JSON web token
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    r"\b(?:Bearer|Basic)\s+(?=[A-Za-z0-9._~+/=-]*\d)[A-Za-z0-9._~+/=-]{20,}",
)
_SECRET = re.compile("|".join(_FORMS))


def looks_like_secret(text: str) -> bool:
    """Whether it has the form of a key that some service gives out; placeholders never do."""
    return _SECRET.search(text) is not None
