"""Whether two sets of TOML values say the same."""

import math
from typing import Any

from agentflow.flow.toml_values import list_of, table_of

__all__ = ["is_nothing", "is_same_data"]


def is_same_data(one: Any, other: Any) -> bool:
    """Whether two files have the same values; a table without any counts as none."""
    mine, its = table_of(one), table_of(other)
    if mine is not None and its is not None:
        return all(is_same_data(mine.get(key), its.get(key)) for key in {*mine, *its})
    items, others = list_of(one), list_of(other)
    if items is not None and others is not None:
        return len(items) == len(others) and all(map(is_same_data, items, others))
    if type(one) is type(other):
        return one == other or (isinstance(one, float) and math.isnan(one) and math.isnan(other))
    return is_nothing(one) and is_nothing(other)


def is_nothing(value: Any) -> bool:
    """Whether a value says no more than its absence."""
    table = table_of(value)
    if table is not None:
        return all(is_nothing(it) for it in table.values())
    return value is None or value == []
