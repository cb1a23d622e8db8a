"""Places in a file as dotted keys: "orchestration.mixed.stages[0].agents[1]"."""

import re

__all__ = ["Keys", "dotted"]

Keys = tuple[str | int, ...]
"""The keys and indices that lead to a value, from the outermost table."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def dotted(keys: Keys) -> str:
    """Keys as a reader of TOML writes them; those that need quotes get them."""
    text = ""
    for key in keys:
        if isinstance(key, int):
            text += f"[{key}]"
        else:
            text += ("." if text else "") + (key if _BARE.fullmatch(key) else _quoted(key))
    return text


def _quoted(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
