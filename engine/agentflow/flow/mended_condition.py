"""mended_condition: what somebody meant who wrote a condition as another language would."""

import re
from collections.abc import Callable, Iterator

from agentflow.errors import ConditionError
from agentflow.flow.condition import compile_condition

__all__ = ["mended_condition"]

_TEXT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_SIGNS: tuple[tuple[str, str], ...] = (
    (r"(?<![=!<>])=(?!=)", "=="),
    (r"={3,}", "=="),
    (r"!==", "!="),
    (r"<>", "!="),
    (r"\band\b|(?<!&)&(?!&)", "&&"),
    (r"\bor\b|(?<!\|)\|(?!\|)", "||"),
    (r"\bnot\s+(?!in\b)", "!"),
    (r"\bTrue\b", "true"),
    (r"\bFalse\b", "false"),
    (r"\b(?:None|nil|undefined)\b", "null"),
)


def mended_condition(text: str) -> str | None:
    """A condition that is one, and differs from the text in slips only; None for none."""
    for candidate in _candidates(text):
        if candidate != text and _is_condition(candidate):
            return candidate
    return None


def _candidates(text: str) -> Iterator[str]:
    straight = text.translate(str.maketrans("“”„‘’", '"""\'\''))
    yield straight
    told = _outside_texts(straight, _with_our_signs)
    yield told
    yield _outside_texts(told, _with_points)
    opened = told.count("(") - told.count(")")
    yield told + ")" * opened if opened > 0 else told
    if told.count("'") % 2:
        yield f"{told}'"
    yield told.rstrip("&|=<>+-*/ ")


def _with_our_signs(text: str) -> str:
    for pattern, instead in _SIGNS:
        text = re.sub(pattern, instead, text)
    return text


def _with_points(text: str) -> str:
    """Whole numbers with a point, since whole ones and others are not compared."""
    return re.sub(r"(?<![\w.])(\d+)(?![\w.])", r"\1.0", text)


def _outside_texts(text: str, change: Callable[[str], str]) -> str:
    parts = _TEXT.split(text)
    return "".join(part if number % 2 else change(part) for number, part in enumerate(parts))


def _is_condition(text: str) -> bool:
    try:
        compile_condition(text)
    except ConditionError:
        return False
    return True
