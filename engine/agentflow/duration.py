"""Durations as Go writes them: "250ms", "1m30s"."""

from datetime import timedelta
from typing import Annotated, Any

import durationpy
from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

__all__ = ["Duration", "format_duration", "parse_duration"]


def parse_duration(value: Any) -> timedelta:
    """Read a duration; a bare number is refused, because nobody can know its unit.

    Raises:
        ValueError: with a sentence that says how to write it.
    """
    if isinstance(value, timedelta):
        return _checked(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise ValueError(f'{value} has no unit; write "{value}s" or "{value}ms"')
    if not isinstance(value, str):
        raise ValueError('expected a duration such as "30s"')
    try:
        return _checked(durationpy.from_str(value))
    except (durationpy.DurationError, ValueError, OverflowError) as error:
        if "negative" in str(error) or "too long" in str(error):
            raise
        message = f'{value!r} is no duration; write it as "250ms", "30s" or "1m30s"'
        raise ValueError(message) from None


def _checked(value: timedelta) -> timedelta:
    if value < timedelta(0):
        raise ValueError("a duration cannot be negative")
    if value > timedelta(days=24):
        # Qt's timers count milliseconds in 32 bits; longer waits would end at once there.
        raise ValueError("a duration of more than 24 days is too long")
    return value


def format_duration(value: timedelta) -> str:
    """Write a duration as Go would: timedelta(seconds=90) is "1m30s"."""
    return durationpy.to_str(value)


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "format": "go-duration", "examples": ["250ms", "1m30s"]}),
]
"""A timedelta that reads and writes Go's notation."""
