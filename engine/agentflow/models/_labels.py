"""Labels: chooses one out of a list by how likely a model finds each, not by what it says.

A small model's free answer is seldom a label. Shown a few examples, the likelihood of each label's
first token is a good judge, once what the model prefers whatever it is asked is taken away.
"""

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from agentflow.errors import ModelError, one_of
from agentflow.models.base import Choice

__all__ = ["Labelled", "few_shot"]

NEUTRAL = ("N/A", "", "[MASK]")
"""Texts that say nothing: what the model answers to them is its prejudice."""
LEAST = -20.0
"""The log-probability of a token that is not among the likely ones."""


def few_shot(
    task: str, labels: Sequence[str], examples: Sequence[tuple[str, str]], text: str
) -> str:
    """The text to be continued by a label."""
    head = task.strip() or f"Each text is one of: {', '.join(labels)}."
    shown = [f"Text: {_line(given)}\nLabel: {label}" for given, label in examples]
    return "\n\n".join([head, *shown, f"Text: {_line(text)}\nLabel:"])


def _line(text: str) -> str:
    return " ".join(text.split())[:1500]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labels, and how much the model likes each without having read anything."""

    labels: tuple[str, ...]
    tokens: tuple[int, ...]
    prejudice: tuple[float, ...]

    @classmethod
    async def calibrated(
        cls,
        labels: Sequence[str],
        tokens: Sequence[int],
        next_token: Callable[[str], Awaitable[Mapping[int, float]]],
    ) -> Self:
        """Measure the model's prejudice.

        Raises:
            ModelError: two labels begin alike, so that one token cannot tell them apart.
        """
        if len(set(tokens)) < len(tokens):
            what = f"the local model cannot tell the labels {one_of(labels)} apart"
            raise ModelError(what, fix="give them different first words")
        asked = [await next_token(text) for text in NEUTRAL]
        means = [sum(it.get(token, LEAST) for it in asked) / len(asked) for token in tokens]
        return cls(tuple(labels), tuple(tokens), tuple(means))

    def choice(self, scores: Mapping[int, float]) -> Choice:
        """The label that gained most over the prejudice, and each one's share."""
        pairs = zip(self.tokens, self.prejudice, strict=True)
        gains = [scores.get(token, LEAST) - prejudice for token, prejudice in pairs]
        weights = [math.exp(gain - max(gains)) for gain in gains]
        shares = {
            label: round(weight / sum(weights), 4)
            for label, weight in zip(self.labels, weights, strict=True)
        }
        return Choice(max(shares, key=lambda label: shares[label]), shares)
