"""Matching: finds the label that a model meant."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

__all__ = ["closest_label"]


def closest_label(text: str, labels: Sequence[str]) -> str | None:
    """The label in an answer, be it JSON or words; None when none or several are there."""
    try:
        value: Any = json.loads(text)
    except ValueError:
        value = text
    if isinstance(value, Mapping):
        value = cast("Mapping[str, Any]", value).get("label", "")
    said = str(value).strip().strip("\"'.").casefold()
    exact = [label for label in labels if label.casefold() == said]
    named = exact or [label for label in labels if label.casefold() in said]
    return named[0] if len(named) == 1 else None
